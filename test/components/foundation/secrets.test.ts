import { describe, expect, it } from "vitest";
import { planPodIdentities } from "../../../components/foundation/cluster/pod-identities-plan";
import { planKeys } from "../../../components/foundation/keys/keys-plan";
import type { Place } from "../../../components/foundation/private-cloud/place";
import { rotate } from "../../../components/foundation/secrets/rotate-secret.cjs";
import {
  planSecretKeyUsage,
  planSecrets,
  readerPolicy,
  rotationName,
  secretPolicy,
} from "../../../components/foundation/secrets/secrets-plan";

const place: Place = { account: "111122223333", region: "eu-central-1", environment: "private-cloud" };
const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`;

/** A secret store of one secret, with the labels and the errors of the real one. */
class OneSecret {
  public readonly values = new Map<string, string>();
  public constructor(
    public readonly stages: Record<string, string[]>,
    private readonly rotates = true,
  ) {}

  public describeSecret() {
    return Promise.resolve({ RotationEnabled: this.rotates, VersionIdsToStages: this.stages });
  }

  public getSecretValue({ VersionId }: { VersionId: string }) {
    const SecretString = this.values.get(VersionId);
    if (SecretString !== undefined) return Promise.resolve({ SecretString });
    return Promise.reject(Object.assign(new Error("no value"), { name: "ResourceNotFoundException" }));
  }

  public putSecretValue(request: { ClientRequestToken: string; SecretString: string }) {
    this.values.set(request.ClientRequestToken, request.SecretString);
    return Promise.resolve({});
  }

  public updateSecretVersionStage(request: { MoveToVersionId: string; RemoveFromVersionId?: string }) {
    const current = Object.entries(this.stages).find(([, labels]) => labels.includes("AWSCURRENT"))?.[0];
    expect(request.RemoveFromVersionId).toBe(current);
    if (current !== undefined) this.stages[current] = ["AWSPREVIOUS"];
    this.stages[request.MoveToVersionId] = ["AWSCURRENT"];
    return Promise.resolve({});
  }
}

const names = ["createSecret", "setSecret", "testSecret", "finishSecret"];
const step = (Step: string, token = "next") => ({ Step, SecretId: "secret", ClientRequestToken: token });

describe("a rotation", () => {
  it.each([
    ["first", { next: ["AWSPENDING"] }],
    ["later", { last: ["AWSCURRENT"], next: ["AWSPENDING"] }],
  ])("makes the %s value current, 32 bytes that were drawn", async (_, stages) => {
    const store = new OneSecret({ ...stages });
    for (const name of names) await rotate(step(name), store);
    expect(store.stages.next).toEqual(["AWSCURRENT"]);
    expect(Buffer.from(store.values.get("next") ?? "", "base64")).toHaveLength(32);
  });

  it("draws one value however often a step is called, and another one each time", async () => {
    const store = new OneSecret({ next: ["AWSPENDING"], other: ["AWSPENDING"] });
    await rotate(step("createSecret"), store);
    const drawn = store.values.get("next");
    await rotate(step("createSecret"), store);
    await rotate(step("createSecret", "other"), store);
    expect(store.values.get("next")).toBe(drawn);
    expect(store.values.get("other")).not.toBe(drawn);
  });

  it("does nothing more once its value is current", async () => {
    const store = new OneSecret({ next: ["AWSCURRENT", "AWSPENDING"] });
    for (const name of names) await rotate(step(name), store);
    expect(store.values.size).toBe(0);
  });

  it("stops at a value that is not what it drew", async () => {
    const store = new OneSecret({ next: ["AWSPENDING"] });
    store.values.set("next", "c2hvcnQ=");
    await expect(rotate(step("testSecret"), store)).rejects.toThrow("is not 32 bytes long");
  });

  it.each([
    ["a secret that does not rotate", new OneSecret({ next: ["AWSPENDING"] }, false), step("createSecret")],
    ["a version it does not know", new OneSecret({}), step("createSecret")],
    ["a version that does not wait", new OneSecret({ next: ["AWSPREVIOUS"] }), step("createSecret")],
    ["a step that is none", new OneSecret({ next: ["AWSPENDING"] }), step("toString")],
  ])("refuses %s", async (_, store, event) => {
    await expect(rotate(event, store)).rejects.toThrow(/secret|step/);
  });
});

describe("every secret", () => {
  const secrets = planSecrets(place);

  it("has an end date, a reader whose role exists, and a name of its own", () => {
    const identities = planPodIdentities(place, "example").map(({ identity }) => identity);
    for (const { rotateAfterDays, readers } of secrets) {
      expect(rotateAfterDays).toBeLessThanOrEqual(90);
      expect(identities).toEqual(expect.arrayContaining([...readers]));
    }
    expect(new Set(secrets.map(({ name }) => name)).size).toBe(secrets.length);
  });

  it("is read by its readers and written by the rotation, whatever rights others have", () => {
    for (const secret of secrets) {
      const { Statement } = JSON.parse(secretPolicy(place, secret)) as {
        Statement: { Sid: string; Effect: string; Condition: { ArnNotEquals: Record<string, string[]> } }[];
      };
      expect(Statement.map(({ Effect }) => Effect)).toEqual(["Deny", "Deny"]);
      expect(Statement[0]?.Condition.ArnNotEquals["aws:PrincipalArn"]).toEqual([
        role("cloister-private-cloud-audit-ledger"),
        role(rotationName(place)),
      ]);
      expect(Statement[1]?.Condition.ArnNotEquals["aws:PrincipalArn"]).toEqual([role(rotationName(place))]);
      expect(readerPolicy(place, secret)).toContain(`secret:${secret.name}-??????"`);
    }
  });

  it("is encrypted by a key that only they may use, and only through the secret store", () => {
    const keys = planKeys({
      place,
      administrators: [role("operators")],
      logGroups: ["/x"],
      usage: planSecretKeyUsage(place),
    });
    const { policy } = keys.find(({ use }) => use === "secrets") ?? { policy: "" };
    const { Statement } = JSON.parse(policy) as { Statement: { Sid: string; Condition?: unknown }[] };
    const uses = Statement.filter(({ Sid }) => ["RotationWrites", "ReadersRead"].includes(Sid));
    expect(uses.map(({ Condition }) => Condition)).toMatchObject([
      { StringEquals: { "kms:ViaService": "secretsmanager.eu-central-1.amazonaws.com" } },
      { ArnEquals: { "aws:PrincipalArn": [role("cloister-private-cloud-audit-ledger")] } },
    ]);
  });
});
