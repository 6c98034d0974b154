import { createHash } from "node:crypto";
import { catalogue, type CatalogueEntry } from "../catalogue";
import type { State, Verdict } from "../rule";
import type { JudgedWaiver } from "../waivers/waiver";
import { waiversOf } from "../waivers/judge-waivers";
import type { EvidenceInput } from "./evidence";
import { mergeVerdicts, stateOfRule } from "./summary";

/** One resource as the page shows it, judged or not. */
export interface PageResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly stack: string;
  /** Empty for what stands outside the zones. */
  readonly zone: string;
  /** The components it is a part of, from the outermost: `PrivateCloud › ObjectStore`. Empty where it has none. */
  readonly component: string;
  readonly opaque: boolean;
  readonly verdicts: readonly Verdict[];
}

const severities = ["critical", "high", "medium", "low"];

/**
 * Names of places in the page. They are the fragments of its addresses, so they stay the same from run to run: a link
 * that somebody wrote into a ticket finds the same rule and the same resource in the next page.
 */
export const place = {
  rule: (id: string) => `rule=${id}`,
  promise: (number: number) => `promise=${number}`,
  framework: (key: string) => `framework=${key}`,
  control: (framework: string, id: string) => `control=${framework}/${id.replaceAll(/\s/g, "_")}`,
  chapter: (framework: string, chapter: string) => `chapter=${framework}/${chapter.replaceAll(/\s/g, "_")}`,
  zone: (stack: string, zone: string) => `zone=${stack}/${zone.replaceAll(/\s/g, "_")}`,
  component: (stack: string, zone: string, component: string) =>
    `component=${[stack, zone, ...component.split(" › ")].join("/").replaceAll(/\s/g, "_")}`,
  resource: (urn: string) => `resource=${short(urn)}`,
  verdict: ({ rule, urn }: Pick<Verdict, "rule" | "urn">) => `verdict=${rule}@${short(urn)}`,
  waiver: (id: string) => `waiver=${id.replaceAll(/\s/g, "_")}`,
};

/** Ten digits of a URN's SHA-256: among 4000 resources two share them once in 130 000 pages. */
function short(urn: string): string {
  return createHash("sha256").update(urn).digest("hex").slice(0, 10);
}

/** All that the sections of a page look up, found once. */
export class PageModel {
  readonly verdicts: readonly Verdict[];
  readonly resources: readonly PageResource[];
  readonly waivers: readonly JudgedWaiver[];
  private readonly byRule: ReadonlyMap<string, readonly Verdict[]>;
  private readonly byUrn: ReadonlyMap<string, PageResource>;
  private readonly ruleStates = new Map<string, State>();

  constructor(readonly input: EvidenceInput) {
    this.verdicts = mergeVerdicts(input.ledgers);
    this.waivers = input.waivers ?? waiversOf(input.ledgers);
    this.byRule = grouped(this.verdicts, ({ rule }) => rule);
    this.resources = resourcesOf(input, this.verdicts);
    this.byUrn = new Map(this.resources.map((resource) => [resource.urn, resource]));
  }

  resource(urn: string): PageResource | undefined {
    return this.byUrn.get(urn);
  }

  /** The verdicts of one rule on resources. */
  judged(rule: string): readonly Verdict[] {
    return (this.byRule.get(rule) ?? []).filter(({ urn }) => urn !== "");
  }

  /** Why a rule judged no resource, in its own words. */
  silence(rule: string): string {
    return this.byRule.get(rule)?.find(({ urn }) => urn === "")?.message ?? "no run reported this rule";
  }

  stateOfRule(rule: string): State {
    let state = this.ruleStates.get(rule);
    if (!state) {
      state = stateOfRule(rule, this.byRule.get(rule) ?? []);
      this.ruleStates.set(rule, state);
    }
    return state;
  }

  count(rules: readonly string[], state: State): number {
    return rules.reduce((sum, rule) => sum + this.judged(rule).filter((verdict) => verdict.state === state).length, 0);
  }

  /** The waivers of a finding, honoured or not. */
  waiversOf({ rule, urn }: Verdict): readonly JudgedWaiver[] {
    return this.waivers.filter(({ waiver }) => waiver.policy === rule && waiver.urn === urn);
  }

  /** Its name as a place. A malformed waiver may have no id, or another one's: then its number tells it apart. */
  waiverPlace(judged: JudgedWaiver): string {
    const { id } = judged.waiver;
    const first = this.waivers.find(({ waiver }) => waiver.id === id);
    const apart = id === "" || first !== judged ? `${id}~${this.waivers.indexOf(judged) + 1}` : id;
    return place.waiver(apart);
  }

  /** Failed and undecided checks, the gravest first. */
  findings(): readonly Verdict[] {
    const gravity = ({ rule }: Verdict) => severities.indexOf(entryOf(rule)?.severity ?? "low");
    return (["fail", "open"] as const).flatMap((state) =>
      this.verdicts.filter((verdict) => verdict.state === state).sort((left, right) => gravity(left) - gravity(right)),
    );
  }
}

/** `1 resource`, `2 resources`. */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** In the order in which each key is met first. */
export function grouped<Item>(items: readonly Item[], key: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}

export function entryOf(rule: string): CatalogueEntry | undefined {
  return catalogue.find(({ id }) => id === rule);
}

export function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}

function stackOf(urn: string): string {
  return /^urn:pulumi:([^:]*)::/.exec(urn)?.[1] ?? "";
}

/** `…::cloister:index:PrivateCloud$cloister:index:Keys$aws:kms/key:Key::name` is a part of `PrivateCloud › Keys`. */
function componentOf(urn: string): string {
  const types = (urn.split("::")[2] ?? "").split("$").slice(0, -1);
  return types.map((type) => type.split(":").at(-1) ?? type).join(" › ");
}

/** What the engine reported, and what only the rules saw; each once, by stack and name. */
function resourcesOf(input: EvidenceInput, verdicts: readonly Verdict[]): PageResource[] {
  const opaque = new Set(input.ledgers.flatMap(({ population }) => population.opaque));
  const seen = new Map<string, { readonly type: string; readonly zone: string }>();
  for (const { urn, type } of verdicts) if (urn !== "") seen.set(urn, { type, zone: "" });
  for (const { urn, type, zone } of input.resources) seen.set(urn, { type, zone: zone ?? "" });
  const judged = grouped(verdicts, ({ urn }) => urn);
  return [...seen]
    .map(([urn, { type, zone }]) => ({
      urn,
      type,
      zone,
      name: nameOf(urn),
      stack: stackOf(urn),
      component: componentOf(urn),
      opaque: opaque.has(urn),
      verdicts: judged.get(urn) ?? [],
    }))
    .sort((left, right) => (left.urn < right.urn ? -1 : left.urn > right.urn ? 1 : 0));
}
