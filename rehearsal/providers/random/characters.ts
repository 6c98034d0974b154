import { randomInt } from "node:crypto";

export interface CharacterRules {
  readonly length: number;
  readonly lower: boolean;
  readonly upper: boolean;
  readonly numeric: boolean;
  readonly special: boolean;
  readonly minLower: number;
  readonly minUpper: number;
  readonly minNumeric: number;
  readonly minSpecial: number;
  readonly overrideSpecial?: string;
}

const lower = "abcdefghijklmnopqrstuvwxyz";
const upper = lower.toUpperCase();
const numeric = "0123456789";
const special = "!@#$%&*()-_=+[]{}<>:?";

// `randomInt` rejects the values that a plain modulo would favour.
const pick = (characters: readonly string[]): string => characters[randomInt(characters.length)] as string;

/**
 * Draws a string that holds at least the asked number of each class, each other character uniform over all classes.
 * The order is shuffled so that a class's place tells nothing.
 */
export function drawCharacters(rules: CharacterRules): string {
  const specials = [...(rules.overrideSpecial || special)];
  const classes = [
    { characters: [...lower], used: rules.lower, least: rules.minLower },
    { characters: [...upper], used: rules.upper, least: rules.minUpper },
    { characters: [...numeric], used: rules.numeric, least: rules.minNumeric },
    { characters: specials, used: rules.special, least: rules.minSpecial },
  ];
  const all = classes.flatMap(({ characters, used }) => (used ? characters : []));
  const drawn = classes.flatMap(({ characters, least }) => Array.from({ length: least }, () => pick(characters)));
  while (drawn.length < rules.length) drawn.push(pick(all));
  for (let last = drawn.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [drawn[last], drawn[other]] = [drawn[other] as string, drawn[last] as string];
  }
  return drawn.join("");
}
