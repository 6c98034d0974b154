import { byExpression, type Detector } from "./detector";

/** Bits of each character, by how often each one is there (Shannon). */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  const length = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return -[...counts.values()].reduce((sum, count) => sum + (count / length) * Math.log2(count / length), 0);
}

/** A value that somebody drew rather than wrote: no word, no placeholder, no reference to where the value is. */
const drawn = (value: string): boolean =>
  entropy(value) >= 2.8 &&
  /\d/.test(value) &&
  /[A-Za-z]/.test(value) &&
  !/^(\$\{|\$\(|<|\{\{|%|process\.env|os\.|env\.|your|example|changeme|xxx)/i.test(value);

const token = (rule: string, expression: RegExp): Detector => byExpression(`secret.${rule}`, "secret", expression);

/**
 * A private key in PEM, from its first line to its last, or as much of it as is there: characters of base64, of headers, and
 * line ends, also as `\\n`. The longest in use, RSA of 16 384 bits, has about 13 000 characters.
 */
const pemKind = "(?:[A-Z]{2,10} ){0,2}PRIVATE KEY(?: BLOCK)?";
const pemCharacter = String.raw`[\w+/=\s\\:,.()-]`;
const pemKey = new RegExp(
  `-----BEGIN ${pemKind}-----(?:(?!-----END)${pemCharacter}){0,16384}(?:-----END ${pemKind}-----)?`,
  "g",
);
/** A text that ends within one. */
export const unfinishedPemKey = new RegExp(
  `-----BEGIN ${pemKind}-----(?:(?!-----END [A-Z ]{11,40}-----)${pemCharacter}){0,16384}$`,
);

/** Keys and passwords, by the form that their issuers gave them so that they can be found. */
export const secrets: readonly Detector[] = [
  token("aws-access-key", /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Za-z0-9])/g),
  token("github-token", /(?<!\w)(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255})(?!\w)/g),
  token("gitlab-token", /(?<!\w)glpat-[\w-]{20,64}(?![\w-])/g),
  token("slack-token", /(?<!\w)xox[abeprs]-[\w-]{10,250}(?![\w-])/g),
  token("anthropic-key", /(?<!\w)sk-ant-[\w-]{20,200}(?![\w-])/g),
  token("openai-key", /(?<!\w)sk-(?!ant-)(?:proj-|svcacct-|admin-)?[\w-]{20,200}(?![\w-])/g),
  token("stripe-key", /(?<!\w)(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,100}(?!\w)/g),
  token("npm-token", /(?<!\w)npm_[A-Za-z0-9]{36}(?!\w)/g),
  token("hugging-face-token", /(?<!\w)hf_[A-Za-z0-9]{30,60}(?!\w)/g),
  token("google-key", /(?<!\w)AIza[\w-]{35}(?![\w-])/g),
  token("age-key", /(?<!\w)AGE-SECRET-KEY-1[A-Z0-9]{58}(?!\w)/g),
  token("jwt", /(?<![\w.-])eyJ[\w-]{10,2000}\.eyJ[\w-]{10,4000}\.[\w-]{10,1000}(?![\w-])/g),
  token("private-key", pemKey),
  byExpression(
    "secret.assignment",
    "secret",
    /\b(?:password|passwd|passphrase|pwd|secret|secret[_-]?access[_-]?key|api[_-]?key|access[_-]?key|access[_-]?token|auth[_-]?token|client[_-]?secret)\b["']?\s{0,3}(?:[:=]|\bis\b)\s{0,3}["'`]?(?<value>[^\s"'`,;<>]{8,128})/gi,
    ({ groups }) => drawn(groups?.["value"] ?? ""),
  ),
];
