import { z } from "zod";
import { canonical, present, type Plain } from "../shared/canonical";
import { Refusal } from "../shared/http";
import { sha256 } from "./record";

/** One event of the Kubernetes API's audit log (audit.k8s.io/v1), as far as it goes on the record. */
const event = z.object({
  auditID: z.string(),
  stage: z.string(),
  verb: z.string(),
  requestURI: z.string().optional(),
  user: z.object({ username: z.string().optional() }).optional(),
  impersonatedUser: z.object({ username: z.string().optional() }).optional(),
  sourceIPs: z.array(z.string()).optional(),
  objectRef: z
    .object({
      resource: z.string().optional(),
      subresource: z.string().optional(),
      apiGroup: z.string().optional(),
      namespace: z.string().optional(),
      name: z.string().optional(),
    })
    .optional(),
  responseStatus: z.object({ code: z.int().optional() }).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
  requestReceivedTimestamp: z.string(),
});

const list = z.object({ kind: z.literal("EventList"), items: z.array(event).max(5000) });

export interface AuditDraft {
  readonly key: string;
  readonly kind: "kubernetes.audit";
  /** Who asked: becomes a pseudonym. */
  readonly person: string | undefined;
  readonly body: Readonly<Record<string, Plain>>;
}

/**
 * What whoever asks may choose, such as a verb, as the record takes it: no event may stay off the record because a name in it
 * is strange. A URI's query may hold anything, and is left out.
 */
const plain = (text: string | undefined, most = 200): string | undefined =>
  text === undefined || text === "" ? undefined : text.replace(/[^\x21-\x7e]/g, "?").slice(0, most);

function draftOf({ objectRef = {}, annotations = {}, ...one }: z.infer<typeof event>): AuditDraft {
  const { resource, subresource, apiGroup } = objectRef;
  const qualified = [resource, subresource].filter(Boolean).join("/");
  const body = present<Plain>({
    audit: plain(one.auditID) ?? "-",
    stage: plain(one.stage) ?? "-",
    verb: plain(one.verb) ?? "-",
    uri: plain(one.requestURI?.split("?")[0]),
    resource: plain(apiGroup === undefined || apiGroup === "" ? qualified : `${qualified}.${apiGroup}`, 600),
    namespace: plain(objectRef.namespace),
    name: plain(objectRef.name, 600),
    status: one.responseStatus?.code,
    decision: plain(annotations["authorization.k8s.io/decision"]),
    impersonated: one.impersonatedUser === undefined ? undefined : true,
    sourceAddresses: one.sourceIPs?.slice(0, 100).map((address) => plain(address) ?? "-"),
    requested: one.requestReceivedTimestamp,
  });
  // By all that is recorded: the audit's number is the caller's own where they send one, and a second event may have it too.
  return { key: `kubernetes:${sha256(canonical(body))}`, kind: "kubernetes.audit", person: one.user?.username, body };
}

/**
 * What a webhook of the Kubernetes API server brings, as drafts: who, what, on which object and how it ended. Request and
 * response bodies are left out: they may hold secrets, and the record is under lock.
 *
 * @throws Refusal 400 for anything but an EventList.
 */
export function kubernetesDrafts(document: unknown): AuditDraft[] {
  const parsed = list.safeParse(document);
  if (!parsed.success) throw new Refusal(400, "no_event_list", "The body is no EventList of audit.k8s.io/v1.");
  return parsed.data.items.map(draftOf);
}

/**
 * The same of a line of the API server's log.
 *
 * @throws Refusal 400 for anything but an event.
 */
export function kubernetesDraft(line: string): AuditDraft {
  let document: unknown;
  try {
    document = JSON.parse(line);
  } catch {
    document = undefined;
  }
  const parsed = event.safeParse(document);
  if (!parsed.success) throw new Refusal(400, "no_event", "A line is no event of audit.k8s.io/v1.");
  return draftOf(parsed.data);
}
