import type { Layer } from "../../stacks/environment";

type Operation = "create" | "update" | "replace" | "delete";

/** A change that somebody makes in an environment file, and what it may do to what stands. */
export interface Change {
  /** In words, as the documentation shows it. */
  readonly what: string;
  /** Texts of the environment file, and what they become. */
  readonly edits: readonly (readonly [from: string, to: string])[];
  /** The operations it plans; a layer that is not named is left alone. Which resources: the tables in `docs/changes`. */
  readonly plans: Readonly<Partial<Record<Layer, readonly Operation[]>>>;
  /** What refuses it, where it must not happen. */
  readonly refused?: RegExp;
}

const client = "{ name: support-desk, owner: support@example.com, cidr: ";

const servedTwice = (model: string, pool: string) => `{ name: ${model}, pool: ${pool}, replicas: 2 }`;

function secondModel(model: string, pool: string): Change {
  const line = servedTwice(model, pool);
  const other = model === "qwen3-8b" ? "llama-3.1-8b-instruct" : "qwen3-8b";
  return {
    what: "A second model is served",
    edits: [[`- ${line}`, `- ${line}\n    - { name: ${other}, pool: ${pool}, replicas: 2 }`]],
    // The model servers' certificate names each of them; their key stays.
    plans: { foundation: ["replace"], platform: ["create", "update"] },
  };
}

const thirdReplica = (model: string, pool: string): Change => ({
  what: "A model gets a third replica",
  edits: [[servedTwice(model, pool), servedTwice(model, pool).replace("replicas: 2", "replicas: 3")]],
  plans: { platform: ["update"] },
});

const anotherClient = (cidr: string): Change => ({
  what: "Another application may knock at the door",
  edits: [[`- ${client}`, `- { name: search, owner: search@example.com, cidr: ${cidr} }\n      - ${client}`]],
  plans: { foundation: ["create"], platform: ["update"] },
});

const machine = (name: string, address: string, mac: string) =>
  [
    `    - name: ${name}`,
    "      role: agent",
    `      address: ${address}`,
    "      cpus: 32",
    "      memoryGib: 128",
    `      macs: ["${mac}"]`,
    `      systemDisk: DISK-${name}`,
    "",
  ].join("\n");

const longerRecord: Change = {
  what: "The audit record is kept for ten years instead of six",
  edits: [["\nfootprint:", "\nauditRetentionDays: 3653\n\nfootprint:"]],
  plans: { foundation: ["update"] },
};

/** By environment: what the engine is asked, one after another, on one state. Nothing of it is carried out. */
export const changes: Readonly<Record<string, readonly Change[]>> = {
  "private-cloud": [
    secondModel("qwen3-8b", "l40s"),
    thirdReplica("qwen3-8b", "l40s"),
    anotherClient("10.30.8.0/24"),
    {
      // Each zone has node groups of its own: EKS moves none to other subnets.
      what: "A third availability zone is used",
      edits: [["[eu-central-1a, eu-central-1b]", "[eu-central-1a, eu-central-1b, eu-central-1c]"]],
      plans: { foundation: ["create", "update"] },
    },
    {
      what: "A second GPU pool is added",
      edits: [
        [
          "  gpuPools:\n",
          "  gpuPools:\n    - { name: large, instanceType: g6e.48xlarge, product: NVIDIA-L40S, gpusPerNode: 8, nodes: 1 }\n",
        ],
      ],
      plans: { foundation: ["create"] },
    },
    {
      what: "A GPU pool gets a third node",
      edits: [["gpusPerNode: 4, nodes: 2", "gpusPerNode: 4, nodes: 3"]],
      plans: { foundation: ["update"] },
    },
    longerRecord,
    {
      what: "The cluster's services get other addresses, which would take another cluster",
      edits: [['minor: "1.36"', 'minor: "1.36"\n    serviceCidr: 172.21.0.0/16']],
      plans: {},
      refused: /foundation-cluster[^]*protect/,
    },
  ],
  // What the platform's half of a file changes is told once, on the ground where most of it stands.
  "on-prem": [
    secondModel("qwen3-8b", "l40s"),
    {
      what: "A machine is added",
      edits: [["    - name: gpu-1\n", `${machine("worker-3", "10.20.0.23", "02:00:0a:14:00:17")}    - name: gpu-1\n`]],
      plans: { foundation: ["create"] },
    },
  ],
  colocation: [
    {
      what: "A machine is added",
      edits: [["    - name: gpu-1\n", `${machine("worker-3", "10.60.0.23", "02:00:0a:3c:00:17")}    - name: gpu-1\n`]],
      plans: { foundation: ["create"] },
    },
  ],
};
