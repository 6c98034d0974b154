import "reflect-metadata";
import { X509Certificate } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { describe, expect, test } from "vitest";
import { authorityNames } from "../../../components/certificates";
import { checkAuthorities } from "../../../components/foundation/pki/pki-plan";
import { holdCeremony, makeRoots, openRoots, sealRoots } from "../../../scripts/pki/ceremony";

const now = new Date("2026-11-01T00:00:00Z");
const days = (count: number) => now.getTime() + count * 24 * 60 * 60 * 1000;

/** What each circle asks for, said a second time: an intermediate that may make authorities is a thing to notice. */
const terms = {
  services: { below: 0, days: 730 },
  clients: { below: 0, days: 730 },
  callers: { below: 0, days: 730 },
  cluster: { below: 1, days: 1825 },
};

const pathLength = (pem: string) =>
  new x509.X509Certificate(pem).getExtension(x509.BasicConstraintsExtension)?.pathLength;

describe("the ceremony", () => {
  test("gives each circle of trust an intermediate that the root signed and that may issue no more than it must", async () => {
    const authorities = await holdCeremony(await makeRoots("example", "on-prem", now), "example", now);
    for (const name of authorityNames) {
      const anchor = new X509Certificate(authorities[name].root);
      expect(anchor.verify(anchor.publicKey)).toBe(true);
      const intermediate = new X509Certificate(authorities[name].certificate);
      expect(intermediate.ca).toBe(true);
      expect(intermediate.verify(anchor.publicKey)).toBe(true);
      expect(intermediate.checkIssued(anchor)).toBe(true);
      const { below, days: life } = terms[name];
      expect(Date.parse(intermediate.validTo)).toBe(days(life));
      expect(pathLength(authorities[name].certificate)).toBe(below);
      expect(pathLength(authorities[name].root)).toBe(below + 1);
      const others = authorityNames.filter((other) => other !== name);
      for (const other of others) {
        expect(intermediate.verify(new X509Certificate(authorities[other].root).publicKey)).toBe(false);
      }
    }
    for (const part of ["root", "privateKey"] as const) {
      expect(new Set(authorityNames.map((name) => authorities[name][part])).size).toBe(authorityNames.length);
    }
  });

  test("hands over nothing of the root but its certificate", async () => {
    const roots = await makeRoots("example", "on-prem", now);
    const authorities = JSON.stringify(await holdCeremony(roots, "example", now));
    for (const name of authorityNames) {
      expect(authorities).not.toContain(JSON.stringify(roots[name].privateKey).slice(1, -1));
    }
  });

  test("is refused when its intermediates end before what they would issue", async () => {
    const authorities = await holdCeremony(await makeRoots("example", "on-prem", now), "example", now);
    expect(() => checkAuthorities("on-prem", authorities, 90, days(360))).not.toThrow();
    // A server's certificate lives a year, those of pods 90 days.
    expect(() => checkAuthorities("on-prem", authorities, 90, days(370))).toThrow(/1 mistake,[^]*services/);
    expect(() => checkAuthorities("on-prem", authorities, 90, days(650))).toThrow("3 mistakes");
  });

  test("is refused when an intermediate is of another root", async () => {
    const authorities = await holdCeremony(await makeRoots("example", "on-prem", now), "example", now);
    const other = await makeRoots("example", "other", now);
    const clients = { ...authorities.clients, root: other.clients.certificate };
    expect(() => checkAuthorities("on-prem", { ...authorities, clients }, 90, days(1))).toThrow(
      "a signature of another root",
    );
  });

  test("seals the roots so that only their passphrase opens them", async () => {
    const roots = await makeRoots("example", "on-prem", now);
    const sealed = sealRoots(roots, "correct horse battery");
    expect(sealed.match(/BEGIN ENCRYPTED PRIVATE KEY/g)).toHaveLength(authorityNames.length);
    expect(sealed).not.toContain("-----BEGIN PRIVATE KEY-----");
    const opened = openRoots(sealed, "correct horse battery");
    for (const name of authorityNames) expect(opened[name].privateKey).toBe(roots[name].privateKey);
    expect(() => openRoots(sealed, "another passphrase")).toThrow();
    expect(() => openRoots(roots.services.certificate, "correct horse battery")).toThrow(
      "no root of the circle services",
    );
  });
});
