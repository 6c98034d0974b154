import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Authorities } from "../../../components/foundation/pki/pki-plan";
import { LabCertificates } from "../../../scripts/lab/ground/lab-certificates";
import { holdCeremony, makeRoots } from "../../../scripts/pki/ceremony";
import { judgeList } from "../../../scripts/pki/list-in-force";
import { issued, readList, serialOf, signList } from "../../../scripts/pki/revocation-list";
import { withRevoked } from "../../../scripts/pki/revoked-setting";
import { parseEnvironment, readEnvironment } from "../../../stacks/environment";

const now = new Date("2026-11-25T12:00:00.000Z");
const list = [
  { serial: "a1", since: new Date("2026-11-01T00:00:00.000Z") },
  { serial: "1f00", since: now },
];
let authorities: Authorities;
beforeAll(async () => {
  authorities = await holdCeremony(await makeRoots("example", "on-prem", now), "example", now);
});

describe("a list of certificates that were taken back", () => {
  it("says which, since when, and until when it counts", async () => {
    const pem = await signList(authorities.clients, list, { now, days: 90 });
    const read = await readList(pem, authorities.clients);
    expect(read).toEqual({ revoked: list, nextUpdate: new Date("2027-02-23T12:00:00.000Z") });
  });

  it("is believed from its own authority alone", async () => {
    const pem = await signList(authorities.services, list, { now, days: 90 });
    await expect(readList(pem, authorities.clients)).rejects.toThrow("another authority signed it");
    await expect(
      readList("-----BEGIN X509 CRL-----\nno\n-----END X509 CRL-----\n", authorities.clients),
    ).rejects.toThrow();
  });

  it("is one that OpenSSL reads, with a number and its authority's", async () => {
    const folder = mkdtempSync(join(tmpdir(), "crl-"));
    try {
      const pem = await signList(authorities.clients, list, { now, days: 90 });
      writeFileSync(join(folder, "list.pem"), pem);
      writeFileSync(join(folder, "authority.pem"), authorities.clients.certificate);
      const args = [
        "crl",
        "-in",
        join(folder, "list.pem"),
        "-CAfile",
        join(folder, "authority.pem"),
        "-noout",
        "-text",
      ];
      const text = execFileSync("openssl", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
      expect(text).toMatch(/X509v3 CRL Number:\s+\d+/);
      expect(text).toMatch(/X509v3 Authority Key Identifier:/);
      expect(text.match(/Serial Number: (A1|1F00)/g)).toHaveLength(2);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("takes certificates of its own authority, by their signature", async () => {
    const lab = await LabCertificates.make("example");
    const { chain } = await lab.issue({
      authority: "clients",
      commonName: "a",
      dnsNames: ["a"],
      uses: ["client_auth"],
    });
    expect(issued(lab.authorities.clients, chain)).toBe(true);
    // Of the same name, and another key.
    expect(issued(authorities.clients, chain)).toBe(false);
  });

  it.each([
    ["0A:1F", "a1f"],
    ["0xFF", "ff"],
    ["00", "0"],
    ["stolen.pem", undefined],
    ["", undefined],
  ])("knows the serial number %j for %j", (text, serial) => {
    expect(serialOf(text)).toBe(serial);
  });
});

describe("a list in force", () => {
  const { name, platform } = readEnvironment("on-prem");
  const judged = async (days: number, at: Date, by = authorities.clients) => {
    const revokedCertificates = await signList(by, list, { now, days });
    const door = { ...platform.door, revokedCertificates };
    return judgeList({ name, platform: { ...platform, door } }, authorities.clients, at);
  };
  const later = (days: number) => new Date(now.getTime() + days * 86_400_000);

  it("is let pass while it counts, with a word where it is due before certificates are renewed", async () => {
    expect(await judged(90, later(59))).toBeUndefined();
    expect(await judged(90, later(61))).toContain("is overdue on 2027-02-23");
  });

  it.each([
    ["that is overdue", 90, 91, "clients", "one that was due on 2027-02-23T12:00:00.000Z"],
    ["of another authority", 90, 1, "services", "another authority signed it"],
  ] as const)("%s stops an update: the door would let nobody in", async (_name, days, at, by, found) => {
    await expect(judged(days, later(at), authorities[by])).rejects.toThrow(found);
  });
});

describe("the environment's file", () => {
  const path = join(__dirname, "../../../stacks/on-prem.yaml");
  const text = readFileSync(path, "utf8");
  let first: string;
  let second: string;
  beforeAll(async () => {
    first = await signList(authorities.clients, [], { now, days: 90 });
    second = await signList(authorities.clients, list, { now, days: 90 });
  });

  it("gets the list, and every other line stays as it was", () => {
    const once = withRevoked(text, first) ?? "";
    expect(parseEnvironment(once, path).platform.door.revokedCertificates).toBe(first);
    const kept = new Set(once.split("\n"));
    expect(text.split("\n").filter((line) => !kept.has(line))).toEqual([]);
  });

  it("gets the next list in the place of the one before", () => {
    const twice = withRevoked(withRevoked(text, first) ?? "", second) ?? "";
    expect(parseEnvironment(twice, path).platform.door.revokedCertificates).toBe(second);
    expect(withRevoked(twice, first)).toBe(withRevoked(text, first));
  });

  it("has no place for it where the door is written on one line", () => {
    expect(withRevoked("platform: { door: { host: a } }\n", first)).toBeUndefined();
  });
});
