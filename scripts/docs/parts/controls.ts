import { catalogue } from "../../../policies/catalogue";
import { controlsOf, isComplete } from "../../../policies/controls";
import { chaptersOf } from "../../../policies/controls/chapters";
import type { Control, Coverage, Party } from "../../../policies/controls/control";
import { parametersOf, type Parameters } from "../../../policies/controls/parameters";
import { frameworks, type Framework } from "../../../policies/frameworks";
import { rules } from "../../../policies/rules";
import { markdownTable } from "../markdown";
import { componentsOf } from "./rule-components";

const parties: Record<Party, string> = { kit: "kit", operator: "operator", provider: "provider" };
const who = (control: Control): string => control.parties.map((party) => parties[party]).join(", ");

/** A rule of so many components looks at everything: naming them all would tell nothing. */
const everywhere = 12;

const kebab = (name: string): string => name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase();
const entryOf = new Map(catalogue.map((entry) => [entry.id, entry]));
const components = new Map(rules.map((rule) => [rule.id, componentsOf(rule)]));

const rulesFor = (key: string, control: string): string[] =>
  catalogue.filter(({ supports }) => supports[key]?.includes(control)).map(({ id }) => id);

const ruleLink = (id: string): string => `[${id}](../../policies/rules/${entryOf.get(id)?.group}/${id}.ts)`;

function componentLinks(ids: readonly string[]): string {
  const lists = ids.map((id) => components.get(id) ?? []);
  const names = [...new Set(lists.filter((list) => list.length <= everywhere).flat())].sort();
  const links = names.map((name) => `[${name}](../reference/${kebab(name)}.md)`);
  return [...links, ...(lists.some((list) => list.length > everywhere) ? ["all that make cloud resources"] : [])].join(
    ", ",
  );
}

const count = (controls: readonly Control[], coverage: Coverage): number =>
  controls.filter((control) => control.coverage === coverage).length;

const titleOf = ({ name, version }: Framework): string => (version ? `${name} ${version}` : name);

function chapter(key: string, title: string, controls: readonly Control[]): string {
  const borne = controls.filter(({ coverage }) => coverage !== "beyond");
  const beyond = controls.filter(({ coverage }) => coverage === "beyond");
  const table = markdownTable(
    ["control", "what it asks for", "rules", "components that meet it", "what code cannot show", "who acts"],
    borne.map((control) => {
      const ids = rulesFor(key, control.id);
      const { id, title: asks, remains = "" } = control;
      return [`\`${id}\``, asks, ids.map(ruleLink).join(", "), componentLinks(ids), remains, who(control)];
    }),
  );
  const rest = markdownTable(
    ["control", "what it asks for", "what code cannot show", "who acts"],
    beyond.map((control) => [`\`${control.id}\``, control.title, control.remains ?? "", who(control)]),
  );
  return [
    `## ${title}`,
    ...(borne.length > 0 ? [table] : []),
    ...(beyond.length > 0 ? [borne.length > 0 ? "Beyond code:" : "All of it is beyond code:", rest] : []),
  ].join("\n\n");
}

/** One framework: every control, the rules that bear on it, the components those judge, and what is left to people. */
function page(framework: Framework): string {
  const { key } = framework;
  const controls = controlsOf(key);
  const chapters = chaptersOf(key).map(({ title, holds }) =>
    chapter(
      key,
      title,
      controls.filter(({ id }) => holds(id)),
    ),
  );
  const lead = isComplete(key)
    ? `${controls.length} controls: rules bear on ${count(controls, "supported")} wholly and on ${count(controls, "partly")} in part; ${count(controls, "beyond")} ask for what no code can show.`
    : `For reference: the ${controls.length} controls that a rule names, in our own words. The framework has more.`;
  return [
    `# Controls: ${titleOf(framework)}`,
    "Written by `npm run docs`. Rules _support_ controls: the mapping is our reading, and an assessor decides. See [all frameworks](../controls.md).",
    lead,
    ...chapters,
    "",
  ].join("\n\n");
}

/** The summary of `docs/controls.md`. */
export function controlsPart(): string {
  return markdownTable(
    ["framework", "listed", "wholly", "in part", "beyond code", "rules"],
    frameworks.map((framework) => {
      const controls = controlsOf(framework.key);
      const bearing = catalogue.filter(({ supports }) => supports[framework.key] !== undefined).length;
      return [
        `[${titleOf(framework)}](controls/${framework.key}.md)`,
        `${controls.length}${isComplete(framework.key) ? "" : ", for reference"}`,
        ...(["supported", "partly", "beyond"] as const).map((coverage) => `${count(controls, coverage)}`),
        `${bearing}`,
      ];
    }),
  );
}

const meanings: Record<keyof Parameters, string> = {
  auditLockLeast: "days for which nobody can delete the audit record, at least",
  lockMost: "days of any lock and of any copy, at most",
  logLeast: "days of a log group, at least",
  logMost: "days of a log group, at most",
  keyDeletionLeast: "days that a key waits before it is deleted",
  keyRotationMost: "days after which a key is drawn anew, at most",
  secretRotationMost: "days after which a secret is drawn anew, at most",
  certificateMost: "days of a workload's certificate, at most",
  authorityMost: "days of an authority below a root, at most",
  sessionMost: "seconds of a session of a cloud's role, at most",
  erasureMost: "days of a lock on what may hold personal data, at most",
};

/** The numbers that hold where an environment names no framework of its own choice, each with its source. */
export function parametersPart(): string {
  const entries = Object.entries(parametersOf()) as [keyof Parameters, Parameters[keyof Parameters]][];
  return markdownTable(
    ["what", "the four frameworks together", "asked by"],
    entries.map(([parameter, { value, source }]) => [meanings[parameter], `${value}`, source]),
  );
}

/** Each framework's page, by path inside `docs/`. */
export const controlPages = (): [string, string][] =>
  frameworks.map((framework) => [`controls/${framework.key}.md`, page(framework)]);
