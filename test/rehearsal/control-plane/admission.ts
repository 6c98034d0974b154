import { setTimeout as sleep } from "node:timers/promises";
import { imagePolicyName, planImagePolicy } from "../../../components/platform/admission/admission-plan";
import { type ApiClient, ApiError } from "../../../rehearsal/control-plane/api-client";
import { podSpec } from "./fixtures";

const registration = "/apis/admissionregistration.k8s.io/v1";
const kinds = `${registration}/validatingadmissionpolicies`;
const apiVersion = "admissionregistration.k8s.io/v1";

/** Holds the images of every zone to these, by the platform's own policy. */
export async function holdImages(operator: ApiClient, images: readonly string[]): Promise<void> {
  const metadata = { name: imagePolicyName };
  await operator.apply(kinds, {
    ...{ apiVersion, kind: "ValidatingAdmissionPolicy", metadata },
    spec: planImagePolicy(images),
  });
  await operator.apply(`${registration}/validatingadmissionpolicybindings`, {
    ...{ apiVersion, kind: "ValidatingAdmissionPolicyBinding", metadata },
    spec: { policyName: imagePolicyName, validationActions: ["Deny"] },
  });
}

/** What the API server's own type checker says of the policy's expressions, once it has looked. */
export async function warningsOf(operator: ApiClient): Promise<readonly unknown[]> {
  interface Policy {
    readonly metadata: { readonly generation: number };
    readonly status?: {
      readonly observedGeneration?: number;
      readonly typeChecking?: { readonly expressionWarnings?: readonly unknown[] };
    };
  }
  const checked = ({ metadata, status }: Policy) => status?.observedGeneration === metadata.generation;
  const { status } = await operator.until<Policy>(`${kinds}/${imagePolicyName}`, checked, "A checked policy");
  return status?.typeChecking?.expressionWarnings ?? [];
}

/** A pod of a zone with these images in its places. */
export function podWith(name: string, images: { container: string; initial?: string; volume?: string }) {
  const spec = podSpec() as { containers: Record<string, unknown>[] };
  const [main] = spec.containers;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name },
    spec: {
      ...spec,
      containers: [{ ...main, image: images.container }],
      ...(images.initial === undefined
        ? {}
        : { initContainers: [{ ...main, name: "initial", image: images.initial }] }),
      ...(images.volume === undefined
        ? {}
        : { volumes: [{ name: "weights", image: { reference: images.volume, pullPolicy: "IfNotPresent" } }] }),
    },
  };
}

/** What the API server says to a request that changes nothing: `admitted`, or why it is refused. */
export async function answerTo(operator: ApiClient, method: string, path: string, body: unknown): Promise<string> {
  return operator.request(method, `${path}?dryRun=All`, body).then(
    () => "admitted",
    (error: unknown) => {
      if (error instanceof ApiError) return error.message;
      throw error;
    },
  );
}

/** A policy holds a moment after it was written: asks until the answer is the one that it brings. */
export async function untilAnswer(ask: () => Promise<string>, expected: RegExp, seconds = 20): Promise<string> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (expected.test(answer) || Date.now() > deadline) return answer;
    await sleep(100);
  }
}
