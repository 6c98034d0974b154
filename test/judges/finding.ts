/** What a judge says of one thing that it looked at. */
export interface Finding {
  readonly judge: JudgeName;
  /** The judge's own name of the check. */
  readonly check: string;
  /** As the judge names it: `Deployment.gateway.envoy`, or a policy document's file without `.json`. */
  readonly resource: string;
  readonly detail: string;
}

export const judgeNames = ["checkov", "pod-security", "parliament", "cloudsplaining"] as const;

export type JudgeName = (typeof judgeNames)[number];

export const told = ({ judge, check, resource, detail }: Finding): string => `${judge} ${check} ${resource}: ${detail}`;
