import { join, resolve } from "node:path";
import { KitError } from "../../components/kit-error";
import { readEnvironment } from "../../stacks/environment";
import { readWaivers, type WaiverFiles } from "../../stacks/waivers";
import { judgeAgain } from "./judge-again";
import { projectDirectory, RehearsalFiles } from "../rehearse/rehearsal-files";
import { composeWaiver, type WaiverRequest } from "./compose-waiver";
import { findingsOf, lastLedgers } from "./findings";
import { tellFindings, tellWaivers } from "./tell-waivers";
import { WaiverDocument } from "./waiver-document";

export interface WaiveOptions extends WaiverRequest {
  /** Show the waivers there are, as the last run's verdicts judge them today. */
  readonly list?: boolean;
  /** Id of an entry to take out. */
  readonly remove?: string;
  /** From the environment's last rehearsal instead of its last `up`. */
  readonly rehearsed?: boolean;
  /** Folder of the environment files. Default: `stacks`. */
  readonly folder?: string;
  /** With `rehearsed`: folder in which rehearsals keep their files. */
  readonly state?: string;
  readonly json?: boolean;
}

/** `waive <environment>`: shows what can be waived, writes a waiver, lists or removes one. @returns the exit code. */
export function waive(name: string, options: WaiveOptions): number {
  readEnvironment(name, options.folder);
  const files = readWaivers(name, options.folder);
  const print = (value: unknown, told: string) =>
    process.stdout.write(options.json === true ? `${JSON.stringify(value, null, 2)}\n` : told);
  const today = new Date().toISOString().slice(0, 10);

  if (options.remove !== undefined) {
    remove(options.remove, files);
    print({ environment: name, removed: options.remove }, `Removed ${options.remove} from ${files.file}.\n`);
    return 0;
  }
  const ledgers = lastLedgers(verdictsDirectory(name, options));
  if (options.list === true) {
    const waivers = judgeAgain(files.settings, ledgers, today);
    print({ environment: name, waivers }, tellWaivers(waivers, files.file));
    // The gate stops at one that cannot be read.
    return waivers.some(({ state }) => state === "malformed") ? 1 : 0;
  }
  if (ledgers.length === 0) throw noRun(name, options.rehearsed === true);
  const request = ["policy", "urn", "reason", "owner", "approver", "compensating", "ticket", "expires"] as const;
  if (request.every((key) => options[key] === undefined)) {
    const findings = findingsOf(ledgers);
    print({ environment: name, findings }, tellFindings(findings));
    return 0;
  }
  if (files.mistakes.length > 0) throw new KitError("Nothing is written to a file with mistakes in it", files.mistakes);
  const document = WaiverDocument.read(files.path);
  const { approvers, approversFile } = files;
  const composed = composeWaiver(options, { ledgers, ids: document.ids, approvers, approversFile, today });
  if (composed.waiver === undefined) throw new KitError("The waiver cannot be written", composed.mistakes);
  document.add(composed.waiver);
  document.save();
  const { id, approver, expires } = composed.waiver;
  print(
    { environment: name, file: files.file, waiver: composed.waiver },
    `Wrote ${id} to ${files.file}; its last day is ${expires}. It counts once ${approver} has agreed to the change that adds it.\n`,
  );
  return 0;
}

function remove(id: string, { path, file }: WaiverFiles): void {
  const document = WaiverDocument.read(path);
  const { ids } = document;
  if (!document.remove(id)) {
    throw new KitError("There is no such waiver", [
      { path: file, found: id, allowed: ids.join(", ") || "no waiver is there", mend: "name one of them" },
    ]);
  }
  document.save();
}

const verdictsDirectory = (name: string, { rehearsed, state }: WaiveOptions): string =>
  rehearsed === true
    ? join(new RehearsalFiles(name, state === undefined ? undefined : resolve(state)).directory, "verdicts")
    : join(projectDirectory, ".cloister", "environments", name, "verdicts");

const noRun = (name: string, rehearsed: boolean): KitError =>
  new KitError("Nothing was judged yet", [
    {
      path: rehearsed ? "the last rehearsal" : "the last run",
      found: "no verdicts",
      allowed: "a run through the gate: a waiver is made of a real finding",
      mend: rehearsed
        ? `run \`npm run rehearse -- ${name}\` first`
        : `run \`npm run cloister -- up ${name} --preview\` first, or add --rehearsed`,
    },
  ]);
