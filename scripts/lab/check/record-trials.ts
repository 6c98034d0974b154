import { setTimeout as sleep } from "node:timers/promises";
import type { LedgerRecord } from "../../../services/ledger/record";
import { verifyLedger } from "../../../services/ledger/verify/verify";
import type { Environment } from "../../../stacks/environment";
import { openLedger } from "../../ledger/sources";
import type { Trial } from "./check-lab";

/** Records reach the bucket within a second; a machine that is busy with something else may need more. */
const patienceMilliseconds = 20_000;

/** The record as `ledger verify --lab` reads it: from the bucket alone. */
export function recordTrials({ name }: Environment): Trial[] {
  return [
    {
      name: "the record",
      run: async () => {
        const { source, roots, witnessed } = openLedger({ lab: name });
        const until = Date.now() + patienceMilliseconds;
        for (;;) {
          const records: LedgerRecord[] = [];
          const report = await verifyLedger(source, { roots, witnessed, onRecord: (one) => void records.push(one) });
          const kinds = new Set(records.map(({ kind }) => kind));
          const whole = ["request.answered", "request.refused"].every((kind) => kinds.has(kind));
          if (report.verdict === "sound" && whole)
            return `sound: ${records.length} records, what was blocked among them`;
          const seen = `${report.verdict}, with ${[...kinds].sort().join(", ") || "no records"}`;
          if (report.verdict === "invalid" || Date.now() > until) throw new Error(seen);
          await sleep(250);
        }
      },
    },
  ];
}
