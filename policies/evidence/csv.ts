import { catalogued } from "../catalogue";
import { frameworks } from "../frameworks";
import { promises } from "../promises";
import type { Verdict } from "../rule";
import { waiversOf } from "../waivers/judge-waivers";
import type { EvidenceInput } from "./evidence";
import { mergeVerdicts } from "./summary";

const columns = [
  "rule",
  "title",
  "severity",
  "promise",
  "state",
  "stack",
  "resource",
  "type",
  "urn",
  "path",
  "message",
  "undecided",
  "inputs_sha256",
  "waiver",
  "waiver_owner",
  "waiver_approver",
  "waiver_expires",
  ...frameworks.map(({ key }) => key.replaceAll("-", "_")),
];

/**
 * The verdicts as CSV (RFC 4180, UTF-8, with a header): one line for each rule and resource, and one for each rule that judged
 * none. Several controls of a framework share a cell, parted by a semicolon.
 */
export function csv(input: EvidenceInput): string {
  const waivers = new Map((input.waivers ?? waiversOf(input.ledgers)).map(({ waiver }) => [waiver.id, waiver]));
  const lines = mergeVerdicts(input.ledgers).map((verdict) => {
    const { title, severity, supports } = catalogued(verdict.rule);
    const waiver = verdict.waiver === undefined ? undefined : waivers.get(verdict.waiver);
    return [
      verdict.rule,
      title,
      severity,
      promises
        .filter(({ rules }) => rules.includes(verdict.rule))
        .map(({ number }) => String(number))
        .join("; "),
      verdict.state,
      stackOf(verdict),
      verdict.urn.split("::").at(-1) ?? "",
      verdict.type,
      verdict.urn,
      verdict.path ?? "",
      verdict.message,
      verdict.undecided ?? "",
      verdict.inputsSha256 ?? "",
      verdict.waiver ?? "",
      waiver?.owner ?? "",
      waiver?.approver ?? "",
      waiver?.expires ?? "",
      ...frameworks.map(({ key }) => (supports[key] ?? []).join("; ")),
    ];
  });
  return [columns, ...lines].map((cells) => `${cells.map(cell).join(",")}\r\n`).join("");
}

const stackOf = ({ urn }: Verdict): string => /^urn:pulumi:([^:]*)::/.exec(urn)?.[1] ?? "";

/** Spreadsheets take what begins like a formula for one, also within quotes: an apostrophe makes it text. */
function cell(text: string): string {
  const harmless = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
