import { leafSpecifications, type LeafArgs, type LeafSpecification } from "../../../components/certificates";
import type { Authorities } from "../../../components/foundation/pki/pki-plan";
import type { LeafCertificate } from "../../../components/substrate";
import { holdCeremony, makeRoots } from "../../pki/ceremony";
import { issueLeaf } from "../../pki/issue-leaf";

const hour = 3_600_000;
/** A lab is thrown away before they end. */
const lifeHours = 30 * 24;

/** Circles of trust and certificates of a lab: of the very names that an environment's foundation issues, and thrown away. */
export class LabCertificates {
  private serial = 0;

  private constructor(public readonly authorities: Authorities) {}

  public static async make(organisation: string): Promise<LabCertificates> {
    const now = new Date(Date.now() - hour);
    return new LabCertificates(await holdCeremony(await makeRoots(organisation, "lab", now), organisation, now));
  }

  /** Every certificate of the platform's hops, by the name under which the Substrate hands it out. */
  public async leaves(args: LeafArgs): Promise<Record<string, LeafCertificate>> {
    const leaves: Record<string, LeafCertificate> = {};
    for (const [name, specification] of Object.entries(leafSpecifications(args))) {
      leaves[name] = await this.issue(specification);
    }
    return leaves;
  }

  public issue(specification: LeafSpecification): Promise<LeafCertificate> {
    const serial = `${(this.serial += 1)}`.padStart(4, "0");
    return issueLeaf(this.authorities[specification.authority], specification, { serial, now: new Date(), lifeHours });
  }
}
