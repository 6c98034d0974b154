import { beforeAll, describe, expect, it } from "vitest";
import { layFoundation } from "../../../components/foundation";
import type { SubstrateFacts } from "../../../components/substrate";
import { readEnvironment } from "../../../stacks/environment";
import { makeAuthorities } from "../authorities";
import { foundationComputed } from "../computed";
import { record, type World } from "../recorded-world";

let world: World<SubstrateFacts>;

beforeAll(async () => {
  const authorities = await makeAuthorities(Date.now());
  world = await record(foundationComputed, () => layFoundation(readEnvironment("on-prem"), authorities).substrate);
});

describe("the store of a building", () => {
  it("is reached at its own endpoint, and asked for nothing that it lacks", () => {
    const provider = world.resources.find((resource) => resource.type === "pulumi:providers:aws");
    expect(JSON.parse(String(provider?.inputs.endpoints))).toEqual([{ s3: "https://s3.ams1.example.internal" }]);
    const kinds = new Set(world.resources.flatMap(({ type }) => (type.startsWith("aws:") ? [type.split(":")[2]] : [])));
    expect([...kinds].sort()).toEqual(["Bucket", "BucketObjectLockConfiguration", "BucketVersioning"]);
  });

  it("locks the audit record in COMPLIANCE mode, and keeps it when the stack is destroyed", () => {
    const lock = world.resources.find(({ name }) => name.endsWith("-audit-lock"));
    expect(lock?.inputs.rule).toEqual({ defaultRetention: { mode: "COMPLIANCE", days: 2190 } });
    expect([lock?.protect, lock?.retainOnDelete]).toEqual([true, true]);
    const bucket = world.resources.find(({ name, type }) => name.endsWith("-audit") && type.endsWith(":Bucket"));
    expect(bucket?.inputs).toMatchObject({ objectLockEnabled: true, forceDestroy: false });
    expect([bucket?.protect, bucket?.retainOnDelete]).toEqual([true, true]);
  });
});

describe("the certificates of the hops", () => {
  it("come from the intermediate of their circle, for the days and uses that were asked", () => {
    const certificate = (leaf: string) =>
      world.resources.find(({ name, type }) => name.endsWith(`-pki-${leaf}-certificate`) && type.startsWith("tls:"))
        ?.inputs;
    expect(certificate("vllm")).toMatchObject({
      allowedUses: ["digital_signature", "server_auth"],
      validityPeriodHours: 90 * 24,
      earlyRenewalHours: 30 * 24,
    });
    expect(certificate("client-support-desk")?.allowedUses).toEqual(["digital_signature", "client_auth"]);
    const issuers = ["vllm", "client-support-desk", "caller"].map((leaf) => certificate(leaf)?.caCertPem);
    expect(new Set(issuers).size).toBe(3);
  });

  it("are handed out with their intermediate, and with the end of their life", () => {
    const { door } = world.result.certificates.leaves;
    expect(door?.chain.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    expect(door?.notAfter).toBe("2027-02-22T00:00:00Z");
    expect(world.result.certificates.authorities.services.match(/BEGIN CERTIFICATE/g)).toHaveLength(1);
  });
});
