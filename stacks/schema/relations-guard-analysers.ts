import type { Environment } from "./environment";
import type { BrokenRelation } from "./networks";
import { waiverRelations } from "./waiver";

/** Presidio is off, or less than it is by default, where somebody answers for it; a classifier is a model that serves. */
export function guardAnalyserRelations({ platform }: Environment, now: number): BrokenRelation[] {
  const at = ["platform", "guard", "presidio"];
  const { presidio, classifier } = platform.guard;
  const { enabled, required, action, waiver } = presidio;
  const milder = [
    ...(enabled ? [] : [{ setting: "enabled", found: "false", usual: "true" }]),
    ...(required ? [] : [{ setting: "required", found: "false", usual: "true" }]),
    ...(action === "quarantine" ? [] : [{ setting: "action", found: action, usual: "quarantine" }]),
  ];
  const served: readonly string[] = platform.models.map(({ name }) => name);
  return [
    ...(waiver === undefined
      ? milder.map(({ setting, found, usual }) => ({
          path: [...at, setting],
          found: `${found}, milder than the default`,
          allowed: `${usual}, or a waiver beside it`,
          mend: "add waiver: { owner, approver, reason, expires } to platform.guard.presidio, or remove the line",
        }))
      : waiverRelations([...at, "waiver"], waiver, now)),
    ...(waiver !== undefined && milder.length === 0
      ? [
          {
            path: [...at, "waiver"],
            found: "a waiver of nothing",
            allowed: "one where Presidio is off, not required, or only blocks",
            mend: "remove it: it would wait for its use",
          },
        ]
      : []),
    ...(classifier === undefined || served.includes(classifier.model)
      ? []
      : [
          {
            path: ["platform", "guard", "classifier", "model"],
            found: classifier.model,
            allowed: `a model that serves: ${served.join(", ")}`,
            mend: "name one of them, or add it to platform.models",
          },
        ]),
  ];
}
