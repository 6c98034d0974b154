import * as common from "./common";
import type { GuideText } from "./guide-text";
import { bootMachines, onPrem, reachCluster } from "./on-prem";

export const colocation: GuideText = {
  lead: "A leased cage in somebody else's building. Machines, keys and network are the company's own; the building is not, so disks unlock only in sight of the company, and one gateway is the only way in or out.",
  differs: [
    "All that an air-gapped rack has, and one link to the company: WireGuard or IPsec, rendered for both ends with the gateway's firewall.",
    "Disks unlock only in sight of the company's key servers: a stolen machine stays shut.",
    "The machines' controllers are on a management network apart from every other; nobody reaches it unless the file says who.",
    "The building's records of who entered the cage have a way through the gateway and a place under lock in the audit bucket; `cloister ledger record cage-access` puts them on the record.",
    "A second copy of the backups may lie elsewhere, encrypted before it leaves the cage.",
  ],
  before: [
    ...onPrem.before,
    "A contract with the building's operator: the cage's number, and how its access records are handed over.",
    "A gateway machine in the cage for the link, and the public key of the company's end.",
    "Two key servers (Tang) or more in the company's own buildings, and the thumbprint of each.",
  ],
  steps: [
    common.writeFile("colocation"),
    common.compare,
    common.rehearse(
      "Both stacks come up on this machine, their state is judged again, and the store's administrator tries to break its locks.",
    ),
    common.makeStacks,
    common.ceremony,
    common.evidenceKey,
    common.bringUpFoundation(
      "Certificates, buckets, the link's keys and what the machines boot with are made; the platform waits for its cluster.",
    ),
    {
      title: "Raise the link",
      says: "Both ends' configuration and the gateway's firewall are secret outputs of the foundation's stack, to be laid down on the gateway and handed to the company's end. The link comes first: without it no disk unlocks. Bind the gateway's own disk to its TPM, since it cannot wait for its own link.",
    },
    common.images,
    bootMachines,
    reachCluster,
    common.bringUpPlatform,
  ],
  operation: [
    ...onPrem.operation,
    {
      what: "Change the link's keys",
      how: "A new `companyPublicKey` in the file, `up` of the foundation, and both ends take their new configuration.",
    },
    {
      what: "Add a key server",
      how: "One more entry under `footprint.keyServers` with its thumbprint; machines bind to it at their next install.",
    },
  ],
  failures: [
    ...onPrem.failures,
    {
      sign: "A machine waits for its disk at start",
      cause: "Too few key servers are in sight: the link is down, or they are",
      mend: "Raise the link first; `keyServersNeeded` says how many must answer",
    },
  ],
  untried: [
    "Nobody has moved into a real cage with the kit yet: its configuration was judged by the tools that will read it, and the rest was rehearsed.",
  ],
};
