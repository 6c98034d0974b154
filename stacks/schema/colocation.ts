import { z } from "zod";
import { cidr, hostName, httpsUrl, whole } from "./common";
import { site } from "./site";

/** A leased cage in somebody else's building. */
export const colocation = z.strictObject({
  kind: z.literal("colocation"),
  ...site,
  facility: z.strictObject({
    operator: z.string().min(2).meta({ description: "Company that runs the building" }),
    cage: z.string().min(1).meta({ description: "The cage, as the operator numbers it" }),
  }),
  siteLink: z.strictObject({
    kind: z.enum(["wireguard", "ipsec"]).meta({ mend: "write wireguard or ipsec" }),
    peer: hostName("The company's end of the link"),
    port: whole("UDP port of the company's end", 1, 65535, "51820 is WireGuard's usual port").default(51820),
    companyCidr: cidr("The company's network behind the link"),
  }),
  managementCidr: cidr("Out-of-band management network, apart from every other"),
  keyServers: z
    .array(httpsUrl("A Tang server in the company's own building"))
    .min(2)
    .meta({ description: "Disks unlock only in sight of these", allowed: "two servers or more, so that one may fail" }),
});

export type ColocationFootprint = z.infer<typeof colocation>;
