import { X509Certificate } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installProviders } from "../../../../rehearsal/providers/install";
import { type EngineRun, EngineWorkspace } from "../../engine";

const program = (dnsName: string, earlyRenewalHours: number) => `
  import * as tls from "@pulumi/tls";
  const rootKey = new tls.PrivateKey("root-key", { algorithm: "ECDSA", ecdsaCurve: "P384" });
  const root = new tls.SelfSignedCert("root", {
    privateKeyPem: rootKey.privateKeyPem,
    subject: { commonName: "root" },
    isCaCertificate: true,
    allowedUses: ["cert_signing"],
    validityPeriodHours: 48,
  });
  const key = new tls.PrivateKey("key", { algorithm: "ED25519" });
  const request = new tls.CertRequest("request", { privateKeyPem: key.privateKeyPem, dnsNames: ["${dnsName}"] });
  const leaf = new tls.LocallySignedCert("leaf", {
    caCertPem: root.certPem,
    caPrivateKeyPem: rootKey.privateKeyPem,
    certRequestPem: request.certRequestPem,
    allowedUses: ["server_auth"],
    validityPeriodHours: 24,
    earlyRenewalHours: ${earlyRenewalHours},
  });
  export const rootPem = root.certPem;
  export const leafPem = leaf.certPem;
  export const privateKeyPem = key.privateKeyPem;
`;

const operations = (run: EngineRun) =>
  run.steps
    .filter(
      ({ type, op }) => type.startsWith("tls:") && !["same", "create-replacement", "delete-replaced"].includes(op),
    )
    .map(({ name, op }) => `${name} ${op}`)
    .sort();

describe("tls under the real engine", () => {
  let workspace: EngineWorkspace;
  beforeAll(async () => {
    workspace = await EngineWorkspace.create({ program: program("door.example.internal", 4) });
    await installProviders({ pulumiHome: workspace.pulumiHome, providers: ["tls"] });
  });
  afterAll(() => workspace.remove());

  const certificates = async () => {
    const { rootPem, leafPem } = await workspace.outputs();
    return { root: new X509Certificate(String(rootPem)), leaf: new X509Certificate(String(leafPem)) };
  };

  it("creates, keeps, updates, renews, replaces and destroys, with every key sealed in state", async () => {
    const previewed = await workspace.preview();
    expect(previewed.code, previewed.output).toBe(0);
    const made = await workspace.up();
    expect(made.code, made.output).toBe(0);
    expect(operations(made)).toEqual(["key create", "leaf create", "request create", "root create", "root-key create"]);
    const first = await certificates();
    expect(first.leaf.verify(first.root.publicKey)).toBe(true);
    expect(first.leaf.subjectAltName).toBe("DNS:door.example.internal");

    const state = await workspace.export();
    const outputs = (name: string) => state.find(({ urn }) => urn.endsWith(`::${name}`))?.outputs;
    for (const property of ["privateKeyPem", "privateKeyPemPkcs8", "privateKeyOpenssh"]) {
      expect(outputs("key")?.[property]).toHaveProperty("ciphertext");
    }
    expect(outputs("leaf")?.caPrivateKeyPem).toHaveProperty("ciphertext");
    expect(outputs("root")?.privateKeyPem).toHaveProperty("ciphertext");
    expect(JSON.stringify(state)).not.toContain("PRIVATE KEY");

    expect(operations(await workspace.up())).toEqual([]);

    await workspace.write(program("door.example.internal", 8));
    expect(operations(await workspace.up())).toEqual(["leaf update"]);
    expect((await certificates()).leaf.serialNumber).toBe(first.leaf.serialNumber);

    // A renewal window as long as the certificate lives makes it due at once.
    await workspace.write(program("door.example.internal", 24));
    const renewed = await workspace.up();
    expect(operations(renewed)).toEqual(["leaf replace"]);
    const second = await certificates();
    expect(second.leaf.serialNumber).not.toBe(first.leaf.serialNumber);
    expect(second.root.serialNumber).toBe(first.root.serialNumber);

    await workspace.write(program("gate.example.internal", 8));
    const renamed = await workspace.up();
    expect(operations(renamed)).toEqual(["leaf replace", "request replace"]);
    expect((await certificates()).leaf.subjectAltName).toBe("DNS:gate.example.internal");

    await workspace.write(program("not a name", 8));
    const refused = await workspace.up();
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain('found "not a name": must be a DNS name');

    expect((await workspace.destroy()).code).toBe(0);
    expect((await workspace.export()).filter(({ type }) => type.startsWith("tls:"))).toEqual([]);
  }, 240_000);
});
