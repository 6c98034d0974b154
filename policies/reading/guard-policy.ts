import type { Properties } from "../rule";
import type { GuardLoosened } from "../settings";

/** What a guard may do with what it finds, from the weakest on. */
const actions = ["allow", "mask", "block", "quarantine"];
const strength = (action: unknown): number => actions.indexOf(String(action));

type Sides = Readonly<Record<"prompt" | "answer", string>>;

/** The least that is done with each kind: what a guard does whose policy says nothing. */
const least: Readonly<Record<"personalData" | "secrets" | "injection" | "canaries", Sides>> = {
  personalData: { prompt: "mask", answer: "mask" },
  secrets: { prompt: "block", answer: "mask" },
  injection: { prompt: "block", answer: "allow" },
  canaries: { prompt: "quarantine", answer: "quarantine" },
};

/** Kinds of the rules that may be told apart, by the beginning of their names. What else there is was added on top. */
const kinds: readonly (readonly [name: RegExp, kind: keyof typeof least])[] = [
  [/^pii(\.|$)/, "personalData"],
  [/^secret(\.|$)/, "secrets"],
  [/^injection(\.|$)/, "injection"],
  [/^canary(\.|$)/, "canaries"],
];

/** From so much suspicion on a prompt counts as an injection; more lets more through. */
const mostSuspicion = 3;
/** Characters of a stream that are held back: what is longer than that can slip through in pieces. */
const leastHeldBack = 256;

/** Where nobody loosened anything. */
const nothing: GuardLoosened = { settings: [], allowed: [] };

/** What a guard's policy lets through that it would not if it said nothing, and that nobody answers for; undefined where nothing. */
export function weakPolicy(policy: Properties, loosened: GuardLoosened = nothing): string | undefined {
  const agreed = (setting: string, enough: (value: unknown) => boolean): boolean =>
    loosened.settings.some((one) => one.setting === setting && enough(one.value));
  const weaker = (path: string, told: Properties, wanted: Sides): string | undefined => {
    const side = (["prompt", "answer"] as const).find(
      (one) =>
        told?.[one] !== undefined &&
        strength(told[one]) < strength(wanted[one]) &&
        !agreed(`${path}.${one}`, (value) => strength(told[one]) >= strength(value)),
    );
    return side && `${path} in ${side}s is ${String(told?.[side])}; the least is ${wanted[side]}`;
  };
  // The rules of a canary are told apart by its name alone: their kind has no setting of its own.
  const kindsTold = (["personalData", "secrets", "injection"] as const).map((kind) =>
    weaker(kind, policy?.[kind], least[kind]),
  );
  const single = Object.entries((policy?.rules ?? {}) as Record<string, Properties>).map(([name, told]) => {
    const kind = kinds.find(([pattern]) => pattern.test(name))?.[1];
    return kind && weaker(`rules.${name}`, told, least[kind]);
  });
  const weak = [...kindsTold, ...single].find((why) => why !== undefined);
  if (weak !== undefined) return weak;
  const threshold = Number(policy?.injection?.threshold ?? mostSuspicion);
  if (!(threshold <= mostSuspicion || agreed("injection.threshold", (value) => threshold <= Number(value))))
    return `an injection counts from ${String(policy?.injection?.threshold)} on; the most is ${mostSuspicion}`;
  const heldBack = Number(policy?.holdBackCharacters ?? leastHeldBack);
  if (!(heldBack >= leastHeldBack || agreed("holdBackCharacters", (value) => heldBack >= Number(value))))
    return `${String(policy?.holdBackCharacters)} characters of a stream are held back; the least is ${leastHeldBack}`;
  return letGo(policy?.allowed, loosened.allowed);
}

/** A text that a rule lets go without anybody's word; undefined where there is none. */
function letGo(allowed: Properties, agreed: GuardLoosened["allowed"]): string | undefined {
  const entries: readonly Properties[] = Array.isArray(allowed) ? allowed : [];
  const other = entries.find(
    ({ rule, texts }) =>
      !agreed.some(
        (one) => one.rule === rule && Array.isArray(texts) && texts.every((text) => one.texts.includes(String(text))),
      ),
  );
  return other === undefined ? undefined : `${String(other.rule)} lets texts go that nobody answers for`;
}
