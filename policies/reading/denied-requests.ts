import { covers, type PolicyStatement } from "./policy-document";

/**
 * A request as a resource's policy sees it. Keys of a service that are absent are absent from the request; of `aws:…`, which
 * tell who asks from where, nothing is known then, and a condition on them is not counted on.
 */
export interface PolicyRequest {
  readonly action: string;
  /** Such as `arn:aws:s3:::bucket/key`. The cloud's name, `aws` here, is compared with none. */
  readonly resource: string;
  readonly keys: Readonly<Record<string, string>>;
}

/** A bucket, and something in it, as a request names them. */
export const bucketArn = (name: string): string => `arn:aws:s3:::${name}`;
export const objectArn = (name: string): string => `${bucketArn(name)}/a/b`;

/** A role that no policy names, of an account. Default: one that is nobody's. */
export const nobodyIn = (account = "000000000000"): string => `arn:aws:iam::${account}:role/nobody`;

/** Whether a statement that meets everyone denies the request: in action, resource and every condition. */
export const deniedBy = (statements: readonly PolicyStatement[], request: PolicyRequest): boolean =>
  statements.some(
    ({ allows, principals, actions, resources, conditions }) =>
      !allows &&
      principals.includes("*") &&
      actions.some((pattern) => covers(pattern, request.action)) &&
      resources.some((pattern) => covers(inAws(pattern), request.resource)) &&
      conditions.every((condition) => isMet(condition, request.keys)),
  );

const inAws = (pattern: string): string => pattern.replace(/^arn:aws[\w-]+:/, "arn:aws:");

type Comparison = (value: string, wanted: string) => boolean;
const equal: Comparison = (value, wanted) => value === wanted;
const like: Comparison = (value, wanted) => covers(wanted, value);

const positive: Readonly<Record<string, Comparison>> = {
  Bool: equal,
  StringEquals: equal,
  StringEqualsIgnoreCase: (value, wanted) => value.toLowerCase() === wanted.toLowerCase(),
  StringLike: like,
  ArnEquals: like,
  ArnLike: like,
  NumericEquals: (value, wanted) => Number(value) === Number(wanted),
  NumericLessThan: (value, wanted) => Number(value) < Number(wanted),
  NumericLessThanEquals: (value, wanted) => Number(value) <= Number(wanted),
  NumericGreaterThan: (value, wanted) => Number(value) > Number(wanted),
};
const negative: Readonly<Record<string, Comparison>> = {
  StringNotEquals: equal,
  StringNotLike: like,
  ArnNotEquals: like,
  ArnNotLike: like,
};

/** Whether a condition, as `Operator key value value`, is met. One that is not read here is taken for not met. */
function isMet(condition: string, keys: PolicyRequest["keys"]): boolean {
  const [operator = "", key = "", ...wanted] = condition.split(" ");
  const value = Object.entries(keys).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
  if (value === undefined && /^aws:/i.test(key)) return false;
  if (operator === "Null") return wanted.includes(String(value === undefined));
  const name = operator.replace(/IfExists$/, "");
  if (value === undefined) return operator.endsWith("IfExists") || name in negative;
  const excluded = negative[name];
  if (excluded !== undefined) return !wanted.some((one) => excluded(value, one));
  const included = positive[name];
  return included !== undefined && wanted.some((one) => included(value, one));
}
