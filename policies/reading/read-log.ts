import { createHash } from "node:crypto";
import type { Properties } from "../rule";

/** Names and values that were read, by name. */
export type Reads = ReadonlyMap<string, string>;

/** Notes what a rule reads of a resource, apart for each question, so that a verdict is bound to that and to nothing else. */
export class ReadLog {
  private readonly outside = new Map<string, string>();
  private current = this.outside;

  /** Properties that note each name and value read of them. */
  watch(properties: Properties): Properties {
    return this.record(properties, "");
  }

  /** Runs a question. @returns what was read in it, and its answer or what it threw. */
  during<Answer>(question: () => Answer): {
    readonly reads: Reads;
    readonly answer?: Answer;
    readonly thrown?: unknown;
  } {
    const before = this.current;
    const reads = new Map<string, string>();
    this.current = reads;
    try {
      return { reads, answer: question() };
    } catch (thrown) {
      return { reads, thrown };
    } finally {
      this.current = before;
    }
  }

  /** SHA-256 over some lines, over what was read outside of questions, and over what was read in those given. */
  fingerprint(lines: readonly string[], questions: readonly Reads[]): string {
    const all = [this.outside, ...questions].flatMap((reads) => [...reads].map(([path, value]) => `${path}=${value}`));
    return createHash("sha256")
      .update([...lines, ...new Set(all.sort())].join("\n"))
      .digest("hex");
  }

  private record(target: Properties, path: string): Properties {
    if (!(target instanceof Object) || typeof target === "function") return target;
    return new Proxy(target as object, {
      get: (object, key) => {
        const value = Reflect.get(object, key) as unknown;
        if (typeof key === "symbol" || typeof value === "function") return value;
        const at = path ? `${path}.${key}` : key;
        if (!(value instanceof Object)) this.current.set(at, JSON.stringify(value) ?? "absent");
        return this.record(value, at) as unknown;
      },
      ownKeys: (object) => {
        const keys = Reflect.ownKeys(object);
        this.current.set(`${path}.*`, JSON.stringify(keys.map(String).sort()));
        return keys;
      },
    });
  }
}
