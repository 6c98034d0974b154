import * as common from "./common";
import type { GuideText, Step } from "./guide-text";

export const bootMachines: Step = {
  title: "Boot the machines",
  says: "A seed for each of them, from the foundation's secrets: an unattended install on encrypted disks, then RKE2 in its CIS profile. The authorities travel once, on the first server's medium, under a passphrase that is asked for. Nothing listens for SSH. What else a machine needs beside its medium is in docs/runbooks/boot-media.md.",
  commands: ["npm run cloister -- boot-media <env>"],
  seen: "A table of the media, and in which order the machines start from them. Three servers form the control plane; agents join, each by a certificate of its own.",
};

export const reachCluster: Step = {
  title: "Reach the cluster",
  says: "Each operator takes a kubeconfig of their own that ends within hours, from the authorities that the foundation's stack holds as secrets. Who asked is in the audit record; the rights are those of the group `cloister:operators`, named kind by kind: no tokens, no Secrets but the certificates that the engine lays, no shells in pods, no change to rights, certificates or admission, and nothing in the namespaces of the control plane.",
  commands: ["npm run cloister -- kubeconfig <env> --user ada@example.com"],
  seen: "The path of the file, until when it is good, and its context, `cloister-<env>`.",
};

export const onPrem: GuideText = {
  lead: "An air-gapped rack of the company's own. Nothing outside is asked for anything: names, time, images, keys and storage are inside.",
  differs: [
    "Machines are bought, described one by one in the file, and boot from what the kit renders for them.",
    "There is no default route: each way out of the machines' network is named, with its router.",
    "The object store is any S3 API with versioning and object lock; what it lacks has a named compensation.",
    "Keys are held by OpenBao or an HSM; disks are LUKS volumes.",
    "Kubernetes is RKE2 in its CIS profile, with the company's own authorities, audit policy and key at rest.",
  ],
  before: [
    "Four machines or more: three servers, and agents with GPUs for the models. The file wants each one's network cards and disks.",
    "A network of their own with a virtual address for the API, a range for the door, and name and time servers in it.",
    "An S3 store with versioning and object lock, a private OCI registry, and OpenBao or an HSM: outside the cluster that they feed.",
    "An issuer whose service-account tokens the store trusts.",
    "Pulumi with its aws, kubernetes, random and tls plugins, carried in with the kit; a state backend inside the site, and a key for its secrets.",
    "A machine without a network for the ceremony, and a safe for what it writes.",
  ],
  steps: [
    common.writeFile("on-prem"),
    common.compare,
    common.rehearse(
      "Both stacks are deployed on this machine, against a real API server that starts from the files rendered for the first server; what stands is judged again, and it ends with _released_.",
    ),
    common.makeStacks,
    common.ceremony,
    common.evidenceKey,
    common.bringUpFoundation(
      "Certificates, buckets under lock and what the machines boot with are made; the platform waits for its cluster.",
    ),
    {
      ...common.images,
      says: `${common.images.says} Over an air gap, carry a registry in and name it by \`--from\`.`,
    },
    bootMachines,
    reachCluster,
    common.bringUpPlatform,
  ],
  operation: [
    ...common.operation,
    {
      what: "Add a machine",
      how: "One more entry under `footprint.machines`, `up` of the foundation, boot it. Servers stay odd in number.",
    },
    {
      what: "Replace a disk or a machine",
      how: "Change its cards and disks in the file, `up` the foundation, boot it anew: its passphrase is made with it.",
    },
  ],
  failures: [
    ...common.failures,
    {
      sign: "The store refuses a bucket with object lock",
      cause: "The store cannot lock, whatever `capabilities` says",
      mend: "Switch locking on in the store, or take another: there is no compensation for it",
    },
    {
      sign: "A server does not join",
      cause: "Its clock or its name is not what its certificate expects",
      mend: "Check the site's time and name servers: both are named in the file",
    },
  ],
  untried: [
    "Nobody has booted a real rack with the kit yet: it was rehearsed on one machine, where kwok plays the nodes.",
  ],
};
