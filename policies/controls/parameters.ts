/** A number that rules hold resources to, and who asked for it. */
export interface Bound {
  readonly value: number;
  /** Where it is written, as a report says it: `HIPAA 45 CFR 164.316(b)(2)(i), six years`. */
  readonly source: string;
  /** Key of the framework that asked; absent where it is the kit's own. */
  readonly framework?: string;
}

type Direction = "least" | "most";

/** What one framework, or the kit itself, says of one parameter. */
interface Demand extends Bound {
  readonly parameter: keyof typeof directions;
}

/** Of several demands the strictest holds: the largest of what is asked at least, the smallest of what is at most. */
const directions = {
  /** Days for which the audit record cannot be deleted by anybody. */
  auditLockLeast: "least",
  /** Days of any lock. */
  lockMost: "most",
  /** Days of a log group. */
  logLeast: "least",
  logMost: "most",
  /** Days that a key waits before it is deleted: what was deleted by mistake is lost with it. */
  keyDeletionLeast: "least",
  /** Days after which a key is drawn anew. */
  keyRotationMost: "most",
  /** Days after which a secret is drawn anew. */
  secretRotationMost: "most",
  /** Days of a certificate of a workload, and of an authority below a root. */
  certificateMost: "most",
  authorityMost: "most",
  /** Seconds of a session of a cloud's role. */
  sessionMost: "most",
  /** Days within which somebody's data is erased once that was asked: no lock on personal data may be longer. */
  erasureMost: "most",
} as const satisfies Record<string, Direction>;

const own = "the kit's own";

/** Every number once, with its source. A framework adds demands; none takes one away. */
const demands: readonly Demand[] = [
  {
    parameter: "auditLockLeast",
    value: 183,
    source: `${own}: the six months of the EU AI Act, articles 19(1) and 26(6)`,
  },
  { parameter: "auditLockLeast", framework: "pci-dss", value: 365, source: "PCI DSS 4.0.1 10.5.1, twelve months" },
  { parameter: "auditLockLeast", framework: "hipaa", value: 2190, source: "HIPAA 45 CFR 164.316(b)(2)(i), six years" },
  { parameter: "lockMost", value: 3653, source: `${own}: ten years, since what is locked cannot be given up sooner` },
  { parameter: "logLeast", value: 365, source: `${own}: a year, so that a slow intrusion is still in the log` },
  { parameter: "logLeast", framework: "pci-dss", value: 365, source: "PCI DSS 4.0.1 10.5.1, twelve months" },
  {
    parameter: "logMost",
    value: 3653,
    source: `${own}: ten years, since what is kept for ever answers to no schedule`,
  },
  { parameter: "keyDeletionLeast", value: 30, source: `${own}: the longest that the cloud offers` },
  { parameter: "keyRotationMost", value: 365, source: `${own}: what the cloud does unasked` },
  {
    parameter: "keyRotationMost",
    framework: "pci-dss",
    value: 365,
    source: "PCI DSS 4.0.1 3.7.4, a year's cryptoperiod",
  },
  { parameter: "secretRotationMost", value: 90, source: `${own}: a quarter` },
  {
    parameter: "secretRotationMost",
    framework: "pci-dss",
    value: 90,
    source: "PCI DSS 4.0.1 8.6.3, by the kit's own analysis",
  },
  {
    parameter: "certificateMost",
    value: 398,
    source: `${own}: what authorities of the public web were held to from 2020 on`,
  },
  { parameter: "authorityMost", value: 1826, source: `${own}: five years, below a root that is kept offline` },
  { parameter: "sessionMost", value: 43_200, source: `${own}: twelve hours, the longest that the cloud offers` },
  { parameter: "erasureMost", value: 30, source: `${own}: the month of GDPR article 12(3)` },
  { parameter: "erasureMost", framework: "gdpr", value: 30, source: "GDPR article 12(3), one month" },
];

export type Parameters = Readonly<Record<keyof typeof directions, Bound>>;

/** Frameworks that an environment is held to where it names none: the four whose controls are listed whole. */
export const defaultFrameworks: readonly string[] = ["gdpr", "hipaa", "pci-dss", "nist-800-53"];

const known = new Map<string, Parameters>();

/**
 * The numbers that rules read, from the frameworks an environment names. The kit's own hold always; of equal demands a
 * framework's is told, since that is what a reader has to answer for.
 *
 * @param frameworks keys of `frameworks.ts`; default: the four that are complete.
 */
export function parametersOf(frameworks: readonly string[] = defaultFrameworks): Parameters {
  const name = frameworks.join(",");
  const found = known.get(name) ?? strictest(demands.filter((one) => isAsked(one, frameworks)));
  known.set(name, found);
  return found;
}

const isAsked = ({ framework }: Demand, frameworks: readonly string[]): boolean =>
  framework === undefined || frameworks.includes(framework);

function strictest(asked: readonly Demand[]): Parameters {
  const entries = Object.entries(directions).map(([parameter, direction]) => {
    const mine = asked.filter((one) => one.parameter === parameter);
    const value = (direction === "least" ? Math.max : Math.min)(...mine.map((one) => one.value));
    const strict = mine.filter((one) => one.value === value);
    const { source, framework } = (strict.find((one) => one.framework !== undefined) ?? strict[0]) as Demand;
    return [parameter, { value, source, ...(framework === undefined ? {} : { framework }) }];
  });
  return Object.fromEntries(entries) as Parameters;
}
