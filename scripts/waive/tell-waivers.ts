import pc from "picocolors";
import type { JudgedWaiver } from "../../policies/waivers/waiver";
import type { Finding } from "./findings";

/** Every failure of the last run, and which of them can be waived. */
export function tellFindings(findings: readonly Finding[]): string {
  if (findings.length === 0) return "Nothing failed in the last run: there is nothing to waive.\n";
  const lines = findings.flatMap(({ policy, severity, urn, message, waivable, why, waiver }) => [
    `${waivable ? pc.yellow(policy) : pc.red(policy)} ${severity}${waiver === undefined ? "" : `, waived by ${waiver}`}`,
    `  ${message}`,
    `  --policy ${policy} --urn '${urn}'`,
    ...(waivable ? [] : [`  ${why ?? ""}`]),
  ]);
  return `${lines.join("\n")}\n`;
}

/** A waiver in one line. */
export function waiverLine({ waiver, state, message }: JudgedWaiver): string {
  const colour = state === "active" ? pc.green : state === "unused" ? pc.yellow : pc.red;
  const on = waiver.urn === "" ? "" : ` on ${waiver.urn.split("::").at(-1) ?? waiver.urn}`;
  return `${colour(state.padEnd(14))} ${waiver.id || "?"} ${waiver.policy || "?"}${on}: ${message} (${waiver.owner || "nobody"})`;
}

/** Every waiver of a file. */
export function tellWaivers(waivers: readonly JudgedWaiver[], file: string): string {
  if (waivers.length === 0) return `There is no waiver in ${file}.\n`;
  return `${waivers.map(waiverLine).join("\n")}\n`;
}
