import { z } from "zod";
import { Refusal } from "../shared/http";

/** One event of the Kubernetes API's audit log (audit.k8s.io/v1), as far as it goes on the record. */
const event = z.object({
  auditID: z.string().min(1).max(100),
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
  /** Who asked: becomes a pseudonym. */
  readonly person: string | undefined;
  readonly body: Record<string, unknown>;
}

/** A URI may hold a query, and a query anything. */
const pathOf = (uri: string): string => encodeURI(decodeURI(uri.split("?")[0] ?? "")).slice(0, 200);

const present = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== ""));

/**
 * What a webhook of the Kubernetes API server brings, as drafts: who, what, on which object and how it ended. Request and
 * response bodies are left out: they may hold secrets, and the record is under lock.
 *
 * @throws Refusal 400 for anything but an EventList.
 */
export function kubernetesDrafts(document: unknown): AuditDraft[] {
  const parsed = list.safeParse(document);
  if (!parsed.success) throw new Refusal(400, "no_event_list", "The body is no EventList of audit.k8s.io/v1.");
  return parsed.data.items.map(({ objectRef = {}, annotations = {}, ...one }) => {
    const { resource, subresource, apiGroup } = objectRef;
    const qualified = [resource, subresource].filter(Boolean).join("/");
    return {
      // An event of one request is sent once for each stage.
      key: `kubernetes:${one.auditID}:${one.stage}`,
      person: one.user?.username,
      body: present({
        audit: one.auditID,
        stage: one.stage,
        verb: one.verb,
        uri: one.requestURI === undefined ? undefined : pathOf(one.requestURI),
        resource: apiGroup === undefined || apiGroup === "" ? qualified : `${qualified}.${apiGroup}`,
        namespace: objectRef.namespace,
        name: objectRef.name,
        status: one.responseStatus?.code,
        decision: annotations["authorization.k8s.io/decision"],
        impersonated: one.impersonatedUser === undefined ? undefined : true,
        sourceAddresses: one.sourceIPs,
        requested: one.requestReceivedTimestamp,
      }),
    };
  });
}
