import type { CapturedPlan } from "../../policies/plan-capture";
import type { Subject } from "../../policies/rule";
import { additionsTo, newResources } from "./additions";
import { breakOf, removalOf } from "./breaks";
import { changed, elementsOf, leavesOf, pattern, place, type FieldPath } from "./field-path";
import type { LeftOutFields } from "./left-out";
import { breakField, type Mutant } from "./mutant";

const RESOURCE = "(resource)";
const PROTECT = "(protect)";

/** One mutant for each field, element, resource and lock of a plan that is not left out, and those of what it lacks. */
export function makeMutants(plan: CapturedPlan, leftOut: LeftOutFields): Mutant[] {
  return [...plan.inputs.flatMap((subject) => ofSubject(subject, leftOut)), ...ofNothing(plan)];
}

function ofSubject(subject: Subject, leftOut: LeftOutFields): Mutant[] {
  const { urn, type, name } = subject;
  const props = subject.props as unknown;
  const kept = (at: string) => leftOut.reasonFor(subject, at) === undefined;
  const whole = { urn, type, name, path: "" };
  const at = (path: FieldPath) => ({ urn, type, name, path: place(path), pattern: pattern(path, props) });
  const fields = [...leavesOf(props)]
    .filter((path) => kept(pattern(path, props)))
    .flatMap((path): Mutant[] => {
      const made = breakOf(props, path);
      if ("reason" in made) {
        leftOut.note(subject, pattern(path, props), made.reason);
        return [];
      }
      return [{ kind: "field", ...at(path), told: made.told, break: breakField(path, () => made.to) }];
    });
  const elements = [...elementsOf(props)]
    .filter((path) => kept(pattern(path, props)))
    .filter((path) => {
      const harmless = removalOf(props, path);
      if (harmless) leftOut.note(subject, pattern(path, props), harmless.reason);
      return harmless === undefined;
    })
    .map((path): Mutant => ({
      kind: "element",
      ...at(path),
      told: "removed",
      break: breakField(path, () => undefined),
    }));
  const added = additionsTo(subject)
    .filter(({ path }) => changed(props, path, () => "mutant") !== props)
    .map(({ path, told, change }): Mutant => ({
      kind: "addition",
      ...at(path),
      told,
      break: breakField(path, change),
    }));
  return [
    ...fields,
    ...elements,
    ...added,
    ...(kept(RESOURCE)
      ? [{ kind: "removal", ...whole, pattern: RESOURCE, told: "removed", break: () => undefined } as const]
      : []),
    ...(subject.protect && kept(PROTECT)
      ? [{ kind: "unprotect", ...whole, pattern: PROTECT, told: "protect dropped", break: unprotected } as const]
      : []),
  ];
}

const unprotected = (subject: Subject | undefined): Subject | undefined => subject && { ...subject, protect: false };

function ofNothing({ stack, inputs }: CapturedPlan): Mutant[] {
  const provider = inputs.find(({ type }) => type.startsWith("aws:s3/"))?.provider as object | undefined;
  // On one's own ground there is no cloud to add to.
  const layers = inputs.some(({ type }) => type === "aws:ec2/vpc:Vpc") ? ["foundation", "platform"] : ["platform"];
  return newResources
    .filter(({ layer }) => layers.includes(layer) && stack.endsWith(`-${layer}`))
    .map(({ type, props }, index): Mutant => {
      const name = `mutant-${index}`;
      const urn = `urn:pulumi:${stack}::cloister::${type}::${name}`;
      const made: Subject = { urn, type, name, props, protect: false, ...(provider ? { provider } : {}), origins: {} };
      return {
        kind: "new resource",
        urn,
        type,
        name,
        path: "",
        pattern: `+${index}`,
        told: "added",
        break: () => made,
      };
    });
}
