import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { recorderName } from "../../../components/certificates";
import { recordCageAccess, recordTrailDigests } from "../../../scripts/ledger/record";
import { sha256 } from "../../../services/ledger/record";
import { LedgerWorld } from "../../services/ledger/ledger-world";

let world: LedgerWorld;
let folder: string;
let printed: string;
beforeEach(async () => {
  world = await LedgerWorld.make();
  folder = mkdtempSync(join(tmpdir(), "recorded-"));
  await world.start({ writers: [{ name: recorderName, kinds: ["site.access", "cloudtrail.digest"] }] });
  const { chain, key } = await world.circles.issue("services", [recorderName]);
  write("recorder.crt", chain);
  write("recorder.key", key);
  write("services.pem", world.circles.trust("services"));
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => ((printed += String(text)), true));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await world.remove();
  rmSync(folder, { recursive: true });
});

function write(name: string, text: string | Buffer): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}
/** Options of a run that sees all that is in the bucket by now; the first replica that it is told of is away. */
async function options() {
  await world.sealed();
  world.store.copyTo(folder);
  return {
    ...{ copy: folder, authority: join(folder, "services.pem"), json: true },
    ledger: ["https://127.0.0.1:1", `https://127.0.0.1:${world.api}`],
    ...{ certificate: join(folder, "recorder.crt"), key: join(folder, "recorder.key") },
  };
}
const told = (): unknown => JSON.parse(printed.trim().split("\n").at(-1) ?? "");
const bodies = async (kind: string) => {
  await world.sealed();
  return (await world.recorded(() => true)).filter((record) => record.kind === kind);
};

describe("who entered a cage", () => {
  const lines = [
    "at,direction,cage,badge,person",
    "2026-11-25T08:00:00Z,in,7-12,1044,Ada Lovelace",
    "2026-11-25T08:00:00Z,in,7-12,,",
    "2026-11-25T08:00:00Z,in,7-12,,",
  ];

  it("is put on the record once, with a pseudonym for a name", async () => {
    const file = write("access.csv", `${lines.join("\n")}\n`);
    const run = async () => recordCageAccess({ ...(await options()), file, site: "fra-1", format: "csv" });
    expect(await run()).toBe(0);
    expect(told()).toEqual({ recorded: 3, known: 0, verdict: "sound" });
    expect(await run()).toBe(0);
    expect(told()).toEqual({ recorded: 0, known: 3, verdict: "sound" });
    const records = await bodies("site.access");
    expect(records).toHaveLength(3);
    expect(records[0]).toMatchObject({
      writer: recorderName,
      subject: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      body: { site: "fra-1", cage: "7-12", direction: "in", badge: "1044", at: "2026-11-25T08:00:00Z" },
    });
    expect(JSON.stringify(records)).not.toContain("Lovelace");
  });

  it("is refused whole where a line says something else, with every such line", async () => {
    const file = write("access.csv", [...lines, "yesterday,in,7-12,,", "2026-11-25T08:00:00Z,in"].join("\n"));
    const run = recordCageAccess({ ...(await options()), file, site: "fra-1", format: "csv" });
    await expect(run).rejects.toMatchObject({
      mistakes: [{ path: `${file}:6` }, { path: `${file}:5`, found: expect.stringContaining("at:") as string }],
    });
    const json = write("access.jsonl", '{"at":"2026-11-25T08:00:00Z","direction":"in","cage":"1","note":"x"}\n[]\n');
    await expect(
      recordCageAccess({ ...(await options()), file: json, site: "fra-1", format: "json-lines" }),
    ).rejects.toMatchObject({ mistakes: [{ path: `${json}:2` }, { path: `${json}:1` }] });
    expect(await bodies("site.access")).toEqual([]);
  });
});

describe("what CloudTrail laid into the bucket", () => {
  const name = (hour: string) =>
    `cloudtrail/AWSLogs/123456789012/CloudTrail-Digest/eu-central-1/2026/11/25/123456789012_CloudTrail-Digest_${hour}.json.gz`;
  const digest = (from: string, to: string, more: object = {}): string =>
    JSON.stringify({
      awsAccountId: "123456789012",
      digestStartTime: `2026-11-25T${from}:00:00Z`,
      digestEndTime: `2026-11-25T${to}:00:00Z`,
      digestS3Object: name(to).replace("cloudtrail/", ""),
      logFiles: [{}, {}],
      ...more,
    });
  const first = digest("08", "09", { previousDigestS3Object: null });
  const second = (before: string) =>
    digest("09", "10", {
      previousDigestS3Object: name("09"),
      previousDigestHashValue: sha256(before),
      previousDigestSignature: "ab".repeat(256),
    });

  it("is put on the record once, as a chain of hashes", async () => {
    write(name("09"), gzipSync(first));
    expect(await recordTrailDigests(await options())).toBe(0);
    write(name("10"), gzipSync(second(first)));
    expect(await recordTrailDigests(await options())).toBe(0);
    expect(told()).toEqual({ recorded: 1, known: 1, verdict: "sound" });
    const [one, two] = await bodies("cloudtrail.digest");
    expect(one?.body).toMatchObject({ account: "123456789012", region: "eu-central-1", files: 2, object: name("09") });
    expect(two?.body).toMatchObject({ previous: one?.body["digest"], from: "2026-11-25T09:00:00Z" });
  });

  it("is refused where a digest is another than the one after it names, and where it is none", async () => {
    write(name("09"), gzipSync(first.replace("[{},{}]", "[{}]")));
    write(name("10"), gzipSync(second(first)));
    write(name("11"), "no digest");
    await expect(recordTrailDigests(await options())).rejects.toMatchObject({
      mistakes: [{ found: "another file" }, { path: `${folder}/${name("09")}` }],
    });
    expect(await bodies("cloudtrail.digest")).toEqual([]);
  });
});
