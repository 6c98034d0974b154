import type { NetworkAttachment } from "../../../stacks/schema/private-network";
import type { Place } from "../private-cloud/place";
import { reserved, type Tier } from "./network-plan";

/** Tiers from which answers go back to the company: the door's, and where operators may come, the API's. */
export function answeringTiers(attachment: NetworkAttachment): Tier[] {
  const operators = attachment.kind === "client-vpn" ? attachment.operatorGroups : attachment.operatorCidrs;
  return ["nodes", ...(operators.length > 0 ? (["control-plane"] as const) : [])];
}

/** Networks whose machines may call the cluster's API beside the nodes. */
export function apiClients(cidr: string, attachment: NetworkAttachment | undefined): string[] {
  if (attachment === undefined || !answeringTiers(attachment).includes("control-plane")) return [];
  return attachment.kind === "client-vpn" ? reserved(cidr, "attachment") : attachment.operatorCidrs;
}

export interface VpnGrant {
  /** Part of a resource's name. */
  readonly suffix: string;
  readonly group: string;
  readonly targetNetworkCidr: string;
}

/** Which group may reach which networks through the client VPN. */
export function planVpnGrants(
  cidr: string,
  attachment: NetworkAttachment & { readonly kind: "client-vpn" },
): VpnGrant[] {
  const grants = (tier: Tier, groups: readonly string[]) =>
    groups.flatMap((group) =>
      reserved(cidr, tier).map((targetNetworkCidr, index) => ({
        suffix: `${tier}-${group}-${index + 1}`,
        group,
        targetNetworkCidr,
      })),
    );
  return [...grants("nodes", attachment.userGroups), ...grants("control-plane", attachment.operatorGroups)];
}

/** Who connected to the client VPN, when and from where. */
export const vpnLogGroup = ({ environment }: Place): string => `/cloister/${environment}/client-vpn`;

/** The VPC's own resolver: two above its first address. */
export function resolverOf(cidr: string): string {
  const octets = (cidr.split("/")[0] ?? "").split(".").map(Number);
  return [...octets.slice(0, 3), (octets[3] ?? 0) + 2].join(".");
}
