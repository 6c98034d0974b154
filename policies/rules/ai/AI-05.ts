import { createPublicKey, verify } from "node:crypto";
import { controlsOf } from "../../catalogue";
import { podOf, workloadTypes, zoneOf } from "../../reading/workload";
import { SERVING } from "../../reading/zones";
import { weightsDigestOf } from "../../reading/model";
import { need } from "../../settings";
import type { Rule } from "../../rule";

const stage = "cloister.dev/stage";
const gate = "cloister.dev/leak-gate-digest";
const signature = "cloister.dev/leak-gate-signature";
const sha256 = /^sha256:[0-9a-f]{64}$/;

/** What is signed: which report speaks of which weights, so that no model can show another's. */
const statement = (report: string, weights: string): Buffer =>
  Buffer.from(`cloister.dev/leak-gate/v1\n${report}\n${weights}\n`);

function signed(report: string, weights: string, given: string, key: string): boolean {
  try {
    const signer = createPublicKey({ key: Buffer.from(key, "base64"), format: "der", type: "spki" });
    return verify(null, statement(report, weights), signer, Buffer.from(given, "base64"));
  } catch {
    return false;
  }
}

export const ai05: Rule = {
  id: "AI-05",
  title: "A production model carries a signed leak-gate digest",
  severity: "critical",
  scope: "resource",
  types: workloadTypes,
  remediation:
    "Give the model of the environment the leak gate's digest and signature, or let it serve as a trial: label cloister.dev/stage.",
  supports: controlsOf("AI-05"),
  check(subject, examination, { settings }) {
    if (zoneOf(subject) !== SERVING) return examination.notApplicable(`the workload is not in the zone ${SERVING}`);
    const pod = podOf(subject);
    const says = pod.metadata.labels?.[stage] as string | undefined;
    if (says === "trial") {
      return examination.notApplicable(
        "the model serves as a trial: no leak gate was passed, and it is not for production",
      );
    }
    examination.ask(`metadata.labels["${stage}"]`, () =>
      says === "production" ? undefined : `it is ${says ?? "absent"}; wanted production or trial`,
    );
    const annotation = (name: string) => pod.metadata.annotations?.[name] as string | undefined;
    examination.ask(`metadata.annotations["${gate}"]`, () =>
      sha256.test(annotation(gate) ?? "") ? undefined : "no leak gate's digest is named",
    );
    examination.ask(`metadata.annotations["${signature}"]`, () => {
      const given = annotation(signature);
      if (given === undefined) return "the leak gate's digest is not signed";
      const weights = weightsDigestOf(pod);
      if (weights === undefined) return "the weights are not pinned, so no gate can speak of them";
      return signed(annotation(gate) ?? "", weights, given, need(settings, "leakGateKey"))
        ? undefined
        : "the signature is not that of the leak gate over this report and these weights";
    });
  },
};
