import { overlaps, parsePath } from "../property-path";
import { ApiError, type Cause } from "./api-client";
import { placeOf } from "./failure-report";
import type { Address } from "./cluster";

/** An API server's refusal, told so that a person can mend it: every wrong field, and who owns what is fought over. */
export function explain(error: unknown, address: Address): unknown {
  if (!(error instanceof ApiError)) return error;
  const what = `${address.mapping.kind} ${placeOf(address)}`;
  if (isConflict(error)) {
    const fields = error.causes.map(({ message, field }) => `  ${field}: ${message}`);
    return new Error(
      [
        `${what} has fields that another manager owns:`,
        ...fields,
        'Leave them to it, or take them over with the annotation pulumi.com/patchForce: "true".',
      ].join("\n"),
    );
  }
  const causes = error.causes.filter(({ message }) => message);
  if (causes.length > 1) {
    return new Error(
      [`${what} was refused:`, ...causes.map(({ field, message }) => `  ${field}: ${message}`)].join("\n"),
    );
  }
  return new Error(`${what} was refused: ${error.message}`);
}

export function isConflict(error: ApiError): boolean {
  return error.status === 409 && error.causes.some(({ reason }) => reason === "FieldManagerConflict");
}

/** Fields that the server refuses to change: only a new object can have them. */
export function immutableCauses(error: unknown): readonly string[] {
  if (!(error instanceof ApiError) || error.status !== 422) return [];
  const isImmutable = ({ message }: Cause) =>
    /immutable|may not (be changed|be updated|change)|updates to .* are forbidden|cannot be changed/i.test(
      message ?? "",
    );
  return error.causes.filter(isImmutable).flatMap(({ field }) => (field ? [field] : []));
}

/** Whether a refusal is only about values that nobody knows yet. */
export function isAboutUnknown(error: unknown, unknownInputs: readonly string[]): boolean {
  if (!(error instanceof ApiError) || unknownInputs.length === 0) return false;
  // Admission judged an object with holes in it.
  if (error.status === 403) return true;
  const unknown = unknownInputs.map(parsePath);
  return (
    error.causes.length > 0 &&
    error.causes.every(({ field }) => field && unknown.some((path) => overlaps(path, parsePath(field))))
  );
}

/** Whether an object was refused because its namespace is not there. */
export function lacksNamespace(error: unknown, { mapping, namespace }: Address): boolean {
  return (
    error instanceof ApiError &&
    error.status === 404 &&
    mapping.namespaced &&
    error.subject.kind === "namespaces" &&
    error.subject.name === namespace
  );
}
