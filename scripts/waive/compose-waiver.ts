import type { Mistake } from "../../components/kit-error";
import type { VerdictLedger } from "../../policies/evidence/ledger";
import { mergeVerdicts } from "../../policies/evidence/summary";
import { longestWaiver } from "../../policies/waivers/judge-waivers";
import { personOf } from "../../policies/waivers/person";
import type { Waiver } from "../../policies/waivers/waiver";
import { waiverEntry } from "../../stacks/schema/waiver-list";
import { findingsOf } from "./findings";

/** What a person says of a waiver; the rest is taken from the finding. */
export interface WaiverRequest {
  readonly policy?: string;
  readonly urn?: string;
  readonly reason?: string;
  readonly owner?: string;
  readonly approver?: string;
  readonly compensating?: string;
  readonly ticket?: string;
  /** Its last day. Default: 30 days from today. */
  readonly expires?: string;
}

export interface ComposeContext {
  readonly ledgers: readonly VerdictLedger[];
  /** Ids that are taken. */
  readonly ids: readonly string[];
  readonly approvers: readonly string[];
  /** The file of approvers as a person names it. */
  readonly approversFile: string;
  /** In UTC, such as `2026-12-31`. */
  readonly today: string;
}

/** How long a waiver runs where nobody says otherwise, days. */
const usualDays = 30;

const laterDay = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);

/** Makes a waiver of a real finding, or says all that is wrong with the wish. */
export function composeWaiver(
  request: WaiverRequest,
  context: ComposeContext,
): { readonly waiver?: Waiver; readonly mistakes: readonly Mistake[] } {
  const { policy = "", urn = "" } = request;
  const verdict = mergeVerdicts(context.ledgers).find((one) => one.rule === policy && one.urn === urn);
  const waiver: Waiver = {
    id: nextId(context.ids),
    policy,
    urn,
    reason: request.reason ?? "",
    owner: request.owner ?? "",
    approver: request.approver ?? "",
    ...(request.ticket === undefined ? {} : { ticket: request.ticket }),
    created: context.today,
    expires: request.expires ?? laterDay(context.today, usualDays),
    compensating: request.compensating ?? "",
    inputsSha256: verdict?.inputsSha256 ?? "",
  };
  const mistakes = [...mistakesOfFinding(request, context), ...mistakesOfWords(waiver, request, context)];
  return mistakes.length > 0 ? { mistakes } : { waiver, mistakes };
}

const nextId = (ids: readonly string[]): string =>
  `W-${Math.max(0, ...ids.map((id) => Number(/^W-([0-9]+)$/.exec(id)?.[1] ?? 0))) + 1}`;

function mistakesOfFinding({ policy, urn }: WaiverRequest, { ledgers }: ComposeContext): Mistake[] {
  const findings = findingsOf(ledgers);
  const mistake = (path: string, found: string, allowed: string, mend: string) => [{ path, found, allowed, mend }];
  const ofPolicy = findings.filter((finding) => finding.policy === policy);
  const list = "call it without --policy to see what can be waived";
  if (policy === undefined) return mistake("--policy", "nothing", "the id of a rule that failed", list);
  const finding = ofPolicy.find((one) => one.urn === urn);
  if (finding === undefined) {
    const open = mergeVerdicts(ledgers).some((one) => one.rule === policy && one.urn === urn && one.state === "open");
    if (open)
      return mistake(
        "--urn",
        `${policy} is open there`,
        "a failure",
        "what is not known cannot be waived: run it first",
      );
    const allowed = ofPolicy.map((one) => one.urn).join(", ");
    return ofPolicy.length === 0
      ? mistake("--policy", `${policy}, which fails nowhere in the last run`, "the id of a rule that failed", list)
      : mistake("--urn", urn ?? "nothing", allowed, "copy the whole URN of the finding");
  }
  if (!finding.waivable)
    return mistake("--policy", policy, "a rule that may be waived", `mend the resource: ${finding.why ?? ""}`);
  if (finding.waiver !== undefined)
    return mistake(
      "--policy",
      `waived by ${finding.waiver} already`,
      "a finding without a waiver",
      "remove that one first",
    );
  return [];
}

function mistakesOfWords(waiver: Waiver, request: WaiverRequest, context: ComposeContext): Mistake[] {
  const asked = ["reason", "owner", "approver", "compensating", "ticket", "expires"] as const;
  const parsed = waiverEntry.safeParse(waiver);
  const issues = parsed.error?.issues ?? [];
  const ofShape = asked.flatMap((key): Mistake[] => {
    if (!issues.some(({ path }) => path[0] === key)) return [];
    const { description = "", allowed = "text", mend = "" } = metaOf(key);
    const found = request[key];
    return [
      {
        path: `--${key}`,
        found: found ?? "nothing",
        allowed: String(allowed),
        mend: found === undefined ? `add it: ${description}` : String(mend),
      },
    ];
  });
  const wrong = new Set(ofShape.map(({ path }) => path));
  const latest = laterDay(context.today, longestWaiver);
  const approver = personOf(waiver.approver);
  const relations: (Mistake | false)[] = [
    approver === personOf(waiver.owner) && {
      path: "--approver",
      found: waiver.approver,
      allowed: "somebody else than the owner",
      mend: "have another person agree: nobody waives for themselves",
    },
    !context.approvers.some((one) => personOf(one) === approver) && {
      path: "--approver",
      found: waiver.approver,
      allowed: context.approvers.join(", ") || "nobody: the list of approvers is empty",
      mend: `have one of them agree, or have the person added to ${context.approversFile} by its code owners`,
    },
    (waiver.expires < context.today || waiver.expires > latest) && {
      path: "--expires",
      found: waiver.expires,
      allowed: `a day from ${context.today} to ${latest}`,
      mend: "choose a day within 90 days; ask anew when it has passed",
    },
  ];
  return [...ofShape, ...relations.filter((one): one is Mistake => one !== false && !wrong.has(one.path))];
}

function metaOf(key: keyof typeof waiverEntry.shape): { description?: string; allowed?: unknown; mend?: unknown } {
  const shape = waiverEntry.shape[key];
  return shape.meta() ?? {};
}
