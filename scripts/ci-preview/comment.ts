import { catalogued } from "../../policies/catalogue";
import type { Verdict } from "../../policies/rule";
import { rules } from "../../policies/rules";
import type { CostChange } from "./cost-change";
import type { ResourceChange } from "./plan-difference";
import type { EnvironmentReport, PreviewReport } from "./report";
import { verdictKey, type VerdictChange } from "./verdict-change";

/** By this line a workflow finds its own comment, and writes over it instead of adding one more. */
export const marker = "<!-- cloister:ci-preview -->";

/** Lists are cut after this many lines: a comment may have no more than 65 536 characters, and nobody reads a thousand. */
const longestList = 40;

const words: Record<EnvironmentReport["verdict"], string> = {
  passes: "✅ passes the gate",
  stopped: "❌ stopped",
  invalid: "❌ not a valid environment",
  drifted: "⚠️ drifted: what stands is not what the code says",
  removed: "🗑️ its file is removed; what stands of it stays until it is destroyed",
  failed: "❌ could not be previewed",
};

/** The report as Markdown, readable by itself: what changes, what it costs, what the gate says, and what to do. */
export function comment(report: PreviewReport): string {
  const title = report.drift ? "Cloister: drift" : "Cloister: preview of this change";
  const bad = report.environments.filter(({ verdict }) => verdict !== "passes" && verdict !== "removed");
  const lead =
    bad.length === 0
      ? report.drift
        ? "What stands is what the code says."
        : "The gate lets this change through, in every environment."
      : `${bad.map(({ environment, verdict }) => `**${text(environment)}** ${words[verdict].replace(/^\S+ /, "")}`).join("; ")}.`;
  return `${[marker, `## ${title}`, lead, ...report.environments.map((one) => section(one, report))].join("\n\n")}\n`;
}

function section(one: EnvironmentReport, { base }: PreviewReport): string {
  return [
    `### ${text(one.environment)}: ${words[one.verdict]}`,
    ...(one.messages.length > 0 ? [fenced(one.messages.join("\n"))] : []),
    ...(one.verdict === "invalid" || one.verdict === "removed" || one.verdict === "failed"
      ? []
      : [changesOf(one, base), gateOf(one)]),
    ...(one.cost ? [costOf(one.cost)] : []),
    ...(one.standIns.length > 0
      ? [
          details(
            "Rehearsed: what stood in for something real",
            one.standIns.map((line) => `- ${text(line)}`),
          ),
        ]
      : []),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function changesOf({ changes, against, baseMissing }: EnvironmentReport, base: string | undefined): string {
  const with_ = against === "deployed" ? "what is deployed" : `the code at \`${(base ?? "").slice(0, 12)}\``;
  const missing =
    baseMissing === undefined ? "" : `There is no comparison with the code as it was: ${text(baseMissing)}\n\n`;
  if (baseMissing !== undefined && changes.length === 0) return missing.trim();
  if (changes.length === 0) return `**Changes**: none, compared with ${with_}.`;
  const count = (kind: ResourceChange["change"]) => changes.filter(({ change }) => change === kind).length;
  const counts = (["create", "update", "replace", "delete"] as const)
    .filter((kind) => count(kind) > 0)
    .map((kind) => `${count(kind)} to ${kind}`);
  const dangerous = changes.filter(({ change }) => change === "replace" || change === "delete");
  const rows = changes.map(
    ({ change, urn, type, fields }) =>
      `| ${change} | ${code(nameOf(urn))} | ${code(type)} | ${fields.length > 0 ? listed(fields) : ""} |`,
  );
  return [
    `${missing}**Changes**, compared with ${with_}: ${counts.join(", ")}.`,
    ...(dangerous.length > 0 ? [`⚠️ Lost or made anew: ${listed(dangerous.map(({ urn }) => nameOf(urn)))}`] : []),
    details(`The ${changes.length} resources`, [
      "| | resource | type | what differs |",
      "| --- | --- | --- | --- |",
      ...cut(rows, "| | … | | and {} more: see the report |"),
    ]),
  ].join("\n\n");
}

function gateOf({ verdicts }: EnvironmentReport): string {
  if (verdicts === undefined) return "**Gate**: it judged nothing.";
  const { counts, before } = verdicts;
  const states = ["pass", "fail", "waived", "open"] as const;
  const told = states.map((state) => {
    const change = before === undefined ? 0 : counts[state] - before[state];
    return `${counts[state]} ${state}${change === 0 ? "" : ` (${change > 0 ? "+" : "−"}${Math.abs(change)})`}`;
  });
  return [
    `**Gate**: ${told.join(" · ")}; of the rules, ${counts.notApplicable} met nothing of their kind, ${counts.notEvaluated} were not evaluated.`,
    ...(verdicts.fails.length > 0 ? [findings(verdicts)] : []),
    ...(verdicts.mended.length > 0
      ? [`Mended by this change: ${listed(verdicts.mended.map(({ rule, urn }) => `${rule} ${nameOf(urn)}`))}`]
      : []),
    ...(verdicts.opens.length > 0
      ? [
          details(
            `${verdicts.opens.length} undecided: not known before they exist`,
            cut(verdicts.opens.map(bullet), "- … and {} more"),
          ),
        ]
      : []),
    ...(verdicts.waived.length > 0
      ? [details(`${verdicts.waived.length} waived`, cut(verdicts.waived.map(bullet), "- … and {} more"))]
      : []),
  ].join("\n\n");
}

/** One row for each finding, however many resources it is found on. */
function findings({ fails, newFails }: VerdictChange): string {
  const groups = new Map<string, Verdict[]>();
  for (const verdict of fails) {
    const key = `${verdict.rule} ${newFails.has(verdictKey(verdict))} ${verdict.message}`;
    groups.set(key, [...(groups.get(key) ?? []), verdict]);
  }
  const rows = [...groups.values()].map((verdicts) => {
    const { rule, message } = verdicts[0]!;
    const fresh = newFails.has(verdictKey(verdicts[0]!)) ? " **new**" : "";
    const mend = rules.find(({ id }) => id === rule)?.remediation ?? "";
    return `| ${rule}${fresh} | ${catalogued(rule).severity} | ${listed(verdicts.map(({ urn }) => nameOf(urn)))} | ${text(message)} | ${text(mend)} |`;
  });
  return [
    "| rule | severity | resources | found | to mend |",
    "| --- | --- | --- | --- | --- |",
    ...cut(rows, "| … | | | and {} more: see the report | |"),
  ].join("\n");
}

function costOf({ currency, months, before, after, assumedShare }: CostChange): string {
  const money = (amount: number) => `${Math.round(amount).toLocaleString("en-GB")} ${text(currency)}`;
  const assumed = `${Math.round(assumedShare * 100)} % rests on assumptions of the price list`;
  if (before === undefined) return `**Cost** over ${months} months: ${money(after)}; ${assumed}.`;
  const difference = after - before;
  if (Math.abs(difference) < 0.5) return `**Cost** over ${months} months: ${money(after)}, unchanged; ${assumed}.`;
  const share =
    before === 0 ? "" : ` (${difference > 0 ? "+" : "−"}${Math.abs((difference / before) * 100).toFixed(1)} %)`;
  return `**Cost** over ${months} months: ${money(before)} → **${money(after)}**${share}; ${assumed}.`;
}

const bullet = ({ rule, urn, message, waiver }: Verdict): string =>
  `- ${rule} ${code(nameOf(urn))}: ${text(message)}${waiver === undefined ? "" : ` (${text(waiver)})`}`;

const nameOf = (urn: string): string => (urn === "" ? "the stack" : (urn.split("::").at(-1) ?? urn));

const details = (summary: string, lines: readonly string[]): string =>
  `<details><summary>${text(summary)}</summary>\n\n${lines.join("\n")}\n\n</details>`;

function cut(lines: readonly string[], more: string): string[] {
  if (lines.length <= longestList) return [...lines];
  return [...lines.slice(0, longestList), more.replace("{}", String(lines.length - longestList))];
}

const listed = (names: readonly string[]): string =>
  `${names.slice(0, 8).map(code).join(", ")}${names.length > 8 ? ` and ${names.length - 8} more` : ""}`;

/** What others wrote, as plain text: no markup, no link, no mention of a person, no break of a table's line. */
function text(value: string): string {
  return value
    .replaceAll(/\s+/g, " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll(/[\\`*_[\]|~]/g, (character) => `\\${character}`)
    .replaceAll("@", "@<!-- -->");
}

const code = (value: string): string => `\`${value.replaceAll(/[`|\s]+/g, " ")}\``;

/** As a block that nothing in it can end. */
function fenced(value: string): string {
  const longest = Math.max(2, ...[...value.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${value}\n${fence}`;
}
