import type { Properties } from "../rule";

/** What a guard may do with what it finds, from the weakest on. */
const actions = ["allow", "mask", "block", "quarantine"];
const strength = (action: unknown): number => actions.indexOf(String(action));

type Sides = Readonly<Record<"prompt" | "answer", string>>;

/** The least that is done with each kind: what a guard does whose policy says nothing. */
const least: Readonly<Record<"personalData" | "secrets" | "injection", Sides>> = {
  personalData: { prompt: "mask", answer: "mask" },
  secrets: { prompt: "block", answer: "mask" },
  injection: { prompt: "block", answer: "allow" },
};

/** Kinds of the rules that may be told apart, by the beginning of their names. What else there is was added on top. */
const kinds: readonly (readonly [name: RegExp, kind: keyof typeof least])[] = [
  [/^pii(\.|$)/, "personalData"],
  [/^secret(\.|$)/, "secrets"],
  [/^injection(\.|$)/, "injection"],
];

/** From so much suspicion on a prompt counts as an injection; more lets more through. */
const mostSuspicion = 3;
/** Characters of a stream that are held back: what is longer than that can slip through in pieces. */
const leastHeldBack = 256;

function weaker(name: string, told: Properties, wanted: Sides): string | undefined {
  const side = (["prompt", "answer"] as const).find(
    (one) => told?.[one] !== undefined && strength(told[one]) < strength(wanted[one]),
  );
  return side && `${name} in ${side}s is ${String(told?.[side])}; the least is ${wanted[side]}`;
}

/** What a guard's policy lets through that it would not if it said nothing; undefined where nothing. */
export function weakPolicy(policy: Properties): string | undefined {
  const whole = Object.entries(least).map(([kind, wanted]) => weaker(kind, policy?.[kind], wanted));
  const single = Object.entries((policy?.rules ?? {}) as Record<string, Properties>).map(([name, told]) => {
    const kind = kinds.find(([pattern]) => pattern.test(name))?.[1];
    return kind && weaker(name, told, least[kind]);
  });
  const weak = [...whole, ...single].find((why) => why !== undefined);
  if (weak !== undefined) return weak;
  if (!(Number(policy?.injection?.threshold ?? mostSuspicion) <= mostSuspicion))
    return `an injection counts from ${String(policy?.injection?.threshold)} on; the most is ${mostSuspicion}`;
  return Number(policy?.holdBackCharacters ?? leastHeldBack) >= leastHeldBack
    ? undefined
    : `${String(policy?.holdBackCharacters)} characters of a stream are held back; the least is ${leastHeldBack}`;
}
