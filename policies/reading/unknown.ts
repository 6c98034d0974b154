import * as policy from "@pulumi/policy";

// The package's own types leave these two out, though it exports them for this use since 1.21.
const { UnknownValueError, unknownCheckingProxy } = policy as unknown as {
  UnknownValueError: new (...parameters: never[]) => Error;
  unknownCheckingProxy: <Properties extends object>(properties: Properties) => Properties;
};

export interface UnknownValue extends Error {
  /** The names on the way to the value, such as `["spec", "replicas"]`. */
  readonly props: readonly string[];
}

/** Whether an error says that a value can't be known before the resource exists. */
export function isUnknownValue(error: unknown): error is UnknownValue {
  return error instanceof UnknownValueError;
}

/** Properties as the engine hands them to a policy: reading a value that is not known yet throws. */
export function guarded<Properties extends object>(properties: Properties): Properties {
  return unknownCheckingProxy(properties);
}
