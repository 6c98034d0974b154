import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signStatement } from "../../../policies/attestation/dsse";
import { evidenceStatement } from "../../../policies/attestation/test-result";
import { evidenceFiles } from "../../../policies/evidence/attested-names";
import type { Toolbox } from "../../../rehearsal/setup/toolbox";
import { publicPem, rehearsalSigningKey } from "../../../scripts/evidence/signing-key";
import { evidenceDocuments } from "../../../scripts/evidence/write-evidence-set";
import { runJudge } from "../../judges/judge-program";
import { tools } from "../../rehearsal/tools";
import { exampleInput, examplePlan, hostile } from "./example-run";

const input = exampleInput("2026-02-01");
const documents = evidenceDocuments({ input, plan: examplePlan });
const scratch = mkdtempSync(join(tmpdir(), "cloister-evidence-judges-"));
afterAll(() => rmSync(scratch, { recursive: true }));

const key = rehearsalSigningKey(scratch);
const envelope = signStatement(evidenceStatement(input, documents, "rehearsal"), key.privateKey);
const text = (name: string) => documents.get(name)!;

interface Entry {
  readonly kind: "assessment-results" | "component-definition" | "envelope" | "csv";
  readonly text: string;
  readonly key?: string;
}
interface Judgement {
  readonly says?: unknown;
  readonly wrong?: string;
}

/** A document with one thing wrong, to see that the judge can fail it. */
const broken = (document: string, pattern: RegExp | string, by: string): string => {
  const changed = document.replace(pattern, by);
  expect(changed).not.toBe(document);
  return changed;
};

const pem = publicPem(key.publicKey);
const sealed = (value: object): Entry => ({ kind: "envelope", text: JSON.stringify(value), key: pem });
const [signature] = envelope.signatures;
const results = (of: string): Entry => ({ kind: "assessment-results", text: of });
const entries: Readonly<Record<string, { readonly entry: Entry; readonly wrong?: string }>> = {
  "the assessment results": { entry: results(text(evidenceFiles.oscal)) },
  "assessment results of nothing": {
    entry: results(evidenceDocuments({ input: { ...input, ledgers: [] }, plan: [] }).get(evidenceFiles.oscal)!),
  },
  "the component definition": { entry: { kind: "component-definition", text: text(evidenceFiles.components) } },
  "the envelope": { entry: sealed(envelope) },
  "the verdicts": { entry: { kind: "csv", text: text(evidenceFiles.verdicts) } },
  "assessment results with an identifier of version 1": {
    entry: results(broken(text(evidenceFiles.oscal), /("uuid": "[^-]*-[^-]*)-5/, "$1-1")),
    wrong: "uuid",
  },
  "assessment results with an empty array": {
    entry: results(broken(text(evidenceFiles.oscal), /"methods": \[[^\]]*\]/, '"methods": []')),
    wrong: "methods",
  },
  "assessment results with a field of our own": {
    entry: results(broken(text(evidenceFiles.oscal), '"metadata": {', '"ours": "x", "metadata": {')),
    wrong: "ours",
  },
  "assessment results without reviewed controls": {
    entry: results(broken(text(evidenceFiles.oscal), '"reviewed-controls"', '"reviewed"')),
    wrong: "reviewed",
  },
  "assessment results with the same identifier twice": {
    entry: results(
      broken(
        text(evidenceFiles.oscal),
        /("observations": \[\s*\{\s*"uuid": )"[^"]*"([\s\S]*?"uuid": )("[^"]*")/,
        "$1$3$2$3",
      ),
    ),
    wrong: "duplicate uuids",
  },
  "a component definition with a component of no type": {
    entry: {
      kind: "component-definition",
      text: broken(text(evidenceFiles.components), '"type": "validation"', '"kind": "validation"'),
    },
    wrong: "type",
  },
  "an envelope that another key signed": {
    entry: { ...sealed(envelope), key: publicPem(rehearsalSigningKey(mkdtempSync(join(scratch, "other-"))).publicKey) },
    wrong: "VerificationError",
  },
  "an envelope with one other byte": {
    entry: sealed({
      ...envelope,
      payload: Buffer.from(broken(Buffer.from(envelope.payload, "base64").toString(), "FAILED", "PASSED")).toString(
        "base64",
      ),
    }),
    wrong: "VerificationError",
  },
  "a statement with a predicate that is not in-toto's": {
    entry: sealed(
      signStatement(
        { ...evidenceStatement(input, documents, "rehearsal"), predicate: { result: "FAILED", ours: 1 } },
        key.privateKey,
      ),
    ),
    wrong: "ours",
  },
};

describe("judges that others wrote, in Python,", () => {
  let toolbox: Toolbox;
  let judged: Readonly<Record<string, Judgement>>;

  beforeAll(async () => {
    toolbox = await tools("trestle");
    const why = toolbox.unavailable.get("trestle");
    if (why !== undefined) return console.warn(`No judge of OSCAL, CSV and envelopes was heard: ${why}.`);
    const names = Object.keys(entries);
    const output = await runJudge(toolbox, {
      python: "trestle-python",
      program: "evidence_judge.py",
      input: JSON.stringify(names.map((name) => entries[name]!.entry)),
    });
    const said = JSON.parse(output) as Judgement[];
    judged = Object.fromEntries(names.map((name, index) => [name, said[index]!]));
  }, 300_000);

  it.each(Object.entries(entries))("say of %s what it is", (name, { wrong }) => {
    if (toolbox.unavailable.has("trestle")) return;
    if (wrong === undefined) expect(judged[name]).not.toHaveProperty("wrong");
    else expect(judged[name]!.wrong).toContain(wrong);
  });

  it("read what was written: versions, the result, and every cell", () => {
    if (toolbox.unavailable.has("trestle")) return;
    expect(judged["the assessment results"]!.says).toBe("1.2.1");
    expect(judged["the envelope"]!.says).toBe("FAILED");
    const [header, ...lines] = judged["the verdicts"]!.says as string[][];
    expect(new Set(lines.map((line) => line.length))).toEqual(new Set([header!.length]));
    const cells = lines.map((line) => line[header!.indexOf("message")]!);
    expect(cells).toContain(`'${hostile}`);
    expect(cells.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
    expect(signature?.keyid).toBe(key.keyid);
  });
});

describe("the validator of SARIF's own authors", () => {
  const program = multitool();

  it("finds no error in the log, also by the rules of GitHub, and finds those of a broken one", () => {
    if (program === undefined) return console.warn("No validator of SARIF was heard: it does not run on this machine.");
    // Its package sets this in an install script, and none of these is run.
    chmodSync(program, 0o755);
    const sound = text(evidenceFiles.sarif);
    const log = JSON.parse(sound) as { runs: [{ ours?: number; results: [object, object, object] }] };
    log.runs[0].ours = 1;
    log.runs[0].results.length = 3;
    Object.assign(log.runs[0].results[0], { ruleIndex: 9999 });
    Object.assign(log.runs[0].results[1], { locations: [] });
    writeFileSync(join(scratch, "sound.sarif"), sound);
    writeFileSync(join(scratch, "wrong.sarif"), JSON.stringify(log));
    const schema = join(dirname(program), "sarif-2.1.0.json");
    const flags = ["--json-schema", schema, "--rule-kind", "Sarif;Ghas", "--level", "Error", "--quiet", "true"];
    try {
      execFileSync(program, ["validate", "sound.sarif", "wrong.sarif", ...flags, "--output", "report.json"], {
        cwd: scratch,
        stdio: "ignore",
        env: { PATH: process.env.PATH, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: "1" },
      });
    } catch {
      // It ends badly where a log is wrong: which, its report says.
    }
    const found = errorsIn(readFileSync(join(scratch, "report.json"), "utf8"));
    expect(found.get("sound.sarif") ?? []).toEqual([]);
    expect(found.get("wrong.sarif")).toEqual(expect.arrayContaining(["JSON1005", "SARIF1009", "GH1015"]));
  });
});

/** Its program for this machine; undefined where there is none. */
function multitool(): string | undefined {
  const name = `@microsoft/sarif-multitool-${process.platform}`;
  try {
    const folder = dirname(require.resolve(`${name}/package.json`));
    const path = join(folder, process.platform === "win32" ? "Sarif.Multitool.exe" : "Sarif.Multitool");
    return existsSync(path) && process.arch === "x64" ? path : undefined;
  } catch {
    return undefined;
  }
}

/** Rules by the log that they were broken in. */
function errorsIn(report: string): Map<string, string[]> {
  const { runs } = JSON.parse(report) as {
    runs: { results: { ruleId: string; locations: { physicalLocation: { artifactLocation: { uri: string } } }[] }[] }[];
  };
  const errors = new Map<string, string[]>();
  for (const { ruleId, locations } of runs.flatMap(({ results: found }) => found)) {
    const file = locations[0]?.physicalLocation.artifactLocation.uri.split("/").at(-1) ?? "";
    errors.set(file, [...(errors.get(file) ?? []), ruleId]);
  }
  return errors;
}
