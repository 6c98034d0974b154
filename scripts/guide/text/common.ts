import type { Failure, Row, Step } from "./guide-text";

export const writeFile = (example: string): Step => ({
  title: "Write the environment file",
  says: `Copy the worked example, and write your own names, networks and machines into it. An editor with a YAML language server completes and checks it as you type.`,
  commands: [
    `cp stacks/${example}.yaml stacks/<env>.yaml`,
    `sed -i 's/^name: ${example}/name: <env>/' stacks/<env>.yaml`,
  ],
  taken: "`stacks/<env>.yaml` is there: this page was written from it.",
});

export const compare: Step = {
  title: "Ask what it costs, and on which ground",
  says: "The same models on all three footprints: machines, power and cost over a horizon, and the month in which buying has paid for itself. Prices that are assumed are named; your own go into `stacks/<env>/prices.yaml`.",
  commands: ["npm run cloister -- plan <env>"],
  seen: "A table, the prices that are still assumed, and the path of a page with a chart.",
};

export const rehearse = (seen: string): Step => ({
  title: "Rehearse it on your own machine",
  says: "Both stacks go through the real engine, the policy pack and a real API server, before anything is bought or touched. All mistakes in the file are told at once.",
  commands: ["npm run rehearse -- <env>"],
  seen,
});

export const makeStacks: Step = {
  title: "Make the two stacks",
  says: "In the state backend of your company, with a key of your company: their names decide what they are.",
  commands: [
    "pulumi login <your backend>",
    "pulumi stack init <env>-foundation --secrets-provider <your key>",
    "pulumi stack init <env>-platform --secrets-provider <your key>",
  ],
};

export const ceremony: Step = {
  title: "Hold the ceremony",
  says: "On a machine that you trust with the roots. Their file is sealed by a passphrase of 16 characters or more; afterwards carry it to where no network reaches.",
  commands: ["npm run cloister -- pki <env> --roots roots.pem"],
  seen: "The intermediates are a secret of `<env>-foundation`; the roots are in the file alone.",
};

export const evidenceKey: Step = {
  title: "Draw the key of the evidence",
  says: "Every update keeps a signed verdict of what it left, and the next one looks for it. The private half is sealed by a passphrase; the public half, `stacks/<env>/evidence.pub`, is committed.",
  commands: ["npm run cloister -- evidence key <env> --out <file>", "export CLOISTER_EVIDENCE_KEY=<file>"],
};

export const bringUpFoundation = (seen: string): Step => ({
  title: "Bring the foundation up",
  says: "The preview passes the policy pack and shows what would be made. The update makes it, judges it again, and stops before the platform, saying what stands between the two.",
  commands: ["npm run cloister -- up <env> --preview", "npm run cloister -- up <env>"],
  seen,
});

export const images: Step = {
  title: "Bring the images and weights in",
  says: "The private registry reports the digests, and the lock is written only when every image is there. Weights are packed as OCI artifacts and pushed beforehand.",
  commands: ["npm run cloister -- images mirror <env>", "npm run cloister -- images verify <env>"],
};

export const bringUpPlatform: Step = {
  title: "Bring the platform up",
  says: "The same command again, from where the cluster's API is reached. Both stacks pass the gate once more, and what stands is judged.",
  commands: ["npm run cloister -- up <env>"],
  seen: "It ends with _released_ and exit code 0. Exit code 2 means that it is up, and the gate does not release it.",
};

export const operation: readonly Row[] = [
  {
    what: "Renew certificates",
    how: "`npm run cloister -- up <env>` once in each 30 days: what ends within 30 days is issued anew, and pods roll one by one.",
  },
  {
    what: "Add a model",
    how: "One entry under `platform.models`, its image locked, then `up`. A pool without room for it is refused before anything starts.",
  },
  {
    what: "Admit an application",
    how: "One entry under `platform.door.clients`: its name is in its certificate, its network in the door's policy.",
  },
  {
    what: "See who may talk to whom",
    how: "`npm run cloister -- flows`; the flow table of this page is the same list.",
  },
];

export const failures: readonly Failure[] = [
  {
    sign: "… is not a valid environment: … mistakes, nothing was changed",
    cause: "The file names something that cannot be",
    mend: "Each mistake says where, what was found, what is allowed and how to mend it",
  },
  {
    sign: "The preview ends with policy violations",
    cause: "A resource would break a rule of the pack",
    mend: "docs/runbooks/policy-failure.md; nothing was made",
  },
  {
    sign: "The foundation is up. The platform waits for its cluster",
    cause: "The kubeconfig has no context of the name that the Substrate gives",
    mend: "Do what the message lists, then run the same command again",
  },
  {
    sign: "The certificate authorities of … cannot issue",
    cause: "The intermediates would end before what they issue",
    mend: "Hold the ceremony again with the same roots",
  },
  {
    sign: "An update was interrupted",
    cause: "A lost connection, a killed process",
    mend: "Run the same command again: it goes on from what stands, and makes nothing twice",
  },
];
