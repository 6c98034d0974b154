import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { judgeNames, type Finding } from "./finding";

const accepted = z.strictObject({
  judge: z.enum(judgeNames),
  check: z.string().min(1),
  /** What it is said of; `*` stands for any text. */
  resource: z.string().min(1),
  /** A part of what the judge says, where the check alone says too little. */
  detail: z.string().min(1).optional(),
  /** The example environments in which it is found. */
  environments: z.array(z.enum(["private-cloud", "colocation", "on-prem"])).min(1),
  reason: z.string().min(40),
  owner: z.enum(["platform", "security"]),
  reviewed: z.iso.date(),
});

export type AcceptedFinding = z.infer<typeof accepted>;

export const acceptedFile = join(__dirname, "accepted-findings.yaml");

/** @throws where an entry does not say what is accepted, why, by whom and since when. */
export const readAccepted = (path = acceptedFile): AcceptedFinding[] =>
  z.array(accepted).parse(parse(readFileSync(path, "utf8")));

export interface Settled {
  /** Findings that nobody accepted: to be mended. */
  readonly open: readonly Finding[];
  /** Entries that nothing is found for any more: to be removed. */
  readonly unused: readonly AcceptedFinding[];
}

/** Lays what was found in an environment beside what was accepted for it, of the judges that were heard. */
export function settle(
  environment: string,
  judges: readonly Finding["judge"][],
  findings: readonly Finding[],
  entries: readonly AcceptedFinding[],
): Settled {
  const here = entries.filter(
    ({ environments, judge }) => (environments as string[]).includes(environment) && judges.includes(judge),
  );
  return {
    open: findings.filter((finding) => !here.some((entry) => accepts(entry, finding))),
    unused: here.filter((entry) => !findings.some((finding) => accepts(entry, finding))),
  };
}

const accepts = (entry: AcceptedFinding, finding: Finding): boolean =>
  entry.judge === finding.judge &&
  entry.check === finding.check &&
  matches(entry.resource, finding.resource) &&
  finding.detail.includes(entry.detail ?? "");

function matches(pattern: string, text: string): boolean {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(text);
}
