import { z } from "zod";
import { storeCapabilities } from "../../components/substrate";
import { address, cidr, hostName, httpsUrl, mailAddress, shortName, whole } from "./common";
import { site } from "./site";

const country = (description: string) =>
  z
    .string()
    .regex(/^[A-Z]{2}$/)
    .meta({ description, allowed: "an ISO 3166 code such as DE", mend: "write two capitals" });

const siteLink = z.strictObject({
  kind: z.enum(["wireguard", "ipsec"]).meta({ mend: "write wireguard or ipsec" }),
  peer: hostName("The company's end of the link"),
  port: whole(
    "UDP port of the company's end; the default is 51820 for WireGuard and 500 for IPsec",
    1,
    65535,
    "remove it, or write the port that the company's end listens on",
  ).optional(),
  companyCidr: cidr("The company's network behind the link"),
  gateway: address("The cage's end of the link: a machine of its own, on the machines' network"),
  companyPublicKey: z
    .string()
    .regex(/^(?!A{43}=)[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/)
    .optional()
    .meta({
      description: "WireGuard's public key of the company's end; required there, unused by IPsec",
      allowed: "32 bytes in base64, as `wg pubkey` prints them; all zeros are no key",
      mend: "ask whoever runs the company's end for the output of `wg pubkey`",
    }),
});

const keyServer = z.strictObject({
  url: httpsUrl("A Tang server in the company's own building"),
  address: address("Its address behind the site link"),
  thumbprint: z
    .string()
    .regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/)
    .meta({
      description: "Of its signing key: a machine binds to this server and to no other, from the first time on",
      allowed: "43 characters: SHA-256 in base64url, as `tang-show-keys` prints it",
      mend: "run `tang-show-keys` on the server itself and copy what it prints",
    }),
});

const accessRecords = z.strictObject({
  host: hostName("Where the operator lays down its records of who entered the cage"),
  cidr: cidr("Network of that host"),
  port: whole("TCP port of the drop", 1, 65535, "22 is SFTP's port, 443 that of HTTPS").default(22),
  protocol: z.enum(["sftp", "https"]).default("sftp").meta({ description: "How the records are fetched" }),
  format: z.enum(["csv", "json-lines"]).meta({ description: "Form of the records", mend: "write csv or json-lines" }),
  owner: mailAddress("Who answers for it that the records arrive"),
});

const backupTarget = z.strictObject({
  endpoint: httpsUrl("Address of the S3 API that keeps a second copy of the backups"),
  region: shortName("Region name the target answers to"),
  country: country("Country where the target keeps its data"),
  cidr: cidr("Network of the target's addresses, behind the site link"),
  capabilities: z.array(z.enum(storeCapabilities)).meta({
    description: "What the target can do; versioning and object-lock are required",
    mend: "list what the target's maker documents",
  }),
});

/** A leased cage in somebody else's building. */
export const colocation = z.strictObject({
  kind: z.literal("colocation"),
  ...site,
  facility: z.strictObject({
    operator: z.string().min(2).meta({ description: "Company that runs the building" }),
    cage: z.string().min(1).meta({ description: "The cage, as the operator numbers it" }),
    accessRecords: accessRecords
      .optional()
      .meta({ description: "Where the building's records of who entered the cage are fetched from" }),
  }),
  siteLink,
  managementCidr: cidr("Out-of-band management network, apart from every other"),
  managementAddresses: z
    .record(shortName("Name of a machine", 40), address("Address of its management controller"))
    .default({})
    .meta({
      description: "Management controller of each machine, by the machine's name",
      allowed: "an address for every machine, or none at all",
    }),
  administrators: z
    .array(cidr("Company network whose administrators may reach the management network"))
    .default([])
    .meta({ description: "Who may reach the management network over the link; the default is nobody" }),
  keyServers: z
    .array(keyServer)
    .min(2)
    .meta({ description: "Disks unlock only in sight of these", allowed: "two servers or more, so that one may fail" }),
  keyServersNeeded: whole(
    "How many key servers must be in sight for a disk to unlock",
    1,
    16,
    "with one, the link alone decides; with more, a thief needs more than one server",
  ).default(1),
  backupTarget: backupTarget
    .optional()
    .meta({ description: "A second copy of the backups elsewhere, encrypted before it leaves the cage" }),
  allowedCountries: z
    .array(country("Country, besides the site's own, in which data may lie"))
    .default([])
    .meta({ description: "Countries besides the site's own in which data may lie; the default is none" }),
});

export type ColocationFootprint = z.infer<typeof colocation>;
