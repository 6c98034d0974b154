import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { answerUngated, ungatedUpdates } from "../../../../scripts/up/verdict/answer-ungated";
import { openVerdict, sealVerdict, type StackVerdict } from "../../../../scripts/up/verdict/stack-verdict";
import { standingState, type StandingState } from "../../../../scripts/up/verdict/standing-state";
import { tellUngated, type KeptVerdict } from "../../../../scripts/up/verdict/ungated";
import { VerdictKeeper, type VerdictStore } from "../../../../scripts/up/verdict/verdict-keeper";

const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const stack = "prod-foundation";

interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly inputs?: object;
}

const bucket = (name: string, inputs: object = {}): Resource => ({
  urn: `urn:pulumi:prod-foundation::cloister::aws:s3/bucket:Bucket::${name}`,
  type: "aws:s3/bucket:Bucket",
  custom: true,
  inputs,
});

/** A backend in memory, as far as verdicts ask it. */
class Backend implements VerdictStore {
  public resources: Resource[] = [bucket("raw")];
  public history: object[] = [];
  public kept: KeptVerdict = { sealed: undefined };
  private second = 0;

  public update(message = "", change: object = {}): void {
    this.second += 1;
    const startTime = `2026-03-01T09:00:0${this.second}.000Z`;
    const entry = { kind: "update", startTime, message, result: "succeeded", resourceChanges: { update: 1 } };
    this.history.unshift({ ...entry, environment: {}, ...change });
  }

  public readState(): Promise<StandingState> {
    return Promise.resolve(standingState(stack, { resources: this.resources }, this.history));
  }

  public readVerdict(): Promise<KeptVerdict> {
    return Promise.resolve(this.kept);
  }

  public keepVerdict(_stack: string, sealed: string, members: Readonly<Record<string, string>>): Promise<void> {
    this.kept = { sealed, members };
    return Promise.resolve();
  }
}

describe("a sealed verdict", () => {
  const verdict: StackVerdict = {
    stack,
    outcome: "not-released",
    state: "0123456789abcdef".repeat(4),
    at: "2026-03-01T09:00:00Z",
    lastUpdate: "0123456789abcdef",
    mark: "f".repeat(32),
  };
  const sealed = sealVerdict(verdict, privateKey);

  test("is short enough for a tag of any backend, and opens to what was sealed", () => {
    expect(sealed.length).toBeLessThan(256);
    expect(openVerdict(stack, sealed, publicKey)).toEqual(verdict);
  });

  test("proves nothing once a word of it is another, for another stack, or by another key", () => {
    const altered = [
      sealed.replace("not-released", "released"),
      sealed.replace("2026-03-01", "2026-03-02"),
      sealed.replace(" 0123456789abcdef ", " 1123456789abcdef "),
      sealed.replace(" ASNF", " BSNF"),
    ];
    for (const one of altered) {
      expect(one).not.toBe(sealed);
      expect(() => openVerdict(stack, one, publicKey)).toThrow("the signature does not fit");
    }
    expect(() => openVerdict("staging-foundation", sealed, publicKey)).toThrow("the signature does not fit");
    expect(() => openVerdict(stack, sealed, generateKeyPairSync("ed25519").publicKey)).toThrow();
    expect(() => openVerdict(stack, "released", publicKey)).toThrow("no verdict of this version");
  });
});

describe("a stack", () => {
  let backend: Backend;
  let keeper: VerdictKeeper;
  beforeEach(() => {
    backend = new Backend();
    keeper = new VerdictKeeper(backend, publicKey, privateKey);
  });

  /** An update through the gate, with its judgement. */
  async function gated(change: () => void = () => undefined): Promise<void> {
    const message = await keeper.begin(stack);
    change();
    backend.update(message);
    await keeper.updated(stack, true);
    expect(await keeper.judged(stack, true)).toBe(true);
  }

  test("is as the gate left it after an update through it, and where nothing stands", async () => {
    await gated(() => backend.resources.push(bucket("audit")));
    expect(await keeper.check(stack)).toEqual({});
    backend.kept = { sealed: undefined };
    backend.resources = [];
    expect(await keeper.check(stack)).toEqual({});
  });

  test("is told from one of which no verdict was kept, or one that proves nothing", async () => {
    expect((await keeper.check(stack)).ungated?.why).toBe("no verdict of the gate was ever kept of it");
    await gated();
    const other = new VerdictKeeper(backend, generateKeyPairSync("ed25519").publicKey);
    expect((await other.check(stack)).ungated?.why).toContain("proves nothing: the signature");
  });

  test("that a plain update changed is found, with when and what", async () => {
    await gated();
    backend.resources = [bucket("raw", { acl: "public-read" }), bucket("more")];
    backend.update("quick fix");
    const { ungated } = await keeper.check(stack);
    expect(ungated?.updates.map(({ message }) => message)).toEqual(["quick fix"]);
    expect(ungated?.resources).toEqual(["changed raw", "new more"]);
    const told = tellUngated(ungated!);
    expect(told).toContain("it was updated without the gate since");
    expect(told).toContain("09:00:02.000Z update, succeeded, without a policy pack: 1 update (“quick fix”)");
  });

  test("whose state was edited is found, though no history tells of it", async () => {
    await gated();
    backend.resources = [];
    backend.resources.push({ ...bucket("raw"), inputs: { locked: false } });
    expect((await keeper.check(stack)).ungated).toMatchObject({ updates: [], resources: ["changed raw"] });
    expect((await keeper.check(stack)).ungated?.why).toContain("its state was edited");
  });

  test("goes on after an update through the gate that was interrupted, before or after the backend wrote it down", async () => {
    await gated();
    await keeper.begin(stack);
    backend.resources.push(bucket("half"));
    expect((await keeper.check(stack)).note).toContain("was interrupted; it goes on");
    const message = await keeper.begin(stack);
    backend.resources.push(bucket("other-half"));
    backend.update(message, { result: "failed" });
    expect((await keeper.check(stack)).ungated).toBeUndefined();
  });

  test("does not pass off another update as the interrupted one", async () => {
    await gated();
    const message = await keeper.begin(stack);
    backend.resources.push(bucket("half"));
    backend.update("plain");
    expect((await keeper.check(stack)).ungated?.updates).toHaveLength(1);
    backend.history = [];
    backend.update(message);
    backend.update(message);
    expect((await keeper.check(stack)).ungated?.updates).toHaveLength(2);
  });

  test("that changes while it is judged is not signed", async () => {
    await gated();
    await keeper.begin(stack);
    await keeper.updated(stack, true);
    backend.resources.push(bucket("meanwhile"));
    expect(await keeper.judged(stack, true)).toBe(false);
  });

  describe("changed without the gate", () => {
    const directory = mkdtempSync(join(tmpdir(), "cloister-ungated-"));
    afterAll(() => rmSync(directory, { recursive: true }));

    async function answered(judge: boolean, released = true) {
      const told: string[] = [];
      const { answer } = await answerUngated({
        keeper,
        stacks: [stack],
        judge,
        judgeStacks: (stacks) =>
          Promise.resolve(
            stacks.map((one) => ({ stack: one, released, reasons: released ? [] : ["IMM-01 audit fails"] })),
          ),
        directory,
        mend: "up prod --judge",
        tell: (text) => told.push(text),
      });
      return { answer, told: told.join("\n") };
    }

    test("stops the next run, which says how to mend it", async () => {
      backend.update("plain");
      const { answer, told } = await answered(false);
      expect(answer).toBe("stopped");
      expect(told).toContain("have what stands judged, `up prod --judge`");
      expect(ungatedUpdates(directory)).toEqual([]);
    });

    test("goes on once what stands is judged and released, and the evidence keeps that", async () => {
      backend.update("plain");
      expect((await answered(true)).answer).toBe("clear");
      expect(await keeper.check(stack)).toEqual({});
      expect(ungatedUpdates(directory)).toMatchObject([{ stack, released: true, updates: [{ kind: "update" }] }]);
    });

    test("is not released with a critical failure, and the run after that may mend it", async () => {
      backend.update("plain");
      const { answer, told } = await answered(true, false);
      expect(answer).toBe("not-released");
      expect(told).toContain("IMM-01 audit fails");
      expect(await keeper.check(stack)).toEqual({});
      expect(openVerdict(stack, backend.kept.sealed ?? "", publicKey).outcome).toBe("not-released");
    });
  });
});
