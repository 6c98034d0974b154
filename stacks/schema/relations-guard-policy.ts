import { actions, type Action } from "../../services/guard/examiner";
import { guardPolicy, type GuardPolicy } from "../../services/guard/policy/policy";
import { policyMistakes } from "../../services/guard/policy/policy-mistakes";
import type { GuardPolicySettings } from "./guard-policy";
import { unique, type BrokenRelation, type Path } from "./networks";
import { waiverRelations } from "./waiver";

/** A setting of the policy beside what it is where nobody wrote one. */
interface Compared {
  readonly path: Path;
  readonly found: string | number;
  readonly usual: string | number;
  readonly milder: boolean;
}

const directions = ["prompt", "answer"] as const;
const usual = guardPolicy.parse({ apiVersion: "cloister.dev/guard-policy/v1" });

/** What the kind of a rule does by default; undefined for a rule of the environment's own, which comes on top. */
function usualOf(rule: string): Readonly<Record<(typeof directions)[number], Action>> | undefined {
  const [kind] = rule.split(".");
  if (kind === "pii") return usual.personalData;
  if (kind === "secret") return usual.secrets;
  if (kind === "canary") return { prompt: "quarantine", answer: "quarantine" };
  return kind === "injection" ? { prompt: usual.injection.prompt, answer: "allow" } : undefined;
}

const ofAction = (path: Path, found: Action, least: Action): Compared => ({
  path,
  found,
  usual: least,
  milder: actions.indexOf(found) < actions.indexOf(least),
});

function compared({ personalData, secrets, injection, rules, holdBackCharacters }: GuardPolicy): Compared[] {
  const kinds = { personalData, secrets };
  const ofKinds = (["personalData", "secrets"] as const).flatMap((kind) =>
    directions.map((direction) => ofAction([kind, direction], kinds[kind][direction], usual[kind][direction])),
  );
  const ofRules = Object.entries(rules).flatMap(([rule, own]) =>
    directions.flatMap((direction) => {
      const [found, least] = [own[direction], usualOf(rule)?.[direction]];
      return found === undefined || least === undefined ? [] : [ofAction(["rules", rule, direction], found, least)];
    }),
  );
  const { threshold } = injection;
  return [
    ...ofKinds,
    ofAction(["injection", "prompt"], injection.prompt, usual.injection.prompt),
    {
      path: ["injection", "threshold"],
      found: threshold,
      usual: usual.injection.threshold,
      milder: threshold > usual.injection.threshold,
    },
    ...ofRules,
    {
      path: ["holdBackCharacters"],
      found: holdBackCharacters,
      usual: usual.holdBackCharacters,
      milder: holdBackCharacters < usual.holdBackCharacters,
    },
  ];
}

/** Settings that are milder than the default, by their path in the policy, and what they are. */
export const milderSettings = (policy: GuardPolicy): { readonly setting: string; readonly value: string | number }[] =>
  compared(policy)
    .filter(({ milder }) => milder)
    .map(({ path, found }) => ({ setting: path.join("."), value: found }));

/**
 * What the policy of an environment must keep to: it can be applied, and nothing in it is milder than the default unless
 * somebody answers for it.
 *
 * @param now milliseconds since 1970, for what expires.
 */
export function guardPolicyRelations(policy: GuardPolicySettings, now: number): BrokenRelation[] {
  const at = (...path: Path): Path => ["platform", "guard", "policy", ...path];
  const { loosened, allowed } = policy;
  const milder = compared(policy).filter((one) => one.milder);
  const settingOf = ({ path }: Compared): string => path.join(".");
  const unanswered = milder.filter((one) => !loosened.some(({ setting }) => setting === settingOf(one)));
  const idle = loosened.flatMap(({ setting }, index): BrokenRelation[] =>
    milder.some((one) => settingOf(one) === setting)
      ? []
      : [
          {
            path: at("loosened", index, "setting"),
            found: `${setting}, which is not milder than the default`,
            allowed: milder.map(settingOf).join(", ") || "nothing: no setting of the policy is milder",
            mend: "remove the entry: a waiver of nothing would wait for its use",
          },
        ],
  );
  return [
    ...policyMistakes(policy).map(({ path, ...rest }) => ({ path: at(...path), ...rest })),
    ...unanswered.map(({ path, found, usual: least }) => ({
      path: at(...path),
      found: `${found}, milder than the default`,
      allowed: `${least} or stricter, or an entry for ${path.join(".")} in platform.guard.policy.loosened`,
      mend: `add there { setting: ${path.join(".")}, waiver: { owner, approver, reason, expires } }, or remove the line`,
    })),
    ...idle,
    ...unique(
      loosened.map(({ setting }, index) => ({ path: at("loosened", index, "setting"), value: setting })),
      "setting",
    ),
    ...[...loosened.entries()].flatMap(([index, { waiver }]) =>
      waiverRelations(at("loosened", index, "waiver"), waiver, now),
    ),
    ...[...allowed.entries()].flatMap(([index, { waiver }]) =>
      waiverRelations(at("allowed", index, "waiver"), waiver, now),
    ),
  ];
}
