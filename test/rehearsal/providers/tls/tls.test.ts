import { execFileSync } from "node:child_process";
import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { createTlsTable } from "../../../../rehearsal/providers/tls/table";
import type { Made, Properties } from "../../../../rehearsal/providers/provider";
import { callContext, lines, text } from "../context";

const start = Date.parse("2026-03-01T10:00:00.750Z");
const hour = 3_600_000;
let now = start;
const table = createTlsTable(() => new Date(now));

const kindOf = (name: string) => {
  const kind = table.kind(`tls:index/${name[0]?.toLowerCase()}${name.slice(1)}:${name}`);
  if (!kind) throw new Error(`no kind ${name}`);
  return kind;
};
const create = (name: string, inputs: Properties) => kindOf(name).create(inputs, callContext(name));
const check = async (name: string, inputs: Properties) =>
  lines((await kindOf(name).check?.(inputs, callContext(name)))?.failures ?? []);
const diff = (name: string, made: Made, before: Properties, after: Properties) =>
  kindOf(name).diff?.({ inputs: before, state: made.state }, after, callContext(name));
const newKey = async (inputs: Properties = { algorithm: "ECDSA", ecdsaCurve: "P256" }) =>
  text((await create("PrivateKey", inputs)).state, "privateKeyPem");

describe("private keys", () => {
  it.each([
    [{ algorithm: "RSA", rsaBits: 2048 }, "RSA PRIVATE KEY", "ssh-rsa"],
    [{ algorithm: "ECDSA", ecdsaCurve: "P256" }, "EC PRIVATE KEY", "ecdsa-sha2-nistp256"],
    [{ algorithm: "ECDSA", ecdsaCurve: "P384" }, "EC PRIVATE KEY", "ecdsa-sha2-nistp384"],
    [{ algorithm: "ECDSA", ecdsaCurve: "P521" }, "EC PRIVATE KEY", "ecdsa-sha2-nistp521"],
    [{ algorithm: "ED25519" }, "PRIVATE KEY", "ssh-ed25519"],
  ])("writes %o in every form", async (inputs, label, ssh) => {
    const { id, state } = await create("PrivateKey", inputs);
    expect(text(state, "privateKeyPem")).toContain(`-----BEGIN ${label}-----\n`);
    expect(text(state, "privateKeyPemPkcs8")).toContain("-----BEGIN PRIVATE KEY-----\n");
    const key = createPrivateKey(text(state, "privateKeyPem"));
    expect(createPrivateKey(text(state, "privateKeyPemPkcs8")).equals(key)).toBe(true);
    expect(createPublicKey(text(state, "publicKeyPem")).equals(createPublicKey(key))).toBe(true);
    expect(text(state, "publicKeyOpenssh")).toMatch(new RegExp(`^${ssh} [A-Za-z0-9+/=]+\n$`));
    expect(text(state, "privateKeyOpenssh")).toMatch(/^-----BEGIN OPENSSH PRIVATE KEY-----\n/);
    expect(id).toMatch(/^[0-9a-f]{40}$/);
  });

  it("gives P-224 no OpenSSH form", async () => {
    const { state } = await create("PrivateKey", { algorithm: "ECDSA" });
    expect(state).toMatchObject({ ecdsaCurve: "P224", publicKeyOpenssh: "", privateKeyOpenssh: "" });
  });

  it("keeps every private form secret, and replaces on any change", async () => {
    const kind = kindOf("PrivateKey");
    expect(kind.secretOutputs).toEqual(["privateKeyOpenssh", "privateKeyPem", "privateKeyPemPkcs8"]);
    const made = await create("PrivateKey", { algorithm: "ED25519" });
    expect(await diff("PrivateKey", made, { algorithm: "ED25519" }, { algorithm: "ED25519", rsaBits: 2048 })).toEqual({
      changed: [],
      replaces: [],
    });
    expect(await diff("PrivateKey", made, { algorithm: "ED25519" }, { algorithm: "RSA" })).toEqual({
      changed: ["algorithm"],
      replaces: ["algorithm"],
    });
  });

  it("lists every wrong input at once", async () => {
    expect(await check("PrivateKey", { algorithm: "DSA", ecdsaCurve: "P25", rsaBits: 512, bits: 1 })).toEqual([
      'algorithm: found "DSA": must be one of RSA, ECDSA, ED25519',
      'ecdsaCurve: found "P25": must be one of P224, P256, P384, P521',
      "rsaBits: found 512: must be 1024 bits or more",
      "bits: unknown input; remove it or use one of: algorithm, ecdsaCurve, rsaBits",
    ]);
  });
});

describe("a chain of certificates", () => {
  let rootInputs: Properties, rootMade: Made, intermediateMade: Made, leafInputs: Properties, leafMade: Made;
  beforeAll(async () => {
    now = start;
    const authority = { isCaCertificate: true, allowedUses: ["cert_signing", "crl_signing"] };
    rootInputs = {
      ...authority,
      privateKeyPem: await newKey({ algorithm: "ECDSA", ecdsaCurve: "P384" }),
      subject: { commonName: "Cloister root", organization: "Example", country: "DE" },
      validityPeriodHours: 24 * 365 * 30,
      setAuthorityKeyId: true,
      maxPathLength: 1,
    };
    rootMade = await create("SelfSignedCert", rootInputs);
    const intermediateKey = await newKey();
    const intermediateRequest = await create("CertRequest", {
      privateKeyPem: intermediateKey,
      subject: { commonName: "Cloister door" },
    });
    intermediateMade = await create("LocallySignedCert", {
      ...authority,
      maxPathLength: 0,
      caCertPem: text(rootMade.state, "certPem"),
      caPrivateKeyPem: rootInputs.privateKeyPem as string,
      certRequestPem: text(intermediateRequest.state, "certRequestPem"),
      validityPeriodHours: 24 * 365,
    });
    const leafRequest = await create("CertRequest", {
      privateKeyPem: await newKey({ algorithm: "ED25519" }),
      subject: { commonName: "door.example.internal" },
      dnsNames: ["door.example.internal", "*.door.example.internal"],
      ipAddresses: ["10.0.0.10", "fd00::10"],
      uris: ["spiffe://example.internal/door"],
    });
    leafInputs = {
      caCertPem: text(intermediateMade.state, "certPem"),
      caPrivateKeyPem: intermediateKey,
      certRequestPem: text(leafRequest.state, "certRequestPem"),
      allowedUses: ["digital_signature", "server_auth", "client_auth"],
      validityPeriodHours: 24,
      earlyRenewalHours: 8,
      setSubjectKeyId: true,
    };
    leafMade = await create("LocallySignedCert", leafInputs);
  });
  const certificate = (made: Made) => new X509Certificate(text(made.state, "certPem"));

  it("verifies link by link", () => {
    const [root, intermediate, leaf] = [rootMade, intermediateMade, leafMade].map(certificate);
    if (!root || !intermediate || !leaf) throw new Error("a certificate is missing");
    expect(root.verify(root.publicKey)).toBe(true);
    expect(intermediate.checkIssued(root) && intermediate.verify(root.publicKey)).toBe(true);
    expect(leaf.checkIssued(intermediate) && leaf.verify(intermediate.publicKey)).toBe(true);
    expect(leaf.verify(root.publicKey)).toBe(false);
    expect([root.ca, intermediate.ca, leaf.ca]).toEqual([true, true, false]);
  });

  it("satisfies OpenSSL, which enforces path lengths and purposes", async () => {
    const folder = mkdtempSync(join(tmpdir(), "cloister-tls-"));
    try {
      const file = (name: string, pem: string) => {
        writeFileSync(join(folder, name), pem);
        return join(folder, name);
      };
      const root = file("root.pem", text(rootMade.state, "certPem"));
      const intermediate = file("intermediate.pem", text(intermediateMade.state, "certPem"));
      const verify = (leaf: string, ...more: string[]) =>
        execFileSync(
          "openssl",
          ["verify", "-x509_strict", "-attime", String(Math.floor(start / 1000) + 60), "-CAfile", root, ...more, leaf],
          { encoding: "utf8", stdio: "pipe" },
        );
      const leaf = file("leaf.pem", text(leafMade.state, "certPem"));
      const purpose = ["-purpose", "sslserver", "-verify_hostname", "a.door.example.internal"];
      expect(verify(leaf, "-untrusted", intermediate, ...purpose)).toBe(`${leaf}: OK\n`);
      // An authority below an authority whose path length is 0 must not be believed.
      const beyond = await create("LocallySignedCert", {
        ...leafInputs,
        isCaCertificate: true,
        allowedUses: ["cert_signing"],
        certRequestPem: text(
          (
            await create("CertRequest", {
              privateKeyPem: leafInputs.caPrivateKeyPem as string,
              subject: { commonName: "beyond" },
            })
          ).state,
          "certRequestPem",
        ),
      });
      const below = await create("LocallySignedCert", { ...leafInputs, caCertPem: text(beyond.state, "certPem") });
      const chain = file("chain.pem", text(intermediateMade.state, "certPem") + text(beyond.state, "certPem"));
      expect(() => verify(file("below.pem", text(below.state, "certPem")), "-untrusted", chain)).toThrow(
        /path length constraint exceeded/,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("carries the names that were asked for", () => {
    const leaf = certificate(leafMade);
    expect(leaf.subject).toBe("CN=door.example.internal");
    expect(leaf.issuer).toBe("CN=Cloister door");
    expect(certificate(rootMade).subject).toBe("C=DE\nO=Example\nCN=Cloister root");
    expect(leaf.subjectAltName).toBe(
      "DNS:door.example.internal, DNS:*.door.example.internal, IP Address:10.0.0.10, IP Address:FD00:0:0:0:0:0:0:10, URI:spiffe://example.internal/door",
    );
    expect(leaf.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]);
  });

  it("names its times, serial number and algorithms as the official provider does", () => {
    expect(leafMade.state).toMatchObject({
      validityStartTime: "2026-03-01T10:00:00Z",
      validityEndTime: "2026-03-02T10:00:00Z",
      caKeyAlgorithm: "ECDSA",
      readyForRenewal: false,
      maxPathLength: -1,
      isCaCertificate: false,
    });
    expect(certificate(leafMade).validTo).toBe("Mar  2 10:00:00 2026 GMT");
    expect(certificate(rootMade).validTo).toBe("Feb 22 10:00:00 2056 GMT");
    expect(BigInt(`0x${certificate(leafMade).serialNumber}`).toString()).toBe(leafMade.id);
    expect(rootMade.state.keyAlgorithm).toBe("ECDSA");
  });

  it("is left alone until early renewal begins, then replaced", async () => {
    const unchanged = { changed: [], replaces: [] };
    const due = { changed: ["readyForRenewal"], replaces: ["readyForRenewal"] };
    const kind = kindOf("LocallySignedCert");
    const ready = async () =>
      (await kind.read?.(leafMade.id, leafMade.state, { ...callContext("LocallySignedCert"), inputs: leafInputs }))
        ?.state.readyForRenewal;
    now = start + 16 * hour - 1000;
    expect(await diff("LocallySignedCert", leafMade, leafInputs, leafInputs)).toEqual(unchanged);
    expect(await ready()).toBe(false);
    now = start + 16 * hour;
    expect(await diff("LocallySignedCert", leafMade, leafInputs, leafInputs)).toEqual(due);
    expect(await ready()).toBe(true);
  });

  it("takes a new renewal window in place", async () => {
    now = start;
    const later = { ...leafInputs, earlyRenewalHours: 2 };
    expect(await diff("LocallySignedCert", leafMade, leafInputs, later)).toEqual({
      changed: ["earlyRenewalHours"],
      replaces: [],
    });
    const kind = kindOf("LocallySignedCert");
    const updated = await kind.update?.(leafMade.id, leafMade.state, later, callContext("LocallySignedCert"));
    expect(updated?.state).toEqual({ ...leafMade.state, earlyRenewalHours: 2 });
  });

  it.each(["validityPeriodHours", "allowedUses", "caCertPem", "isCaCertificate", "maxPathLength"])(
    "replaces where %s changes",
    async (input) => {
      now = start;
      const values: Properties = { validityPeriodHours: 25, allowedUses: ["server_auth"], isCaCertificate: true };
      const after = { ...leafInputs, [input]: values[input] ?? (input === "caCertPem" ? rootMade.state.certPem : 3) };
      const difference = await diff("LocallySignedCert", leafMade, leafInputs, after as Properties);
      expect(difference).toEqual({ changed: [input], replaces: [input] });
    },
  );

  it("refuses an authority's key that is not its own", async () => {
    const wrong = { ...leafInputs, caPrivateKeyPem: await newKey() };
    expect(await check("LocallySignedCert", wrong)).toEqual([
      "caPrivateKeyPem: does not belong to caCertPem; give the key that certificate names",
    ]);
    expect(await check("LocallySignedCert", leafInputs)).toEqual([]);
  });

  it("lists every wrong input at once, and never shows a key", async () => {
    const failures = await check("SelfSignedCert", {
      privateKeyPem: "hunter2",
      allowedUses: ["serverAuth"],
      dnsNames: ["door example"],
      ipAddresses: ["10.0.0.300"],
      uris: ["not a uri"],
      validityPeriodHours: -1,
      subject: { commonname: "x" },
    });
    expect(failures).toEqual([
      expect.stringMatching(/^subject\.commonname: unknown input; /),
      'dnsNames[0]: found "door example": must be a DNS name, such as door.example.internal',
      'ipAddresses[0]: found "10.0.0.300": must be an IPv4 or IPv6 address, such as 10.0.0.10',
      'uris[0]: found "not a uri": must be a URI, such as spiffe://example.internal/guard',
      expect.stringMatching(/^allowedUses\[0\]: found "serverAuth": must be one of digital_signature, /),
      "validityPeriodHours: found -1: must be 0 hours or more",
      "privateKeyPem: found [secret]: must be an unencrypted private key in PEM form",
    ]);
  });

  it("makes nothing in a preview", async () => {
    const made = await kindOf("SelfSignedCert").create(rootInputs, callContext("SelfSignedCert", { preview: true }));
    expect(made).toEqual({ id: "", state: rootInputs });
  });
});
