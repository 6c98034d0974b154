import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Subject } from "../../policies/rule";

/** Fields that no mutant is made of, with the reason; reviewed as code is. */
export interface LeftOut {
  readonly reason: string;
  /**
   * Type of the resource and path of the field, with `*` for any run of characters: `aws:* tags.Name`. Where resources of a
   * type differ, the type is followed by their names: `kubernetes:*:Service@*-metrics spec.type`.
   */
  readonly fields: readonly string[];
}

interface Entry {
  readonly field: string;
  readonly reason: string;
  readonly resource: RegExp;
  readonly path: RegExp;
  used: number;
}

const glob = (text: string): RegExp =>
  new RegExp(`^${text.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`);

export const leftOutFile = join(__dirname, "left-out.yaml");

/** The reviewed list of what is left out, and what of it was of use. */
export class LeftOutFields {
  private readonly entries: readonly Entry[];
  private readonly known = new Map<string, string | undefined>();

  public constructor(list: readonly LeftOut[] = parse(readFileSync(leftOutFile, "utf8")) as LeftOut[]) {
    this.entries = list.flatMap(({ reason, fields }) =>
      fields.map((field): Entry => {
        const end = field.indexOf(" ");
        const [type = "", name = "*"] = field.slice(0, end).split("@");
        return { field, reason, resource: glob(`${type}@${name}`), path: glob(field.slice(end + 1)), used: 0 };
      }),
    );
  }

  /** Why a field is left out; undefined where it is not. */
  public reasonFor({ type, name }: Pick<Subject, "type" | "name">, path: string): string | undefined {
    const key = `${type}@${name} ${path}`;
    if (!this.known.has(key)) {
      const entry = this.entries.find((one) => one.resource.test(`${type}@${name}`) && one.path.test(path));
      if (entry) entry.used += 1;
      this.known.set(key, entry?.reason);
    }
    return this.known.get(key);
  }

  /** Takes down a field that no break makes worse. */
  public note({ type, name }: Pick<Subject, "type" | "name">, path: string, reason: string): void {
    this.known.set(`${type}@${name} ${path} `, reason);
  }

  /** Entries that were never needed: what they were written for is gone. */
  public unused(): string[] {
    return this.entries.filter(({ used }) => used === 0).map(({ field }) => field);
  }

  /** Fields that were left out, told alike once, by reason. */
  public leftOut(): { readonly reason: string; readonly fields: number }[] {
    const counts = new Map<string, number>();
    for (const reason of this.known.values())
      if (reason !== undefined) counts.set(reason, (counts.get(reason) ?? 0) + 1);
    return [...counts].map(([reason, fields]) => ({ reason, fields }));
  }
}
