import { KitError } from "../components/kit-error";

/**
 * A whole number from the command line.
 *
 * @throws KitError where it is none, or out of its bounds.
 */
export function wholeOption(option: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least && number <= most) return number;
  throw new KitError("The command cannot be run", [
    { path: option, found: text, allowed: `a whole number from ${least} to ${most}`, mend: "give another one" },
  ]);
}
