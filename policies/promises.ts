/** The twelve promises of the kit, and the rules of the catalogue that bear on each. A rule alone keeps no promise. */
export interface KitPromise {
  readonly number: number;
  readonly title: string;
  readonly says: string;
  /** Ids in the catalogue, implemented or not. */
  readonly rules: readonly string[];
}

const numbered = (group: string, ...numbers: number[]) => numbers.map((n) => `${group}-${String(n).padStart(2, "0")}`);

export const promises: readonly KitPromise[] = [
  {
    number: 1,
    title: "One door",
    says: "Only the gateway is reachable from outside the platform; training takes no connection but its metrics scrape.",
    rules: [...numbered("NET", 1, 2, 3, 4, 8, 9), ...numbered("AI", 2, 3, 9)],
  },
  {
    number: 2,
    title: "Nothing travels in clear",
    says: "Mutual TLS at the door and on every hop the kit owns.",
    rules: numbered("ENC", 2, 7, 8),
  },
  {
    number: 3,
    title: "Nothing rests in clear",
    says: "Customer-held keys on buckets, volumes, cluster secrets and logs.",
    rules: [...numbered("ENC", 1, 3, 4, 5, 6, 9, 10), "AI-01"],
  },
  {
    number: 4,
    title: "Nothing leaves",
    says: "Data stays in the allowed regions or the site; there is no default route out.",
    rules: [...numbered("NET", 5, 6, 7, 13), ...numbered("RES", 1, 2, 3, 4, 5)],
  },
  {
    number: 5,
    title: "Everything is on the record",
    says: "Requests and model changes are recorded before they take effect, and no alteration goes unseen.",
    rules: [...numbered("IMM", 1, 2, 3, 4, 5, 6, 7, 8), ...numbered("AUD", 1, 2, 3, 4, 5, 6, 7, 8)],
  },
  {
    number: 6,
    title: "No standing privilege",
    says: "Rights are asked for, approved by somebody else, and expire.",
    rules: [...numbered("IAM", 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12), ...numbered("NET", 10, 11, 12, 14), "AI-11"],
  },
  {
    number: 7,
    title: "Every secret has an end date",
    says: "Secrets are rotated by a script, without downtime.",
    rules: ["IAM-10"],
  },
  {
    number: 8,
    title: "Only known code and weights run",
    says: "Private registry, pinned by digest, signed, in the bundle.",
    rules: [...numbered("SUP", 1, 2, 3, 4, 5, 6, 7, 8), ...numbered("AI", 4, 10)],
  },
  {
    number: 9,
    title: "No model serves without the leak probe",
    says: "A probe follows every training run, and gates the model.",
    rules: ["AI-05"],
  },
  {
    number: 10,
    title: "Training reads only what the sanitiser signed",
    says: "Data that was not cleaned and signed never reaches a training run.",
    rules: ["AI-07"],
  },
  {
    number: 11,
    title: "Every prompt and answer is watched",
    says: "The guard cannot be bypassed; an incident reaches a person and a ticket.",
    rules: numbered("AI", 6, 8),
  },
  {
    number: 12,
    title: "Upgrades drop no answers",
    says: "Drains, surges, budgets, and the owner's own maintenance windows.",
    rules: numbered("AVL", 1, 2, 3, 4),
  },
];
