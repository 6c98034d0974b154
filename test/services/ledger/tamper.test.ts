import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createHash, X509Certificate } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { lineOf, sealRecord, type LedgerRecord } from "../../../services/ledger/record";
import { headLine, segmentKey, Signer, type SignedHead } from "../../../services/ledger/segment";
import { FolderSource } from "../../../services/ledger/verify/source";
import { verifyLedger, type VerifyReport, type Witnessed } from "../../../services/ledger/verify/verify";
import { Circles } from "../../components/platform/gateway/circles";
import { LedgerWorld } from "./ledger-world";

/** A bucket of one chain with five segments, written by a real ledger; each test alters a copy of it. */
describe("a ledger whose bucket was altered", () => {
  let world: LedgerWorld;
  let original: string;
  let copy: string;
  let chain: string;
  let witnessed: Witnessed[];

  beforeAll(async () => {
    world = await LedgerWorld.make();
    await world.start({ seal: { afterMilliseconds: 50 } });
    for (let segment = 1; segment <= 5; segment += 1) {
      await Promise.all([1, 2, 3].map((number) => world.append(`request-${segment}-${number}/asked`)));
      await world.sealed();
    }
    await world.stop();
    original = mkdtempSync(join(tmpdir(), "bucket-"));
    world.store.copyTo(original);
    chain = readdirSync(join(original, "ledger"))[0] ?? "";
    witnessed = readFileSync(world.path("witness.ndjson"), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Witnessed);
  });
  afterAll(async () => {
    rmSync(original, { recursive: true });
    await world.remove();
  });
  beforeEach(() => {
    copy = mkdtempSync(join(tmpdir(), "bucket-copy-"));
    cpSync(original, copy, { recursive: true });
  });
  afterEach(() => rmSync(copy, { recursive: true }));

  const files = (): string[] => readdirSync(join(copy, "ledger", chain)).sort();
  const pathOf = (number: number): string => join(copy, "ledger", chain, files()[number - 1] ?? "");
  const keyOf = (number: number): string => `ledger/${chain}/${files()[number - 1] ?? ""}`;
  const lines = (number: number): string[] => readFileSync(pathOf(number), "utf8").trimEnd().split("\n");
  const write = (number: number, all: readonly string[]): void => writeFileSync(pathOf(number), `${all.join("\n")}\n`);
  const verify = (more: { witnessed?: Witnessed[] } = {}): Promise<VerifyReport> =>
    verifyLedger(new FolderSource(copy), { roots: world.roots, ...more });
  const findings = ({ chains, findings: foreign }: VerifyReport) => [
    ...chains.flatMap((one) => one.findings),
    ...foreign,
  ];
  const record = (line: string): LedgerRecord => JSON.parse(line) as LedgerRecord;
  /** What somebody would do who has no key: change a record and put all hashes right again. */
  const rewritten = (text: string): LedgerRecord => {
    const { hash: _hash, ...rest } = record(text);
    return sealRecord({ ...rest, body: { ...rest.body, model: "another" } });
  };

  it("is sound as it was written, also before a witness", async () => {
    expect(await verify({ witnessed })).toMatchObject({
      verdict: "sound",
      chains: [{ verdict: "sound", findings: [], head: { segment: files().length } }],
    });
  });

  it("is found out wherever one bit was flipped", async () => {
    const bytes = readFileSync(pathOf(3));
    const missed: string[] = [];
    const tail = bytes.length - 16;
    // Every bit of a segment takes minutes: one bit of every seventh byte meets each field often, and the end of the
    // signature, whose last digit no decoder reads whole, has every bit of every byte tried.
    for (let at = 0; at < bytes.length; at += at >= tail ? 1 : 7) {
      for (const bit of at >= tail ? [0, 1, 2, 3, 4, 5, 6, 7] : [at % 7]) {
        const altered = Buffer.from(bytes);
        altered[at] = (altered[at] ?? 0) ^ (1 << bit);
        writeFileSync(pathOf(3), altered);
        const report = await verify();
        const named = findings(report).some(({ where }) => where.includes(files()[2] ?? "?"));
        if (report.verdict !== "invalid" || !named) missed.push(`byte ${at}, bit ${bit}`);
      }
    }
    expect(missed).toEqual([]);
  }, 120_000);

  it("is found out where a signature is written in another way that decodes to the same", async () => {
    const all = lines(3);
    const signed = JSON.parse(all.at(-1) ?? "") as SignedHead;
    const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const last = digits.indexOf(signed.signature.at(-3) ?? "");
    const signature = `${signed.signature.slice(0, -3)}${digits[last + 1] ?? ""}==`;
    expect(Buffer.from(signature, "base64")).toEqual(Buffer.from(signed.signature, "base64"));
    write(3, [...all.slice(0, -1), headLine({ ...signed, signature }).trimEnd()]);
    expect(findings(await verify())[0]).toEqual({
      verdict: "invalid",
      where: `${keyOf(3)}, line ${all.length}`,
      what: "its signature is not written as the ledger writes: it was altered",
    });
  });

  it("is found out where something that nobody signed stands beside a head", async () => {
    const all = lines(3);
    const signed = { ...(JSON.parse(all.at(-1) ?? "") as SignedHead), approved: true };
    write(3, [...all.slice(0, -1), headLine(signed).trimEnd()]);
    expect(findings(await verify())[0]).toEqual({
      verdict: "invalid",
      where: `${keyOf(3)}, line ${all.length}`,
      what: "its head is not written as the ledger writes",
    });
  });

  it("names the line and the record that was altered", async () => {
    const all = lines(3);
    write(3, [(all[0] ?? "").replace("support-desk", "support-dusk"), ...all.slice(1)]);
    expect(findings(await verify())[0]).toEqual({
      verdict: "invalid",
      where: `${keyOf(3)}, line 1, record ${record(all[0] ?? "").sequence}`,
      what: "its hash does not fit what it says: it was altered",
    });
  });

  it("is found out where the record's own hash was put right", async () => {
    const all = lines(3);
    const altered = rewritten(all[0] ?? "");
    write(3, [lineOf(altered).trimEnd(), ...all.slice(1)]);
    const [finding] = findings(await verify());
    expect(finding?.verdict).toBe("invalid");
    expect(finding?.where).toContain(keyOf(3));
  });

  it("is found out where everything was put right but the signature", async () => {
    const all = lines(5);
    const altered = rewritten(all.at(-2) ?? "");
    const bytes = [...all.slice(0, -2).map((line) => `${line}\n`), lineOf(altered)].join("");
    const signed = JSON.parse(all.at(-1) ?? "") as SignedHead;
    const head = { ...signed.head, hash: altered.hash, records: createHash("sha256").update(bytes).digest("hex") };
    const strangers = await Circles.make();
    const write = (to: SignedHead): void => {
      rmSync(join(copy, segmentKey(head)), { force: true });
      writeFileSync(join(copy, segmentKey(head)), bytes + headLine(to));
    };
    rmSync(pathOf(5));
    const stranger = await strangers.issue("services", ["ledger-signer.audit.svc"], "Ed25519");
    write(new Signer(stranger.chain, stranger.key).sign(head));
    expect(findings(await verify())[0]?.what).toContain("no trusted authority issued the certificate");
    const other = await world.circles.issue("services", ["guard.gateway.svc"], "Ed25519");
    write(new Signer(other.chain, other.key).sign(head));
    expect(findings(await verify())[0]?.what).toContain("which is no ledger");
    write({ ...signed, head });
    expect(findings(await verify())[0]?.what).toBe("the signature does not fit its head: it was altered");
    write({ ...signed, head, certificates: [] });
    expect(findings(await verify())[0]?.what).toContain("nobody's certificate");
    const late = { ...head, time: "2126-01-01T00:00:00.000Z" };
    rmSync(join(copy, segmentKey(head)));
    writeFileSync(join(copy, segmentKey(late)), bytes + headLine(world.signer.sign(late)));
    expect(findings(await verify())[0]?.what).toContain("did not count at that time");
  });

  it.each([1, 3])("misses a segment in its midst or at its beginning: number %i", async (number) => {
    rmSync(pathOf(number));
    const report = await verify();
    expect(report.verdict).toBe("gap");
    expect(findings(report)[0]).toMatchObject({ verdict: "gap", where: `ledger/${chain}/` });
    expect(findings(report)[0]?.what).toContain(`segment ${number} is not there`);
  });

  it("misses several, and says which", async () => {
    const gone = [pathOf(2), pathOf(3)];
    for (const path of gone) rmSync(path);
    expect(findings(await verify())[0]?.what).toContain("segments 2 to 3 are not there");
  });

  it("cannot know its own end was cut off, but a witness does", async () => {
    const last = files().length;
    rmSync(pathOf(last));
    expect((await verify()).verdict).toBe("sound");
    const report = await verify({ witnessed });
    expect(report.verdict).toBe("missing");
    expect(findings(report)[0]).toEqual({
      verdict: "missing",
      where: `ledger/${chain}/ segment ${last}`,
      what: `a witness saw segment ${last}, and the bucket ends with ${last - 1}`,
    });
  });

  it("is missed as a whole by a witness, and by nobody's asking", async () => {
    rmSync(join(copy, "ledger"), { recursive: true });
    expect(findings(await verify({ witnessed }))[0]?.what).toContain("nothing of it is there");
    expect((await verify()).verdict).toBe("missing");
  });

  it.each([
    ["in another order", (all: string[]) => [all[1], all[0], ...all.slice(2)]],
    ["with one taken out", (all: string[]) => all.toSpliced(1, 1)],
    ["with one twice", (all: string[]) => [all[0], ...all]],
    ["with one of another segment put in", (all: string[], other: string[]) => [other[0], ...all]],
    ["without its head", (all: string[]) => all.slice(0, -1)],
    ["with two heads", (all: string[]) => [...all, all.at(-1)]],
    ["with an empty line", (all: string[]) => [all[0], "", ...all.slice(1)]],
  ])("finds records %s", async (_name, alter) => {
    write(3, alter(lines(3), lines(2)) as string[]);
    const report = await verify();
    expect(report.verdict).toBe("invalid");
    expect(findings(report)[0]?.where).toContain(keyOf(3));
  });

  it.each([1, 20, 400])("finds a segment that was cut short by %i bytes", async (count) => {
    const bytes = readFileSync(pathOf(3));
    writeFileSync(pathOf(3), bytes.subarray(0, bytes.length - count));
    expect(findings(await verify())[0]?.what).toContain("cut short");
  });

  it("finds a segment that was replayed under another number", async () => {
    const name = (files()[1] ?? "").replace("0000000002", "0000000004");
    writeFileSync(join(copy, "ledger", chain, name), readFileSync(pathOf(2)));
    const report = await verify();
    expect(report.verdict).toBe("invalid");
    expect(findings(report).some(({ what }) => what.includes("it was replayed"))).toBe(true);
  });

  it("finds a fork, even one signed with the ledger's own key", async () => {
    const all = lines(3);
    const altered = all.slice(0, -1).map(record);
    let previous = altered[0]?.previous ?? "";
    const forged = altered.map((one) => {
      const { hash: _hash, ...rest } = one;
      const sealed = sealRecord({ ...rest, previous, body: { ...rest.body, model: "another" } });
      previous = sealed.hash;
      return sealed;
    });
    const bytes = forged.map(lineOf).join("");
    const { head: old } = JSON.parse(all.at(-1) ?? "") as SignedHead;
    const head = { ...old, hash: previous, records: createHash("sha256").update(bytes).digest("hex") };
    const text = bytes + headLine(world.signer.sign(head));
    writeFileSync(join(copy, segmentKey(head)), text);
    expect(findings(await verify()).some(({ what }) => what.includes("the chain forks"))).toBe(true);
    // Also where the fork takes the place of the original, since what follows was signed after that.
    rmSync(join(copy, segmentKey(old)));
    const report = await verify({ witnessed });
    expect(findings(report).map(({ what }) => what)).toEqual([
      "it does not follow segment 3: the chain forks here",
      "a witness saw another head: the chain was written anew",
    ]);
  });

  it("finds what somebody else put there", async () => {
    writeFileSync(join(copy, "ledger", "notes.txt"), "hello");
    expect(findings(await verify())).toEqual([
      { verdict: "invalid", where: "ledger/notes.txt", what: "it is no segment of a ledger: somebody put it there" },
    ]);
  });

  it("is not believed by another authority", async () => {
    const strangers = await Circles.make();
    const roots = [new X509Certificate(strangers.trust("services"))];
    const report = await verifyLedger(new FolderSource(copy), { roots });
    expect(report.verdict).toBe("invalid");
  });
});
