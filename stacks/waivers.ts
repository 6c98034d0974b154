import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import type { Mistake } from "../components/kit-error";
import { stackOf } from "../policies/waivers/judge-waivers";
import type { Waiver } from "../policies/waivers/waiver";
import type { MalformedWaiver, WaiverSettings } from "../policies/waivers/waiver-settings";
import { eachPlaceOnce } from "./each-place-once";
import { layers, shownFolder, stackName, stacksFolder } from "./environment";
import { explain, SourceDocument } from "./explain";
import { approverList, waiverList } from "./schema/waiver-list";

/** Both files of an environment, read and judged as far as they can be without a run. */
export interface WaiverFiles {
  /** Path of the waivers, whether there are any or not. */
  readonly path: string;
  /** The same as a person names it. */
  readonly file: string;
  /** Undefined where there is no file of waivers. */
  readonly settings: WaiverSettings | undefined;
  readonly approvers: readonly string[];
  /** The file of approvers as a person names it. */
  readonly approversFile: string;
  /** All that is wrong in both. The gate makes findings of them; who writes to the files has to mend them first. */
  readonly mistakes: readonly Mistake[];
}

/**
 * Reads `<folder>/<environment>/waivers.yaml` and `approvers.yaml`, strictly. Nothing is thrown for what is wrong in them: a
 * waiver that cannot be read is a finding of the gate, and must not be lost on the way to it.
 */
export function readWaivers(environment: string, folder: string = stacksFolder): WaiverFiles {
  const path = join(folder, environment, "waivers.yaml");
  const shown = (name: string) => join(shownFolder(folder), environment, name);
  const approvers = readList(approverList, join(folder, environment, "approvers.yaml"), shown("approvers.yaml"));
  const listed = approvers.mistakes.length > 0 ? [] : (approvers.values as string[]);
  const file = shown("waivers.yaml");
  const files = { path, file, approvers: listed, approversFile: shown("approvers.yaml") };
  if (!existsSync(path)) return { ...files, settings: undefined, mistakes: approvers.mistakes };

  const read = readList(waiverList, path, file);
  const ofRelations = read.values.flatMap((value, index) => brokenRelations(environment, read.values, value, index));
  const placed = ofRelations.map(({ place, ...rest }) => ({ path: read.place(place), index: place[0], ...rest }));
  const mistakes = [...read.mistakes, ...placed];
  const mistaken = (index: number) => mistakes.filter((mistake) => mistake.index === index);
  const whole = mistakes.filter(({ index }) => index === undefined);
  const malformed: MalformedWaiver[] = [
    ...read.values.flatMap((value, index) => {
      const own = mistaken(index);
      return own.length === 0 ? [] : [{ waiver: asWaiver(value), mistakes: own.map(told) }];
    }),
    ...[...whole, ...approvers.mistakes].map((mistake) => ({ waiver: asWaiver(undefined), mistakes: [told(mistake)] })),
  ];
  const entries = read.values.filter((_, index) => mistaken(index).length === 0 && whole.length === 0) as Waiver[];
  const sha256 = createHash("sha256").update(readFileSync(path)).digest("hex");
  return {
    ...files,
    settings: { file, sha256, entries, malformed, approvers: listed },
    mistakes: eachPlaceOnce([...mistakes, ...approvers.mistakes].map(({ index: _, ...mistake }) => mistake)),
  };
}

/** A mistake with the entry of the list it is in; undefined where it is the whole file's. */
type ListMistake = Mistake & { readonly index?: number };

interface ReadList {
  readonly values: readonly unknown[];
  readonly mistakes: readonly ListMistake[];
  readonly place: (path: readonly PropertyKey[]) => string;
}

function readList(shape: z.ZodType, path: string, file: string): ReadList {
  if (!existsSync(path)) return { values: [], mistakes: [], place: () => file };
  const source = new SourceDocument(readFileSync(path, "utf8"));
  const place = (at: readonly PropertyKey[]) => `${file} ${source.place(at)}`;
  const ofYaml = source.mistakes(file);
  if (ofYaml.length > 0) return { values: [], mistakes: ofYaml, place };
  // A file of comments alone is an empty list.
  const value = source.value() ?? [];
  const parsed = shape.safeParse(value);
  const mistakes = (parsed.error?.issues ?? []).flatMap((issue) =>
    explain(shape, source, [issue]).map((mistake): ListMistake => {
      const [index] = issue.path;
      return { ...mistake, path: `${file} ${mistake.path}`, ...(typeof index === "number" ? { index } : {}) };
    }),
  );
  return { values: Array.isArray(value) ? value : [], mistakes, place };
}

interface BrokenRelation {
  readonly place: readonly [number, string];
  readonly found: string;
  readonly allowed: string;
  readonly mend: string;
}

/** What one entry alone cannot tell: whether its id is its own, and its resource one of this environment's. */
function brokenRelations(
  environment: string,
  all: readonly unknown[],
  value: unknown,
  index: number,
): BrokenRelation[] {
  const { id, urn } = asWaiver(value);
  const stacks = layers.map((layer) => stackName(environment, layer));
  const twin = id !== "" && all.findIndex((other) => asWaiver(other).id === id) !== index;
  const stack = stackOf(urn);
  return [
    ...(twin
      ? [{ place: [index, "id"] as const, found: id, allowed: "an id of its own", mend: "number it anew" }]
      : []),
    ...(stack !== undefined && !stacks.includes(stack)
      ? [
          {
            place: [index, "urn"] as const,
            found: `a resource of the stack ${stack}`,
            allowed: `one of ${stacks.join(" or ")}`,
            mend: "move the waiver to the file of its environment, or remove it",
          },
        ]
      : []),
  ];
}

const told = ({ path, found, allowed }: Mistake): string => `${path}: found ${found}; allowed: ${allowed}`;

/** What can be read of an entry, as text. */
function asWaiver(value: unknown): Waiver {
  const read = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  const text = (key: keyof Waiver): string => (typeof read[key] === "string" ? read[key] : "");
  return {
    id: text("id"),
    policy: text("policy"),
    urn: text("urn"),
    reason: text("reason"),
    owner: text("owner"),
    approver: text("approver"),
    ...(text("ticket") === "" ? {} : { ticket: text("ticket") }),
    created: text("created"),
    expires: text("expires"),
    compensating: text("compensating"),
    inputsSha256: text("inputsSha256"),
  };
}
