import { controlsOf, isComplete } from "../../../policies/controls";
import { chaptersOf } from "../../../policies/controls/chapters";
import type { Control, Party } from "../../../policies/controls/control";
import { frameworks } from "../../../policies/frameworks";
import { footprints } from "../../guide/page";
import type { Footprint } from "../../guide/text/texts";
import { markdownTable } from "../markdown";

/** What the owner of a building does, and those who wrote a contract: the rest of a provider's part needs a cloud. */
const buildingAndContracts: Readonly<Record<string, RegExp>> = {
  gdpr: /^28/,
  hipaa: /^164\.(310|314|308\(b\))/,
  "nist-800-53": /^(MA|MP|PE|SR-9|SR-10|PS-7|SA-9)\b/,
  "pci-dss": /^(9|12\.[89])\./,
};

/** Who does most of a control on a footprint: where there is no such provider, the operator. */
function lead(framework: string, { id, parties }: Control, footprint: Footprint): Party {
  const [first = "operator"] = parties;
  if (first !== "provider") return first;
  const provided =
    footprint === "private-cloud" || (footprint === "colocation" && buildingAndContracts[framework]?.test(id));
  return provided ? "provider" : "operator";
}

function counted(framework: string, controls: readonly Control[], footprint: Footprint): string {
  const order: readonly Party[] = ["kit", "operator", "provider"];
  const leads = controls.map((control) => lead(framework, control, footprint));
  const parts = order.map((party) => [party, leads.filter((one) => one === party).length] as const);
  return parts.flatMap(([party, number]) => (number > 0 ? [`${party} ${number}`] : [])).join(", ");
}

function table(framework: string): string {
  const rows = chaptersOf(framework).map(({ title, holds }) => {
    const controls = controlsOf(framework).filter(({ id }) => holds(id));
    const withPart = (party: Party) =>
      controls.flatMap(({ id, parties }) => (parties.includes(party) ? [`\`${id}\``] : [])).join(", ") || "none";
    const counts = footprints.map((footprint) => counted(framework, controls, footprint));
    return [title, ...counts, withPart("kit"), withPart("provider")];
  });
  return markdownTable(["chapter", ...footprints, "the kit has a part in", "a provider may have a part in"], rows);
}

/** For each framework that is complete: who does most of its controls, by chapter and footprint. */
export const responsibilitiesPart = (): string =>
  frameworks
    .filter(({ key }) => isComplete(key))
    .map(({ key, name, version }) => `### ${`${name} ${version}`.trim()}\n\n${table(key)}`)
    .join("\n\n");
