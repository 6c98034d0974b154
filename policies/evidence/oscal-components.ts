import { catalogued } from "../catalogue";
import type { Verdict } from "../rule";
import { rules } from "../rules";
import { packFile } from "./attested-names";
import { canonicalJson, sha256 } from "./canonical";
import type { EvidenceInput } from "./evidence";
import { identifier } from "./identifier";
import { nistControls, oscalVersion, property, propertyIf, some } from "./oscal-parts";
import { mergeVerdicts } from "./summary";

/** Where compliance-trestle looks for the rules of a component. */
const trestle = "https://oscal-compass.github.io/compliance-trestle/schemas/oscal/cd";
const catalogueOfControls =
  "https://raw.githubusercontent.com/usnistgov/oscal-content/main/nist.gov/SP800-53/rev5/json/NIST_SP-800-53_rev5_catalog.json";

/** The components of the kit that an environment is made of, each with the rules that judged what it made. */
export function rulesByComponent(verdicts: readonly Verdict[]): Map<string, readonly string[]> {
  const judged = new Map<string, Set<string>>();
  for (const { rule, urn, state } of verdicts) {
    if (urn === "" || state === "notApplicable" || state === "notEvaluated") continue;
    const types = urn.split("::")[2]?.split("$") ?? [];
    const component = types.findLast((type) => type.startsWith("cloister:"));
    if (component === undefined) continue;
    judged.set(component, (judged.get(component) ?? new Set()).add(rule));
  }
  return new Map(
    [...judged].sort(([left], [right]) => (left < right ? -1 : 1)).map(([name, ids]) => [name, [...ids].sort()]),
  );
}

/**
 * The kit's components as an OSCAL 1.2.1 component definition: which of them an environment has, which rules judge what each
 * makes, and which controls of NIST SP 800-53 r5 those rules support; besides them the pack, as the component that validates.
 * It tells what is judged, not what was found: that is in the assessment results.
 */
export function componentDefinition(input: EvidenceInput): string {
  const components = rulesByComponent(mergeVerdicts(input.ledgers));
  const [first] = input.ledgers;
  const content = sha256(canonicalJson([input.environment, first?.packSha256 ?? "", [...components]]));
  const document = {
    "component-definition": {
      uuid: identifier("component-definition", content),
      metadata: {
        title: `Cloister's components in ${input.environment}`,
        "last-modified": input.generatedAt,
        version: first?.packVersion ?? "0",
        "oscal-version": oscalVersion,
        props: [
          property("environment", input.environment),
          property("footprint", input.footprint),
          ...propertyIf("policy-pack-sha256", first?.packSha256),
        ],
      },
      components: [...[...components].map(([token, ids]) => software(token, ids)), validation(input)],
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** One property of a rule: trestle ties those of one rule together by the remark. */
const ruleProperty = (name: string, value: string, remarks: string) => ({ name, ns: trestle, value, remarks });

function software(token: string, ids: readonly string[]): object {
  const name = token.split(":").at(-1) ?? token;
  const controls = [...new Set(ids.flatMap((id) => nistControls(id)))].sort();
  const uuid = identifier("component", token);
  return {
    uuid,
    type: "software",
    title: name,
    description: `The component ${token} of the kit. What it makes is judged by ${ids.join(", ")}.`,
    props: [
      property("pulumi-type", token),
      ...ids.flatMap((id) => [
        ruleProperty("Rule_Id", id, id),
        ruleProperty("Rule_Description", catalogued(id).title, id),
      ]),
    ],
    ...some(
      "control-implementations",
      controls.length === 0
        ? []
        : [
            {
              uuid: identifier("control-implementation", uuid),
              source: catalogueOfControls,
              description: "Controls of NIST SP 800-53 r5 that the rules support",
              "implemented-requirements": controls.map((control) => requirement(uuid, control, ids)),
            },
          ],
    ),
  };
}

function requirement(component: string, control: string, ids: readonly string[]): object {
  const mine = ids.filter((id) => nistControls(id).includes(control));
  return {
    uuid: identifier("implemented-requirement", component, control),
    "control-id": control,
    description: `${mine.map((id) => `${id}: ${catalogued(id).title}`).join("; ")}. The rules support the control; an assessor decides whether it is met.`,
    props: mine.map((id) => ({ name: "Rule_Id", ns: trestle, value: id })),
  };
}

function validation({ ledgers }: EvidenceInput): object {
  const [first] = ledgers;
  return {
    uuid: identifier("component", first?.packSha256 ?? ""),
    type: "validation",
    title: packFile,
    description: "CrossGuard policy pack: it judges every preview and update, and what stands after it",
    props: [
      ...propertyIf("sha256", first?.packSha256),
      ...rules.flatMap(({ id, title, remediation }) => [
        ruleProperty("Rule_Id", id, id),
        ruleProperty("Check_Id", id, id),
        ruleProperty("Check_Description", `${title}. ${remediation}`, id),
      ]),
    ],
  };
}
