import { X509Certificate } from "node:crypto";
import { Agent, request } from "undici";
import type { LedgerRecord } from "../../services/ledger/record";
import { S3Source } from "../../services/ledger/verify/s3-source";
import { verifyLedger, type VerifyReport } from "../../services/ledger/verify/verify";
import type { Lab } from "../lab/lab";

/** What the bucket alone proves. */
export interface Proven {
  readonly report: VerifyReport;
  readonly records: readonly LedgerRecord[];
}

/** Reads and verifies the lab's record from its bucket, with nothing but the services' root. */
export async function proven({ store, substrate, authority }: Lab): Promise<Proven> {
  const { endpoint, region, accessKeyId, secretAccessKey } = store;
  process.env["AWS_ACCESS_KEY_ID"] = accessKeyId;
  process.env["AWS_SECRET_ACCESS_KEY"] = secretAccessKey;
  const source = new S3Source({ bucket: substrate.facts.objectStore.buckets.audit, region, endpoint });
  const records: LedgerRecord[] = [];
  const roots = [new X509Certificate(authority)];
  const report = await verifyLedger(source, { roots, onRecord: (record) => void records.push(record) });
  return { report, records };
}

/** The same once all that the ledgers have acknowledged so far is in the bucket. */
export async function allProven(lab: Lab): Promise<Proven> {
  const heads = await Promise.all(lab.processesOf("ledger").map(({ ports }) => headOf(lab, ports[8447] ?? 0)));
  for (;;) {
    const found = await proven(lab);
    const anchored = new Map(found.report.chains.map(({ chain, head }) => [chain, head?.last ?? 0]));
    // What is no link of its chain does not come in by waiting.
    const settled = heads.every(({ chain, sequence }) => (anchored.get(chain) ?? 0) >= sequence);
    if (settled || found.report.verdict !== "sound") return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function headOf(lab: Lab, port: number): Promise<{ readonly chain: string; readonly sequence: number }> {
  const { chain, privateKey } = lab.substrate.certificate("guard");
  const connect = { ca: lab.authority, cert: chain, key: privateKey, servername: "ledger.audit.svc" };
  const dispatcher = new Agent({ connect });
  try {
    const answer = await request(`https://127.0.0.1:${port}/v1/head`, { dispatcher });
    return (await answer.body.json()) as { chain: string; sequence: number };
  } finally {
    await dispatcher.destroy();
  }
}
