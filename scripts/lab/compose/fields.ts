import { objectName, type KubernetesObject } from "../../export/kubernetes-objects";

/** Something that the cluster does and Compose does not, or does otherwise. */
export interface Difference {
  /** Kind and name, such as `Deployment gateway/envoy`. */
  readonly object: string;
  /** Path of the field, such as `spec.template.spec.containers[envoy].livenessProbe`; empty for the whole object. */
  readonly field: string;
  /** What the manifest says there; undefined for the whole object. */
  readonly kubernetes: unknown;
  /** What stands in Compose for it. */
  readonly compose: string;
  /** Why it is not the same. */
  readonly reason: string;
}

/** Kind and name of an object, as differences name it. */
export const titleOf = (object: KubernetesObject): string => `${object.kind} ${objectName(object)}`;

type Values = Readonly<Record<string, unknown>>;

/**
 * Fields of a manifest, each of which must be read: a field that nobody asked for would be lost without a word, so `end`
 * throws on it.
 */
export class Fields {
  private readonly read = new Set<string>();

  private constructor(
    private readonly object: string,
    private readonly path: string,
    private readonly values: Values,
    private readonly differences: Difference[],
  ) {}

  /** All fields of an object; differences are added to the list. */
  public static of(object: KubernetesObject, differences: Difference[]): Fields {
    const fields = new Fields(titleOf(object), "", object, differences);
    for (const field of ["apiVersion", "kind"]) fields.read.add(field);
    return fields;
  }

  /** Marks a field as read and returns its value. */
  public get<Value>(field: string): Value | undefined {
    this.read.add(field);
    return this.values[field] as Value | undefined;
  }

  /** Like `get`; throws where the field is absent. */
  public required<Value>(field: string): Value {
    const value = this.get<Value>(field);
    if (value === undefined) throw new Error(`${this.object} has no ${this.at(field)}`);
    return value;
  }

  /** The fields of an object below this one; empty where it is absent. */
  public inside(field: string): Fields {
    return new Fields(this.object, this.at(field), this.get<Values>(field) ?? {}, this.differences);
  }

  /** The fields of each object of a list, named in paths by the object's name where it has one. */
  public each(field: string): Fields[] {
    return (this.get<readonly Values[]>(field) ?? []).map((values, index) => {
      const { name, metadata } = values as { name?: string; metadata?: { name?: string } };
      const path = `${this.at(field)}[${name ?? metadata?.name ?? index}]`;
      return new Fields(this.object, path, values, this.differences);
    });
  }

  /** Object and path, for messages. */
  public get where(): string {
    return `${this.path} of ${this.object}`;
  }

  public has(field: string): boolean {
    return this.values[field] !== undefined;
  }

  /** Says that a field has no twin, or another one; nothing where the field is absent. */
  public differ(field: string, compose: string, reason: string): void {
    const kubernetes = this.get(field);
    if (kubernetes === undefined) return;
    this.differences.push({ object: this.object, field: this.at(field), kubernetes, compose, reason });
  }

  /** Throws where something here was never read. */
  public end(): void {
    const unread = Object.keys(this.values).filter((field) => !this.read.has(field));
    if (unread.length === 0) return;
    const names = unread.map((field) => this.at(field)).join(", ");
    throw new Error(`the rendering for Compose does not know ${names} of ${this.object}`);
  }

  private at(field: string): string {
    return this.path === "" ? field : `${this.path}.${field}`;
  }
}
