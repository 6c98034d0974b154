import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { KitError, type Mistake } from "../../components/kit-error";
import { S3Source } from "../../services/ledger/verify/s3-source";
import { FolderSource, type LedgerSource } from "../../services/ledger/verify/source";
import type { Witnessed } from "../../services/ledger/verify/verify";

export interface LedgerOptions {
  /** Name of an environment whose lab is up, or was. */
  readonly lab?: string;
  /** A copy of the bucket. */
  readonly copy?: string;
  readonly bucket?: string;
  readonly region?: string;
  readonly endpoint?: string;
  /** PEM file of the services' root. */
  readonly authority?: string;
  readonly witness?: readonly string[];
  readonly json?: boolean;
}

/** What a lab leaves for whoever looks at its ledger. */
export interface LabFiles {
  readonly bucket: string;
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: string;
  /** PEM file of whom the store's certificate chains to; absent where it is on loopback alone, without TLS. */
  readonly storeAuthority?: string;
  readonly authority: string;
  readonly witnesses: readonly string[];
  readonly subjects: readonly string[];
  /** Addresses of the replicas, where they can be reached from this machine. */
  readonly ledgers?: readonly string[];
  /** What who records by hand shows there: paths of the certificate and of its key. */
  readonly recorder?: { readonly certificate: string; readonly key: string };
}

export const labFolder = (environment: string): string => resolve(".cloister", "lab", environment);

export function labFiles(environment: string): LabFiles {
  const path = join(labFolder(environment), "ledger.json");
  if (!existsSync(path)) {
    throw new KitError("There is no lab of that environment", [
      {
        path,
        found: "no file",
        allowed: "what a lab leaves",
        mend: `run \`npm run cloister -- lab ${environment}\` first, and leave it up`,
      },
    ]);
  }
  return JSON.parse(readFileSync(path, "utf8")) as LabFiles;
}

export interface Opened {
  readonly source: LedgerSource;
  readonly roots: readonly X509Certificate[];
  readonly witnessed: readonly Witnessed[];
}

/**
 * Finds where a ledger is to be read, and whose word counts.
 *
 * @throws KitError with every option that is missing or names nothing.
 */
export function openLedger(options: LedgerOptions): Opened {
  const lab = options.lab === undefined ? undefined : labFiles(options.lab);
  if (lab !== undefined) {
    const { accessKeyId, secretAccessKey } = JSON.parse(readFileSync(lab.credentials, "utf8")) as Record<
      string,
      string
    >;
    process.env["AWS_ACCESS_KEY_ID"] = accessKeyId;
    process.env["AWS_SECRET_ACCESS_KEY"] = secretAccessKey;
  }
  const mistakes: Mistake[] = [];
  const authority = authorityOf(options);
  const bucket = options.bucket ?? lab?.bucket;
  if (options.copy === undefined && bucket === undefined) {
    mistakes.push({
      path: "--copy or --bucket",
      found: "neither",
      allowed: "a folder that holds what the bucket holds, or the bucket's name",
      mend: "name one of them, or --lab and the environment of a lab",
    });
  }
  if (options.copy !== undefined && !existsSync(options.copy)) {
    mistakes.push({
      path: "--copy",
      found: `nothing at ${options.copy}`,
      allowed: "a folder",
      mend: "name the copy of the bucket",
    });
  }
  for (const path of [authority ?? "", ...(options.witness ?? [])]) {
    if (path !== "" && existsSync(path)) continue;
    const [option, mend] =
      path === (authority ?? "")
        ? ["--authority", "name the PEM file of the services' root: the foundation's stack output holds it"]
        : ["--witness", "name a file of heads that was kept elsewhere"];
    mistakes.push({ path: option, found: path === "" ? "nothing" : `nothing at ${path}`, allowed: "a file", mend });
  }
  if (mistakes.length > 0) throw new KitError("The ledger cannot be read", mistakes);
  const witnesses = [...(options.witness ?? []), ...(lab?.witnesses ?? []).filter((path) => existsSync(path))];
  return {
    source: sourceOf(options),
    roots: certificatesIn(readFileSync(authority ?? "", "utf8")),
    witnessed: witnesses.flatMap(headsIn),
  };
}

/** PEM file of whom to trust; undefined where nobody named one. */
export const authorityOf = ({ authority, lab }: LedgerOptions): string | undefined =>
  authority ?? (lab === undefined ? undefined : labFiles(lab).authority);

/** The bucket, or the copy of it. @param prefix beginning of the keys. Default: the ledger's. */
export function sourceOf(options: LedgerOptions, prefix?: string): LedgerSource {
  if (options.copy !== undefined) return new FolderSource(options.copy, prefix);
  const lab = options.lab === undefined ? undefined : labFiles(options.lab);
  const endpoint = options.endpoint ?? lab?.endpoint;
  return new S3Source({
    bucket: options.bucket ?? lab?.bucket ?? "",
    region: options.region ?? lab?.region ?? process.env["AWS_REGION"] ?? "us-east-1",
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(lab?.storeAuthority === undefined ? {} : { authority: readFileSync(lab.storeAuthority, "utf8") }),
    ...(prefix === undefined ? {} : { prefix }),
  });
}

const certificatesIn = (pem: string): X509Certificate[] =>
  (pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map(
    (one) => new X509Certificate(one),
  );

const headsIn = (path: string): Witnessed[] =>
  readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as Witnessed);
