import type { VerdictLedger } from "../../policies/evidence/ledger";
import type { Verdict } from "../../policies/rule";
import { waiversOf } from "../../policies/waivers/judge-waivers";
import { judgeWaivers } from "../../policies/waivers/judge-waivers";
import type { JudgedWaiver } from "../../policies/waivers/waiver";
import type { WaiverSettings } from "../../policies/waivers/waiver-settings";

/** A verdict as it was before waivers. */
function before({ waiver, undecided, ...verdict }: Verdict): Verdict {
  if (waiver === undefined) return { ...verdict, ...(undecided === undefined ? {} : { undecided }) };
  return { ...verdict, state: "fail", ...(undecided === undefined ? {} : { undecided }) };
}

/** The waivers as they are written now, judged today by what the last runs found. */
export function judgeAgain(
  settings: WaiverSettings | undefined,
  ledgers: readonly VerdictLedger[],
  today: string,
): JudgedWaiver[] {
  const judged = ledgers.map(({ stack, verdicts, complete, settings: old }) => ({
    startedAt: today,
    settings: { ...old, waivers: settings },
    waivers: judgeWaivers(settings, verdicts.map(before), { stack, today, complete }),
  }));
  return waiversOf(judged.length > 0 ? judged : [{ startedAt: today, settings: { waivers: settings }, waivers: [] }]);
}
