/** One statement of an IAM, key or endpoint policy. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: "*" | { readonly AWS: string | readonly string[] } | { readonly Service: string };
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** JSON of a policy. Built from plain names alone, so that a preview can judge it. */
export const policyDocument = (statements: readonly Statement[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

/** Who may become a role: one AWS service, and where it says for whom it acts, for this account alone. */
export const trustOf = (
  service: string,
  condition?: Statement["Condition"],
  actions: readonly string[] = ["sts:AssumeRole"],
): string =>
  policyDocument([
    {
      Sid: "Trust",
      Effect: "Allow",
      Principal: { Service: service },
      Action: actions,
      ...(condition === undefined ? {} : { Condition: condition }),
    },
  ]);

/** Keeps another customer's resource from making a service act here (the confused deputy). */
export const forAccount = (account: string) => ({ StringEquals: { "aws:SourceAccount": account } });
