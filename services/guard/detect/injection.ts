import type { Detector, Span } from "./detector";

interface Signal {
  readonly expression: RegExp;
  readonly weight: number;
}

/** A line may end anywhere in a sentence: `.` takes its end too. */
const signal = (weight: number, { source, flags }: RegExp): Signal => ({
  weight,
  expression: new RegExp(source, `${flags}s`),
});

/**
 * What tells that a prompt wants to speak over its instructions. None proves it; their weights are added up. The words are
 * those of published attacks; English, German, French, Spanish, Dutch.
 */
const signals: readonly Signal[] = [
  signal(
    3,
    /\b(?:ignore|disregard|forget|override|bypass)\b.{0,30}\b(?:all|any|the|your|my|previous|prior|above|earlier)\b.{0,30}\b(?:instruction|prompt|rule|direction|guideline|polic|context)/i,
  ),
  signal(3, /\b(?:ignoriere|vergiss|missachte)\b.{0,40}\b(?:anweisung|instruktion|regel|vorgabe)/i),
  signal(3, /\b(?:ignore[zs]?|oublie[zs]?)\b.{0,40}\b(?:instructions?|consignes?|règles?|regles?)\b/i),
  signal(3, /\b(?:ignora|olvida|omite)\b.{0,40}\b(?:instrucciones|reglas|indicaciones)\b/i),
  signal(3, /\b(?:negeer|vergeet)\b.{0,40}\b(?:instructies|regels|opdrachten)\b/i),
  signal(3, /<\|(?:im_start|im_end|system|endoftext|eot_id|start_header_id)\|>|\[\/?INST\]|<<\/?SYS>>/i),
  signal(2, /^\s{0,8}(?:###\s{0,3})?(?:system|assistant)\s{0,3}:/im),
  signal(
    3,
    /\b(?:reveal|print|show|repeat|output|tell me|display|leak)\b.{0,30}\b(?:system|hidden|initial|secret|original)\b.{0,15}\b(?:prompt|instruction|message)/i,
  ),
  signal(
    3,
    /\b(?:you are|act as|pretend to be|roleplay as)\b.{0,40}\b(?:DAN|jailbroken|unfiltered|uncensored|without (?:any )?(?:restriction|filter|rule))/i,
  ),
  signal(2, /\b(?:developer|debug|god|sudo|jailbreak) mode\b/i),
  signal(2, /\bdo anything now\b|\bno longer bound by\b|\bwithout any (?:moral|ethical|safety)\b/i),
  signal(2, /\bnew (?:instructions?|system prompt)\s{0,3}:/i),
  signal(1, /[A-Za-z0-9+/]{400,}={0,2}/),
];

/** Text that nobody sees: letters of the tag block, and many marks of direction or joiners. It is read before it is rewritten. */
const hidden = /[\u{e0020}-\u{e007e}]{4,}/u;
const flood = /(?:[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff][^]{0,2}){12,}/;

/** Finds prompts whose signals add up to the threshold; the finding is the whole text. */
export function injection(threshold: number): Detector & { readonly hiddenIn: (original: string) => boolean } {
  return {
    rule: "injection",
    category: "injection",
    hiddenIn: (original) => hidden.test(original) || flood.test(original),
    find: (text): Span[] => {
      let weight = 0;
      for (const one of signals) if (one.expression.test(text)) weight += one.weight;
      return weight >= threshold ? [{ start: 0, end: text.length }] : [];
    },
  };
}
