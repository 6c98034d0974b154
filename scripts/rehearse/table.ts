import Table from "cli-table3";
import pc from "picocolors";
import { zones } from "../../components/zones";
import { lockProofLine } from "./prove-lock";
import { waiverLine } from "../waive/tell-waivers";
import { wrapped } from "./wrapped";
import type { Outcome, RehearsalSummary, StackSummary } from "./summary";

const verdicts: Record<Outcome, string> = {
  released: pc.green("released: the deployed state was judged again, and nothing critical failed or stayed open"),
  planned: pc.green("planned: a preview, gated; nothing was deployed"),
  stopped: pc.red("stopped"),
  "not-released": pc.red(
    "up, but not released: the deployed state has a critical failure, something critical is still open, or a lock does not hold",
  ),
};

const plainTable = (head: string[]) => new Table({ head, style: { head: [], border: [] }, wordWrap: true });

/** The rehearsal as a person reads it. */
export function rehearsalTable(summary: RehearsalSummary): string {
  const byZone = plainTable(["zone", "what it is for", "resources"]);
  byZone.options.colWidths = [16, 66, 12];
  for (const [zone, count] of Object.entries(summary.zones)) {
    const purpose =
      zone === "foundation" ? "The ground: keys, certificates, buckets, registry, cluster" : purposeOf(zone);
    byZone.push([zone, purpose, count]);
  }
  const byState = plainTable(["pass", "fail", "waived", "open", "rules not applicable", "rules not evaluated yet"]);
  const { pass, fail, waived, open, notApplicable, notEvaluated } = summary.policies;
  byState.push([pass, fail, waived, open, notApplicable, notEvaluated]);
  const { resources, evaluated } = summary.population;
  return [
    "",
    byZone.toString(),
    "",
    `Policies, verdicts by state (${evaluated} of ${resources} resources judged by one or more):`,
    byState.toString(),
    "",
    ...summary.stacks.map((stack) => `${stack.stack.padEnd(28)} ${stack.verb.padEnd(8)} ${doneOf(stack)}`),
    "",
    ...(summary.locks.length === 0
      ? []
      : [
          "Locks, tried by the store's own administrator:",
          ...summary.locks.map((proof) => `  ${proof.holds ? pc.green("✔") : pc.red("✖")} ${lockProofLine(proof)}`),
          "",
        ]),
    ...(summary.waivers.length === 0
      ? []
      : ["Waivers:", ...summary.waivers.map((waiver) => wrapped(`  · ${waiverLine(waiver)}`)), ""]),
    "Stand-ins, named as such:",
    ...summary.standIns.map((standIn) => wrapped(`  · ${standIn}`)),
    "",
    `Engine    Pulumi ${summary.engine.version} (${summary.engine.origin}), language host: ${summary.engine.languageHost}`,
    `Report    ${summary.evidence.html}`,
    `Verdict   ${verdicts[summary.outcome]}`,
    ...(summary.changed === 0 && summary.outcome === "released"
      ? ["          Nothing changed: everything was as the environment says."]
      : []),
    `Took      ${summary.seconds.toFixed(1)} s`,
    "",
  ].join("\n");
}

function purposeOf(zone: string): string {
  return zone in zones ? zones[zone as keyof typeof zones].purpose : "";
}

function doneOf({ changes, notMade }: StackSummary): string {
  return notMade === undefined ? changesOf(changes) : `refused, nothing made; it would have been ${changesOf(notMade)}`;
}

function changesOf(changes: Readonly<Record<string, number>>): string {
  const parts = Object.entries(changes).map(([operation, count]) => `${count} ${operation}`);
  return parts.length === 0 ? "no resources" : parts.join(", ");
}

/** What stopped the stacks, on standard error: standard output belongs to results. */
export function tellFailures(stacks: readonly StackSummary[]): void {
  for (const { stack, errors, refused } of stacks) {
    for (const failure of [...refused, ...errors]) process.stderr.write(`${pc.red(stack)} ${failure}\n`);
  }
}
