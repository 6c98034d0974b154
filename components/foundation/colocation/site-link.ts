import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { gatewayFirewall, linkPort } from "./gateway-firewall";
import { swanctlOf, xfrmInterface } from "./ipsec-plan";
import { linkNetworks, planLinkFlows, type ColocationEnvironment } from "./link-flows";
import { cageEnd, companyEnd, wireGuardPublicKey } from "./wireguard-plan";

export interface SiteLinkArgs {
  /** The environment, as its file says. */
  readonly environment: ColocationEnvironment;
}

/** Files of each end of the link: absolute path to text. */
export interface LinkFiles {
  /** For the gateway in the cage, mode 0600. */
  readonly gateway: Readonly<Record<string, string>>;
  /** For the company's end: what it adds to its own configuration. */
  readonly company: Readonly<Record<string, string>>;
}

/** The one way between cage and company: its keys, the configuration of both ends, and the gateway's firewall. */
export class SiteLink extends pulumi.ComponentResource {
  /** Secret, base64 of 32 bytes: mixed into the link's key exchange on both ends. */
  public readonly presharedKey: pulumi.Output<string>;
  /** WireGuard's public key of the cage's end; undefined with IPsec. */
  public readonly publicKey: pulumi.Output<string> | undefined;
  /** Secret. */
  public readonly files: pulumi.Output<LinkFiles>;

  public constructor(name: string, { environment }: SiteLinkArgs, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:SiteLink", name, {}, options);
    const { kind } = environment.footprint.siteLink;
    this.presharedKey = new random.RandomBytes(
      `${name}-preshared-key`,
      { length: 32 },
      // It was the footprint's own child before the link became a component.
      // A new one cuts both ends apart until each has it.
      {
        parent: this,
        protect: true,
        ...(options?.parent === undefined ? {} : { aliases: [{ parent: options.parent }] }),
      },
    ).base64;
    const privateKey =
      kind === "wireguard"
        ? new random.RandomBytes(`${name}-private-key`, { length: 32 }, { parent: this, protect: true }).base64
        : pulumi.output("");
    this.publicKey = kind === "wireguard" ? pulumi.unsecret(privateKey.apply(wireGuardPublicKey)) : undefined;
    this.files = pulumi.secret(
      pulumi.all([this.presharedKey, privateKey]).apply(([preshared, key]) => filesOf(environment, preshared, key)),
    );
    this.registerOutputs({ publicKey: this.publicKey, files: this.files });
  }
}

/** The files of both ends. Pure, but for the secrets it is given. */
export function filesOf(environment: ColocationEnvironment, presharedKey: string, privateKey: string): LinkFiles {
  const { siteLink } = environment.footprint;
  const flows = planLinkFlows(environment);
  const { company: companyNetworks, cage: cageNetworks } = linkNetworks(flows);
  const link = { peer: siteLink.peer, port: linkPort(siteLink), presharedKey, companyNetworks, cageNetworks };
  const common = {
    "/etc/nftables.conf": gatewayFirewall(siteLink, flows),
    "/etc/sysctl.d/60-forward.conf": "net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.rp_filter = 1\n",
  };
  if (siteLink.kind === "wireguard") {
    const wireGuard = { ...link, privateKey, companyPublicKey: siteLink.companyPublicKey ?? "" };
    return {
      gateway: { ...common, "/etc/wireguard/link.conf": cageEnd(wireGuard) },
      company: { "/etc/wireguard/cage.peer.conf": companyEnd(wireGuard) },
    };
  }
  const cageIdentity = `${environment.name}.${environment.organisation.slug}.cage.internal`;
  const { cage, company } = swanctlOf({ ...link, cageIdentity });
  return {
    gateway: { ...common, ...xfrmInterface(companyNetworks), "/etc/swanctl/conf.d/link.conf": cage },
    company: { "/etc/swanctl/conf.d/cage.conf": company },
  };
}
