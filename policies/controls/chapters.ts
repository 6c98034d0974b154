/** A part of a framework as a reader looks for it, and the ids that belong to it. */
export interface Chapter {
  readonly title: string;
  readonly holds: (id: string) => boolean;
}

const before = (prefix: string, title: string): Chapter => ({
  title: `${prefix} ${title}`,
  holds: (id) => id.startsWith(prefix),
});

const families: readonly Chapter[] = Object.entries({
  AC: "Access Control",
  AT: "Awareness and Training",
  AU: "Audit and Accountability",
  CA: "Assessment, Authorization, and Monitoring",
  CM: "Configuration Management",
  CP: "Contingency Planning",
  IA: "Identification and Authentication",
  IR: "Incident Response",
  MA: "Maintenance",
  MP: "Media Protection",
  PE: "Physical and Environmental Protection",
  PL: "Planning",
  PM: "Program Management",
  PS: "Personnel Security",
  PT: "Personally Identifiable Information Processing and Transparency",
  RA: "Risk Assessment",
  SA: "System and Services Acquisition",
  SC: "System and Communications Protection",
  SI: "System and Information Integrity",
  SR: "Supply Chain Risk Management",
}).map(([prefix, title]) => before(prefix, title));

const requirements: readonly Chapter[] = [
  "Network security controls",
  "Secure configuration",
  "Stored account data",
  "Transmission over open networks",
  "Malicious software",
  "Secure systems and software",
  "Access by need to know",
  "Identification and authentication",
  "Physical access",
  "Logging and monitoring",
  "Testing of security",
  "Policies and programmes",
].map((title, index) => ({
  title: `Requirement ${index + 1}: ${title}`,
  holds: (id) => id.startsWith(`${index + 1}.`),
}));

/** The last article of each chapter, and its title. */
const gdprChapters: readonly (readonly [number, string])[] = [
  [4, "I General provisions"],
  [11, "II Principles"],
  [23, "III Rights of the data subject"],
  [43, "IV Controller and processor"],
  [50, "V Transfers to third countries"],
  [59, "VI Independent supervisory authorities"],
  [76, "VII Cooperation and consistency"],
  [84, "VIII Remedies, liability and penalties"],
  [91, "IX Specific processing situations"],
  [93, "X Delegated and implementing acts"],
  [99, "XI Final provisions"],
];

const byFramework: Readonly<Record<string, readonly Chapter[]>> = {
  gdpr: gdprChapters.map(([last, title], index) => ({
    title: `Chapter ${title}`,
    holds: (id) => Number.parseInt(id, 10) <= last && Number.parseInt(id, 10) > (gdprChapters[index - 1]?.[0] ?? 0),
  })),
  hipaa: [
    before("164.308", "Administrative safeguards"),
    before("164.310", "Physical safeguards"),
    before("164.312", "Technical safeguards"),
    before("164.314", "Organizational requirements"),
    before("164.316", "Policies, procedures and documentation"),
  ],
  "nist-800-53": families,
  "pci-dss": [...requirements, { title: "Appendices", holds: (id) => id.startsWith("A") }],
};

/** The chapters of a framework, in its order; one for all where it is listed for reference alone. */
export const chaptersOf = (framework: string): readonly Chapter[] =>
  byFramework[framework] ?? [{ title: "Referenced", holds: () => true }];
