/** Names of the files of a set of evidence, all in one folder. */
export const evidenceFiles = {
  html: "evidence.html",
  sarif: "policies.sarif",
  oscal: "assessment-results.json",
  components: "component-definition.json",
  verdicts: "verdicts.csv",
  plan: "plan.json",
} as const;

/** The envelope that names all of them by their digests, and is signed. */
export const attestationFile = "attestation.dsse.json";

/** What the pack is called in documents. */
export const packFile = "cloister-policies";
