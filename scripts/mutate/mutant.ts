import type { Subject } from "../../policies/rule";
import { changed, type Change, type FieldPath } from "./field-path";

export type MutantKind = "field" | "element" | "removal" | "unprotect" | "addition" | "new resource";

/** A plan with one thing broken in it. */
export interface Mutant {
  readonly kind: MutantKind;
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Where, with places in lists; empty where the resource as a whole is meant. */
  readonly path: string;
  /** The same for copies: places left out. With the type and what was done, it tells mutants apart. */
  readonly pattern: string;
  /** What was done. */
  readonly told: string;
  /** The broken resource; undefined where it is gone. A new one is made from nothing. */
  readonly break: (subject: Subject | undefined) => Subject | undefined;
}

/** Mutants that are told alike are one: a field of a hundred copies counts once, and is caught where each copy is. */
export const groupKey = ({ type, kind, pattern, told }: Mutant): string => [type, kind, pattern, told].join(" ");

/** A break of one field of a resource. Where a property as a whole goes, so does the record of where it came from. */
export function breakField(path: FieldPath, change: Change): Mutant["break"] {
  return (subject) => {
    if (subject === undefined) return undefined;
    const { origins, ...rest } = subject;
    const kept = Object.entries(origins ?? {}).filter(([property]) => path.length > 1 || property !== path[0]);
    return {
      ...rest,
      props: changed(subject.props as unknown, path, change) as object,
      ...(origins === undefined ? {} : { origins: Object.fromEntries(kept) }),
    };
  };
}
