/** What a secret looks like wherever it stands: keys, tokens with a known beginning, and addresses with a password in them. */
const shapes: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, "a private key"],
  [/:\/\/[^\s/:@]*:[^\s/@]+@/, "an address with a password"],
  [/\b(AKIA|ASIA)[A-Z0-9]{16}\b/, "a cloud's access key"],
  [/\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\./, "a token"],
  [/\b(hf|gh[opsu]|glpat|xox[bp]|sk|hvs)[-_.][\w-]{16,}/, "a token"],
];

const kinds =
  "passwords?|passwd|passphrase|secrets?|token|api[-_]?keys?|private[-_]?keys?|access[-_]?keys?|credentials?";
const variable = new RegExp(`(^|_)(${kinds})(_(id|value|base64))?$`, "i");
const flag = new RegExp(`^--?([a-z0-9.]+[-_.])*(${kinds})$`, "i");

/** A reference to a variable of the pod, which is judged where it is set. */
const isReference = (text: string): boolean => /^\$\([A-Za-z0-9_]+\)$/.test(text);

/** What sort of secret a text holds in clear; undefined where it looks like none. */
export const secretIn = (text: string): string | undefined => shapes.find(([shape]) => shape.test(text))?.[1];

/** Whether a variable of this name holds a secret: not where it is a file, a path or an address that is named. */
export const namesSecret = (name: string, value: string): boolean =>
  value !== "" && variable.test(name) && !isReference(value);

/** The first argument that gives a secret in clear: by what it looks like, or by the flag that takes it. */
export function secretArgument(args: readonly string[]): string | undefined {
  for (const [index, argument] of args.entries()) {
    const shape = secretIn(argument);
    if (shape !== undefined) return `argument ${index} is ${shape}`;
    const [name = "", value = argument.includes("=") ? "" : args[index + 1]] = argument.split(/=(.*)/s);
    const given = value !== undefined && value !== "" && !value.startsWith("-") && !isReference(value);
    if (flag.test(name) && given) return `${name} is given in clear`;
  }
  return undefined;
}
