import type * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { layFoundation } from "../../../components/foundation";
import { clusterFilesOf } from "../../../components/foundation/machines/cluster-files";
import type { MachineSecrets } from "../../../components/foundation/machines/machine-secrets";
import type { OnSiteEnvironment } from "../../../components/foundation/on-site/on-site-plan";
import type { SubstrateFacts } from "../../../components/substrate";
import { examine } from "../../../policies/examination";
import { aud06 } from "../../../policies/rules/audit/AUD-06";
import { enc09 } from "../../../policies/rules/encryption/ENC-09";
import { iam08 } from "../../../policies/rules/identity/IAM-08";
import { readEnvironment } from "../../../stacks/environment";
import { makeAuthorities } from "../authorities";
import { foundationComputed } from "../computed";
import { record, type World } from "../recorded-world";

let world: World<SubstrateFacts>;
let machines: MachineSecrets;

beforeAll(async () => {
  const authorities = await makeAuthorities(Date.now());
  const both = await record(foundationComputed, () => {
    const { substrate, outputs } = layFoundation(readEnvironment("on-prem"), authorities);
    return { substrate, machines: outputs?.machines as pulumi.Output<MachineSecrets> };
  });
  world = { ...both, result: both.result.substrate };
  machines = both.result.machines;
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

describe("what machines boot with", () => {
  const resource = (name: string, type: string) =>
    world.resources.find((candidate) => candidate.name.endsWith(name) && candidate.type.includes(type));

  it("is drawn or signed once: a changed default or a later ceremony replaces nothing that a cluster was born with", () => {
    const lasting = world.resources.filter(
      ({ name, custom }) =>
        custom &&
        /-machines-(cluster-.*-(key|certificate)|cluster-service-accounts|.*(token|encryption-key|-disk))$/.test(name),
    );
    expect(lasting.map(({ protect, retainOnDelete }) => [protect, retainOnDelete])).toEqual(
      Array(lasting.length).fill([true, true]),
    );
    // Five authorities of two, service accounts, two tokens, the key at rest, a passphrase for each of seven machines.
    expect(lasting).toHaveLength(5 * 2 + 1 + 2 + 1 + 7);
  });

  it("is signed by the cluster's own circle: authorities that make no further ones, and a certificate for each machine", () => {
    const issuers = (names: readonly string[]) =>
      new Set(names.map((name) => resource(name, "LocallySignedCert")?.inputs.caCertPem));
    const authorities = ["server", "client", "request-header", "etcd-server", "etcd-peer"];
    const signed = authorities.map((name) => resource(`-cluster-${name}-certificate`, "LocallySignedCert")?.inputs);
    for (const inputs of signed) expect(inputs).toMatchObject({ isCaCertificate: true, maxPathLength: 0 });
    const certificates = [
      ...authorities.map((name) => `-cluster-${name}-certificate`),
      "-machines-gpu-1-registry-certificate",
    ];
    expect(issuers(certificates).size).toBe(1);
    expect(issuers([...certificates, "-pki-vllm-certificate"]).size).toBe(2);
  });

  it("holds the whole chain where people check the API server, and one authority alone where callers are judged", () => {
    const { authorities } = machines;
    const depth = (name: keyof typeof authorities) => authorities[name].certificate.match(/BEGIN CERTIFICATE/g)?.length;
    expect(depth("server")).toBe(3);
    for (const name of ["client", "request-header", "etcd-server", "etcd-peer"] as const) expect(depth(name)).toBe(1);
  });

  it("stays out of what the platform is given", () => {
    const substrate = JSON.stringify(world.result);
    for (const { key } of Object.values(machines.authorities))
      expect(substrate).not.toContain(JSON.stringify(key).slice(1, -1));
    expect(substrate).not.toContain(machines.joinTokens.server);
    expect(machines.joinTokens.server).not.toBe(machines.joinTokens.agent);
    expect(new Set(Object.values(machines.diskPassphrases)).size).toBe(7);
  });
});

describe("what machines boot with", () => {
  const shown = () => world.resources.find(({ type }) => type === "cloister:index:Machines")?.inputs;

  it("is shown to the gate without a key, and passes there", () => {
    const text = JSON.stringify(shown());
    for (const secret of [machines.encryptionKey, ...Object.values(machines.joinTokens), machines.serviceAccountKey]) {
      expect(secret.length).toBeGreaterThan(10);
      expect(text).not.toContain(secret);
    }
    const subject = { urn: "machines", type: "cloister:index:Machines", name: "machines", protect: false };
    for (const rule of [enc09, aud06, iam08]) {
      const verdict = examine(rule, { ...subject, props: shown() }, { settings: {}, resources: [] });
      expect(verdict).toMatchObject({ rule: rule.id, state: "pass" });
    }
  });

  it("is what a server's disk then holds, but for the key", () => {
    const { documents } = clusterFilesOf(readEnvironment("on-prem") as OnSiteEnvironment, machines);
    const configuration = parse(documents.encryption) as { resources: { providers: { secretbox: object }[] }[] };
    expect(shown()?.auditPolicy).toEqual(parse(documents.audit));
    expect(configuration).toMatchObject(shown()?.encryptionConfiguration as object);
  });
});
