import { join } from "node:path";
import { mapTexts, parseRequest } from "../../services/guard/request-texts";
import { sha256, type LedgerRecord } from "../../services/ledger/record";
import { SubjectKeys } from "../../services/ledger/subject-keys";
import type { Lab } from "../lab/lab";
import { asker, ends, type Ended, type Outcome } from "./load";
import type { Proven } from "./record";

/** What applications saw, beside what the record says. */
export interface Reckoning {
  /** Requests by how they ended for the application. */
  readonly requests: Readonly<Record<Ended, number>>;
  /** Those that were refused, by the code that they were told. */
  readonly refusals: Readonly<Record<string, number>>;
  /** Of those that did not end whole: the record says that they were interrupted, or has no end of them. */
  readonly interrupted: number;
  /** `request.asked` on the record without an end so far. */
  readonly open: number;
  /** Of what the record says was interrupted, what another replica says was answered: it was asked on one that went away. */
  readonly answeredElsewhere: number;
  readonly records: number;
  readonly verdict: string;
  /** Where the two say different things, the first ones. Empty where nothing was lost and nobody got what is not recorded. */
  readonly faults: readonly string[];
}

const mostFaults = 20;

interface Reference {
  readonly chain: string;
  readonly sequence: number;
}

const placeOf = ({ chain, sequence }: Reference): string => `${chain} ${sequence}`;
const push = <T>(map: Map<string, T[]>, key: string, value: T): void =>
  void map.set(key, [...(map.get(key) ?? []), value]);

/**
 * Holds what applications remember against the record. The record names nobody and nothing that was said; with the keys on
 * the ledgers' own disks the two can be told to belong together: by the prompt, and by every byte of the answer.
 */
export async function reckon(lab: Lab, outcomes: readonly Outcome[], { report, records }: Proven): Promise<Reckoning> {
  const keys = await keysOf(lab, records);
  const asked = new Map<string, LedgerRecord[]>();
  const closing = new Map<string, LedgerRecord[]>();
  for (const record of records) {
    if (record.kind === "request.asked") push(asked, `${record.chain} ${record.digests?.["prompt"] ?? ""}`, record);
    const of = record.body["asked"] as Reference | undefined;
    if (of !== undefined) push(closing, placeOf(of), record);
  }
  const faults: string[] = report.verdict === "sound" ? [] : [`the record is ${report.verdict}`];
  let interrupted = 0;
  for (const outcome of outcomes) {
    const digests = await digestsOf(outcome, keys);
    const own = [...digests].flatMap(([chain, { prompt = "" }]) => asked.get(`${chain} ${prompt}`) ?? []);
    const answers = own
      .flatMap((record) => closing.get(placeOf(record)) ?? [])
      .filter(({ kind }) => kind === "request.answered");
    const fault = faultOf(outcome, own, answers, digests);
    if (fault !== undefined) faults.push(`request ${outcome.number}: ${fault} (${outcome.ended} ${outcome.why})`);
    if (outcome.ended !== "whole" && own.length > 0 && answers.length === 0) interrupted += 1;
  }
  const ended = [...asked.values()]
    .flat()
    .map((record) => (closing.get(placeOf(record)) ?? []).map(({ kind }) => kind));
  return {
    requests: Object.fromEntries(
      ends.map((how) => [how, outcomes.filter((one) => one.ended === how).length]),
    ) as Reckoning["requests"],
    refusals: refusalsOf(outcomes),
    interrupted,
    open: ended.filter((kinds) => kinds.length === 0).length,
    answeredElsewhere: ended.filter(
      (kinds) => kinds.includes("request.interrupted") && kinds.includes("request.answered"),
    ).length,
    records: records.length,
    verdict: report.verdict,
    faults: faults.slice(0, mostFaults),
  };
}

function refusalsOf(outcomes: readonly Outcome[]): Record<string, number> {
  const codes = outcomes
    .filter(({ ended }) => ended === "refused")
    .map(({ why }) => /"code":"(\w+)"/.exec(why)?.[1] ?? why.slice(0, 3));
  return Object.fromEntries([...new Set(codes)].map((code) => [code, codes.filter((one) => one === code).length]));
}

/** What an application saw that the record does not bear out. */
function faultOf(
  { ended, began }: Outcome,
  asked: readonly LedgerRecord[],
  answers: readonly LedgerRecord[],
  own: KeyedDigests,
): string | undefined {
  if (ended === "wrong") return "another answer than was asked for";
  if (began && asked.length === 0) return "some of an answer came, and nothing was asked by the record";
  if (new Set(asked.map(({ key }) => key)).size > 1) return "the record says that it was asked more than once";
  if (ended === "told" && answers.length === 0) return "an end was told that the record does not have";
  if (ended !== "whole") return undefined;
  const borneOut = answers.some(
    ({ chain, body, digests }) => body["outcome"] === "answered" && digests?.["answer"] === own.get(chain)?.["answer"],
  );
  return borneOut ? undefined : "a whole answer came that the record does not have, byte by byte";
}

/** The keys of each chain that has asked somebody: their key is there already, so none is drawn here. */
async function keysOf(lab: Lab, records: readonly LedgerRecord[]): Promise<ReadonlyMap<string, SubjectKeys>> {
  const keys = new Map<string, SubjectKeys>();
  for (const { kind, chain } of records) {
    if (kind !== "request.asked" || keys.has(chain)) continue;
    const [replica = ""] = chain.split(".");
    const root = lab.processesOf("ledger").find(({ pod }) => pod.endsWith(`/${replica}`))?.root ?? "";
    keys.set(chain, await SubjectKeys.open(join(root, "data/subjects")));
  }
  return keys;
}

/** What the guard takes for the prompt of a chat: every text of it, as it came. */
function promptOf(body: string): string {
  const texts: string[] = [];
  mapTexts(parseRequest("/v1/chat/completions", body).fields, (text) => (texts.push(text), text));
  return texts.join("\n");
}

type KeyedDigests = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** What was asked and what came, as each chain would write it: digests under the asker's key. */
async function digestsOf({ body, digest }: Outcome, keys: ReadonlyMap<string, SubjectKeys>): Promise<KeyedDigests> {
  const plain = { prompt: sha256(promptOf(body)), answer: digest };
  const digests = new Map<string, Readonly<Record<string, string>>>();
  for (const [chain, own] of keys) digests.set(chain, (await own.protect(asker, plain, Date.now())).digests);
  return digests;
}
