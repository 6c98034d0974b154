import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { repository } from "./reflection";

/** A resource that a component makes, as the worked examples recorded it. */
export interface Child {
  readonly type: string;
  /** What the child's name adds to its parent's, in order; one for each that stands. */
  readonly roles: readonly string[];
}

/** What one component makes in one of the worked examples. */
export interface Making {
  readonly example: string;
  /** Full names of the components of that class. */
  readonly names: readonly string[];
  readonly children: readonly Child[];
  /** Type of the component that makes it; absent at the top. */
  readonly parent?: string;
}

interface Resource {
  readonly type: string;
  readonly parentType: string;
  readonly name: string;
}

const ownPrefix = "cloister:index:";

/** `urn:pulumi:<stack>::<project>::<parent type>$<type>::<name>` */
function parse(urn: string): Resource {
  const [, , types = "", name = ""] = urn.split("::");
  const chain = types.split("$");
  return { type: chain.at(-1) ?? "", parentType: chain.at(-2) ?? "", name };
}

/** URNs of each worked example: what the tests hold the components' real registrations to. */
function recorded(): ReadonlyMap<string, readonly Resource[]> {
  const folder = join(repository, "test/components");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
    /golden-urns\.[^/]*\.txt$/.test(file),
  );
  const byExample = new Map<string, Resource[]>();
  for (const file of files.sort()) {
    const example = basename(file).split(".")[1] ?? "";
    const lines = readFileSync(join(folder, file), "utf8").split("\n");
    const resources = lines.filter((line) => line.startsWith("urn:")).map(parse);
    byExample.set(example, [...(byExample.get(example) ?? []), ...resources]);
  }
  return byExample;
}

/** What components of that class make, in each worked example that has one. */
export function makingsOf(component: string, byExample = recorded()): Making[] {
  const type = `${ownPrefix}${component}`;
  return [...byExample].flatMap(([example, resources]) => {
    const own = resources.filter((resource) => resource.type === type);
    if (own.length === 0) return [];
    const names = own.map(({ name }) => name).sort();
    const children = new Map<string, string[]>();
    for (const child of resources.filter(({ parentType }) => parentType === type)) {
      // A child is named after its parent: of several such, the longest is the nearest.
      const parent = names.filter((name) => child.name.startsWith(`${name}-`)).sort((a, b) => b.length - a.length)[0];
      const role = parent === undefined ? child.name : child.name.slice(parent.length + 1);
      children.set(child.type, [...(children.get(child.type) ?? []), role]);
    }
    const parent = own[0]?.parentType.startsWith(ownPrefix) ? own[0].parentType.slice(ownPrefix.length) : undefined;
    return [{ example, names, children: [...children].map(([of, roles]) => ({ type: of, roles })), parent }];
  });
}

export { recorded as recordedExamples };
