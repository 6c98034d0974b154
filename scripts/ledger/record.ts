import { existsSync, readFileSync } from "node:fs";
import { Agent, request } from "undici";
import { KitError, type Mistake } from "../../components/kit-error";
import { verifyLedger } from "../../services/ledger/verify/verify";
import { cageAccess, type ImportedDraft } from "./cage-access";
import { authorityOf, labFiles, openLedger, sourceOf, type LedgerOptions } from "./sources";
import { trailDigests } from "./trail-digests";

export interface RecordOptions extends LedgerOptions {
  /** Replicas of the ledger, `https://host:port` each; the next is asked where one does not take a record. */
  readonly ledger?: readonly string[];
  /** PEM files of the certificate `recorder` and its key. */
  readonly certificate?: string;
  readonly key?: string;
}

export interface CageAccessOptions extends RecordOptions {
  readonly file: string;
  readonly site: string;
  readonly format: "csv" | "json-lines";
}

/** `ledger record cage-access`. @returns the exit code. */
export function recordCageAccess(options: CageAccessOptions): Promise<number> {
  const { file, format, site } = options;
  return record(options, () => Promise.resolve(cageAccess(readFileSync(file, "utf8"), format, site, file)), [file]);
}

/** `ledger record trail-digests`: from the bucket, or a copy of it, that the ledger's own segments lie in. @returns the exit code. */
export function recordTrailDigests(options: RecordOptions): Promise<number> {
  const prefix = "cloudtrail/";
  return record(options, () => trailDigests(sourceOf(options, prefix)));
}

async function record(
  options: RecordOptions,
  drafts: () => Promise<readonly ImportedDraft[]>,
  files: readonly string[] = [],
): Promise<number> {
  const { source, roots } = openLedger(options);
  const shown = { ...wayOf(options), authority: authorityOf(options) ?? "" };
  checkWay(shown, files);
  const wanted = await drafts();
  // What a ledger was sent an hour ago it does not know by its key any more: the record itself does.
  const known = new Set<string>();
  const { verdict } = await verifyLedger(source, { roots, onRecord: ({ key }) => void known.add(key) });
  const missing = wanted.filter(({ key }) => !known.has(key));
  const way = new Way(shown);
  try {
    for (const draft of missing) await way.append(draft);
  } finally {
    await way.close();
  }
  const told = { recorded: missing.length, known: wanted.length - missing.length, verdict };
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify(told)}\n`
      : `${told.recorded} recorded, ${told.known} were on the record before. The ledger is ${verdict}.\n`,
  );
  return verdict === "sound" ? 0 : 1;
}

interface Shown {
  readonly ledger: readonly string[];
  readonly certificate: string;
  readonly key: string;
  readonly authority: string;
}

function wayOf({ lab, ...options }: RecordOptions): Omit<Shown, "authority"> {
  const { ledgers = [], recorder } = lab === undefined ? {} : labFiles(lab);
  return {
    ledger: options.ledger ?? ledgers,
    certificate: options.certificate ?? recorder?.certificate ?? "",
    key: options.key ?? recorder?.key ?? "",
  };
}

function checkWay({ ledger, certificate, key }: Shown, files: readonly string[]): void {
  const mistakes: Mistake[] = [];
  const urls = ledger.length === 0 ? [""] : ledger.filter((url) => !/^https:\/\/[^/]+$/.test(url));
  for (const found of urls) {
    const mend = "name each replica, such as https://127.0.0.1:8447";
    mistakes.push({ path: "--ledger", found: found || "nothing", allowed: "https://host:port", mend });
  }
  for (const [path, file] of [["--certificate", certificate] as const, ["--key", key] as const]) {
    if (file !== "" && existsSync(file)) continue;
    const mend = "name the PEM file of the certificate `recorder`: the foundation's stack output holds it";
    mistakes.push({ path, found: file === "" ? "nothing" : `nothing at ${file}`, allowed: "a file", mend });
  }
  for (const file of files.filter((one) => !existsSync(one)))
    mistakes.push({ path: "--file", found: `nothing at ${file}`, allowed: "a file", mend: "name the records" });
  if (mistakes.length > 0) throw new KitError("Nothing can be recorded", mistakes);
}

/** The way to the ledger, over mutual TLS. */
class Way {
  private readonly agent: Agent;
  private readonly urls: readonly string[];

  public constructor({ ledger, certificate, key, authority }: Shown) {
    const pem = (path: string): string => readFileSync(path, "utf8");
    const tls = {
      cert: pem(certificate),
      key: pem(key),
      ca: pem(authority),
      minVersion: "TLSv1.3" as const,
    };
    this.agent = new Agent({ connect: { ...tls, servername: "ledger.audit.svc" } });
    this.urls = ledger;
  }

  /** @throws KitError with what each replica answered, where none took it. */
  public async append(draft: ImportedDraft): Promise<void> {
    const answers: Mistake[] = [];
    for (const url of this.urls) {
      const found = await this.ask(url, draft);
      if (found === undefined) return;
      answers.push({ path: url, found, allowed: "a receipt", mend: "what was recorded so far is; run it again" });
    }
    throw new KitError("The ledger did not take a record", answers);
  }

  public close(): Promise<void> {
    return this.agent.close();
  }

  /** @returns why it took nothing, or undefined. */
  private async ask(url: string, draft: ImportedDraft): Promise<string | undefined> {
    try {
      const { statusCode, body } = await request(`${url}/v1/records`, {
        method: "POST",
        dispatcher: this.agent,
        body: JSON.stringify(draft),
        signal: AbortSignal.timeout(10_000),
      });
      const text = await body.text();
      return statusCode === 200 ? undefined : `${statusCode}: ${text}`;
    } catch (error) {
      return String(error);
    }
  }
}
