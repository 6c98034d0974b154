import { X509Certificate as NodeCertificate } from "node:crypto";
import type { AuthorityName, LeafSpecification } from "../../../../components/certificates";
import type { Authorities } from "../../../../components/foundation/pki/pki-plan";
import { holdCeremony, makeRoots } from "../../../../scripts/pki/ceremony";
import { issueLeaf } from "../../../../scripts/pki/issue-leaf";
import { serialOf, signList } from "../../../../scripts/pki/revocation-list";

/** What one end of a connection shows. PEM. */
export interface Shown {
  readonly chain: string;
  readonly key: string;
}

const hour = 3_600_000;

/** The circles of trust of one environment, as its ceremony makes them, and certificates of each. */
export class Circles {
  private serial = 1;

  private constructor(private readonly authorities: Authorities) {}

  public static async make(): Promise<Circles> {
    const now = new Date(Date.now() - hour);
    return new Circles(await holdCeremony(await makeRoots("example", "test", now), "example", now));
  }

  /** What the other end must chain to, as a foundation bundles it. */
  public trust(name: AuthorityName): string {
    return this.authorities[name].root;
  }

  /**
   * A list of certificates that the intermediate of a circle took back, as `pki revoke` signs it. PEM.
   *
   * @param hours until the next one is due. Default: 24.
   */
  public revoke(name: AuthorityName, certificates: readonly Shown[], hours = 24): Promise<string> {
    const now = new Date();
    const since = new Date(now.getTime() - hour);
    const revoked = certificates.map(({ chain }) => ({
      serial: serialOf(new NodeCertificate(chain).serialNumber) ?? "",
      since,
    }));
    return signList(this.authorities[name], revoked, { now, days: hours / 24 });
  }

  public async issue(
    name: AuthorityName,
    dnsNames: readonly string[],
    kind: "P-256" | "Ed25519" = "P-256",
  ): Promise<Shown> {
    const specification: LeafSpecification = {
      authority: name,
      commonName: dnsNames[0] ?? "nobody",
      dnsNames: [...dnsNames],
      uses: ["server_auth", "client_auth"],
      ...(kind === "Ed25519" ? { algorithm: "ED25519" } : {}),
    };
    const serial = `${(this.serial += 1)}`.padStart(4, "0");
    const terms = { serial, now: new Date(), lifeHours: 24 };
    const { chain, privateKey } = await issueLeaf(this.authorities[name], specification, terms);
    return { chain, key: privateKey };
  }
}
