import { planImagePolicy } from "../../components/platform/admission/admission-plan";
import type { Fixture } from "./fixture";
import { digest } from "./pods";

const registration = "kubernetes:admissionregistration.k8s.io/v1";
const images = ["server", "prepare"].map((name) => `registry.example.internal/${name}@${digest}`);

/** The specification of the kit's own admission policy, with some of it in another way. */
export const imagePolicy = (other: object = {}): object => ({ ...planImagePolicy(images), ...other });

/** What holds the images of every zone to the lock. */
export const imageAdmission = (): Fixture[] => [
  {
    type: `${registration}:ValidatingAdmissionPolicy`,
    name: "image-policy",
    props: { metadata: { name: "images" }, spec: imagePolicy() },
    provider: {},
  },
  {
    type: `${registration}:ValidatingAdmissionPolicyBinding`,
    name: "image-policy-binding",
    props: { metadata: { name: "images" }, spec: { policyName: "images", validationActions: ["Deny"] } },
    provider: {},
  },
];
