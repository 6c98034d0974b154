import { writeFileSync } from "node:fs";
import Table from "cli-table3";
import pc from "picocolors";
import type { LedgerRecord } from "../../services/ledger/record";
import { SubjectKeys } from "../../services/ledger/subject-keys";
import { verifyLedger, type LedgerFinding, type VerifyReport } from "../../services/ledger/verify/verify";
import { labFiles, openLedger, type LedgerOptions } from "./sources";

/** Progress goes to standard error, and only where somebody watches. */
const counting = (segments: number): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r${segments} segments read`);
};
const counted = (): void => {
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
};

async function read(options: LedgerOptions, onRecord?: (record: LedgerRecord) => void): Promise<VerifyReport> {
  const { source, roots, witnessed } = openLedger(options);
  const report = await verifyLedger(source, {
    roots,
    witnessed,
    onProgress: counting,
    ...(onRecord ? { onRecord } : {}),
  });
  counted();
  return report;
}

/** `ledger verify`. @returns 0 where all is sound, else 1. */
export async function verify(options: LedgerOptions): Promise<number> {
  const report = await read(options);
  process.stdout.write(options.json === true ? `${JSON.stringify(report, null, 2)}\n` : told(report));
  return report.verdict === "sound" ? 0 : 1;
}

const coloured = (verdict: string): string => (verdict === "sound" ? pc.green(verdict) : pc.red(verdict));
const findingLine = ({ verdict, where, what }: LedgerFinding): string => `  ${pc.red(verdict)} ${where}: ${what}`;

function told({ source, verdict, chains, findings }: VerifyReport): string {
  const table = new Table({
    head: ["chain", "verdict", "segments", "records", "proven until"],
    style: { head: [], border: [] },
  });
  for (const one of chains) {
    const until = one.head === undefined ? "nothing" : `record ${one.head.last}, ${one.head.time}`;
    table.push([one.chain, coloured(one.verdict), one.segments, one.records, until]);
  }
  const widest = Math.max(0, ...chains.map((one) => one.longestUnanchored));
  return [
    table.toString(),
    ...chains.flatMap((one) => one.findings.map(findingLine)),
    ...findings.map(findingLine),
    ...chains.flatMap((one) => one.notes.map((note) => `  note ${note}`)),
    `Longest time from a record to the head that anchors it: ${(widest / 1000).toFixed(1)} s. What came after the last head is not proven.`,
    `Verdict   ${coloured(verdict)}, read from ${source} alone`,
    "",
  ].join("\n");
}

export interface ShowOptions extends LedgerOptions {
  readonly kind?: string;
  readonly from?: string;
  readonly to?: string;
  readonly subject?: readonly string[];
  readonly last?: string;
}

const chosen = ({ kind, from = "", to = "~", subject }: ShowOptions) => {
  const within = (record: LedgerRecord): boolean => record.time >= from && record.time <= to;
  return (record: LedgerRecord): boolean =>
    within(record) &&
    (kind === undefined || record.kind === kind) &&
    (subject === undefined || (record.subject !== undefined && subject.includes(record.subject)));
};

/** `ledger show`: the last records, one a line. @returns 0 where all of the ledger is sound, else 1. */
export async function show(options: ShowOptions): Promise<number> {
  const matches = chosen(options);
  const records: LedgerRecord[] = [];
  const report = await read(options, (record) => void (matches(record) && records.push(record)));
  const shown = records.sort((left, right) => (left.time < right.time ? -1 : 1)).slice(-Number(options.last ?? 20));
  if (options.json === true)
    process.stdout.write(`${JSON.stringify({ verdict: report.verdict, records: shown }, null, 2)}\n`);
  else {
    for (const { time, chain, sequence, kind, body } of shown) {
      const { application = "", model = "", outcome = "", status = "" } = body as Record<string, string>;
      const words = [application, model, outcome, status].filter((word) => word !== "").join(" ");
      process.stdout.write(`${time} ${chain} ${sequence} ${kind} ${words}\n`);
    }
    process.stdout.write(`${shown.length} of ${records.length} records · the ledger is ${coloured(report.verdict)}\n`);
  }
  return report.verdict === "sound" ? 0 : 1;
}

export interface ExportOptions extends ShowOptions {
  readonly person?: string;
  readonly subjects?: readonly string[];
  readonly out: string;
}

/** `ledger export`: what is on the record of a person in a period, with the proof. @returns 0 where all is sound, else 1. */
export async function exportRecords(options: ExportOptions): Promise<number> {
  const folders = options.subjects ?? (options.lab === undefined ? [] : labFiles(options.lab).subjects);
  const pseudonyms = [...(options.subject ?? [])];
  if (options.person !== undefined) {
    for (const folder of folders)
      pseudonyms.push(...Object.values((await SubjectKeys.open(folder)).pseudonyms(options.person)));
  }
  const of =
    options.person === undefined && options.subject === undefined ? options : { ...options, subject: pseudonyms };
  const matches = chosen(of);
  const records: LedgerRecord[] = [];
  const report = await read(options, (record) => void (matches(record) && records.push(record)));
  records.sort((left, right) => (left.time < right.time ? -1 : 1));
  const document = { from: options.from, to: options.to, pseudonyms: of.subject, ledger: report, records };
  writeFileSync(options.out, `${JSON.stringify(document, null, 2)}\n`, { mode: 0o600 });
  const told = { written: options.out, records: records.length, verdict: report.verdict };
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify(told)}\n`
      : `Wrote ${records.length} records to ${options.out}. The ledger is ${coloured(report.verdict)}.\n`,
  );
  return report.verdict === "sound" ? 0 : 1;
}
