/** The frameworks whose controls a rule may *support*. Mappings are our reading; no rule satisfies a control alone. */

export interface Framework {
  /** The key used in `catalogue.json`. */
  readonly key: string;
  readonly name: string;
  /** The edition the control numbers are taken from; empty for a law, which has one. */
  readonly version: string;
}

export const frameworks: readonly Framework[] = [
  { key: "gdpr", name: "GDPR", version: "" },
  { key: "hipaa", name: "HIPAA 45 CFR 164", version: "" },
  { key: "pci-dss", name: "PCI DSS", version: "4.0.1" },
  { key: "nist-800-53", name: "NIST SP 800-53", version: "r5" },
  { key: "iso-27001", name: "ISO/IEC 27001 Annex A", version: "2022" },
  { key: "cis-eks", name: "CIS EKS", version: "1.8" },
  { key: "cis-kubernetes", name: "CIS Kubernetes", version: "1.12" },
  { key: "nsa-kubernetes", name: "NSA Kubernetes hardening (Kubescape)", version: "" },
  { key: "aws-security-hub", name: "AWS Security Hub", version: "" },
  { key: "owasp-llm", name: "OWASP LLM Top 10", version: "2025" },
  { key: "mitre-atlas", name: "MITRE ATLAS", version: "" },
  { key: "iso-42001", name: "ISO/IEC 42001", version: "2023" },
  { key: "eu-ai-act", name: "EU AI Act", version: "" },
];

/** A framework by its key, such as `pci-dss`. Throws on a key nobody listed. */
export function framework(key: string): Framework {
  const found = frameworks.find((candidate) => candidate.key === key);
  if (!found) throw new Error(`unknown framework "${key}": add it to policies/frameworks.ts`);
  return found;
}
