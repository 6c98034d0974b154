import { X509Certificate } from "node:crypto";
import { describe, expect, test } from "vitest";
import { authorityNames } from "../../../components/certificates";
import { checkAuthorities } from "../../../components/foundation/pki/pki-plan";
import { holdCeremony, makeRoot, openRoot, sealRoot } from "../../../scripts/pki/ceremony";

const now = new Date("2026-11-01T00:00:00Z");
const days = (count: number) => now.getTime() + count * 24 * 60 * 60 * 1000;

describe("the ceremony", () => {
  test("gives each circle of trust an intermediate that the root signed and that may issue only leaves", async () => {
    const root = await makeRoot("example", "on-prem", now);
    const { intermediates, root: certificate } = await holdCeremony(root, "example", now);
    const anchor = new X509Certificate(certificate);
    expect(anchor.verify(anchor.publicKey)).toBe(true);
    for (const name of authorityNames) {
      const intermediate = new X509Certificate(intermediates[name].certificate);
      expect(intermediate.ca).toBe(true);
      expect(intermediate.verify(anchor.publicKey)).toBe(true);
      expect(intermediate.checkIssued(anchor)).toBe(true);
      expect(Date.parse(intermediate.validTo)).toBe(days(730));
    }
    expect(new Set(authorityNames.map((name) => intermediates[name].privateKey)).size).toBe(authorityNames.length);
  });

  test("hands over nothing of the root but its certificate", async () => {
    const root = await makeRoot("example", "on-prem", now);
    const authorities = await holdCeremony(root, "example", now);
    expect(JSON.stringify(authorities)).not.toContain(JSON.stringify(root.privateKey).slice(1, -1));
  });

  test("is refused when its intermediates end before what they would issue", async () => {
    const authorities = await holdCeremony(await makeRoot("example", "on-prem", now), "example", now);
    expect(() => checkAuthorities("on-prem", authorities, 90, days(600))).not.toThrow();
    expect(() => checkAuthorities("on-prem", authorities, 90, days(650))).toThrow("3 mistakes");
  });

  test("is refused when an intermediate is of another root", async () => {
    const authorities = await holdCeremony(await makeRoot("example", "on-prem", now), "example", now);
    const other = await makeRoot("example", "other", now);
    expect(() => checkAuthorities("on-prem", { ...authorities, root: other.certificate }, 90, days(1))).toThrow(
      "a signature of another root",
    );
  });

  test("seals the root so that only its passphrase opens it", async () => {
    const root = await makeRoot("example", "on-prem", now);
    const sealed = sealRoot(root, "correct horse battery");
    expect(sealed).toContain("ENCRYPTED PRIVATE KEY");
    expect(sealed).not.toContain("-----BEGIN PRIVATE KEY-----");
    expect(openRoot(sealed, "correct horse battery").privateKey).toBe(root.privateKey);
    expect(() => openRoot(sealed, "another passphrase")).toThrow();
    expect(() => openRoot(root.certificate, "correct horse battery")).toThrow("no encrypted private key");
  });
});
