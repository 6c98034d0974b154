/** Name of the policy and of its binding. Operators may change these two by name, and no other admission policy. */
export const imagePolicyName = "cloister-images";

/** The pod's specification in an object of any kind that bears pods. `dyn`: the kinds have no type in common. */
const podOf = (object: string): string => {
  const any = `dyn(${object})`;
  return [
    `${any}.kind == 'Pod' ? ${any}.spec`,
    `${any}.kind == 'PodTemplate' ? ${any}.template.spec`,
    `${any}.kind == 'CronJob' ? ${any}.spec.jobTemplate.spec.template.spec`,
    `${any}.spec.template.spec`,
  ].join(" : ");
};

/** Every image that a pod's specification names: of containers of the three sorts, and of volumes. */
const imagesOf = (pod: string): string =>
  [
    ...["containers", "initContainers", "ephemeralContainers"].map(
      (field) => `(has(${pod}.${field}) ? ${pod}.${field} : []).map(one, one.image)`,
    ),
    `(has(${pod}.volumes) ? ${pod}.volumes : []).filter(one, has(one.image)).map(one, one.image.reference)`,
  ].join(" + ");

const rule = (apiGroup: string, operations: readonly string[], ...resources: string[]) => ({
  apiGroups: [apiGroup],
  apiVersions: ["*"],
  operations: [...operations],
  resources,
});

const written = ["CREATE", "UPDATE"];

/**
 * The policy that holds every image to the lock, in CEL as the API server itself evaluates it. Templates are held too, so that
 * a Deployment is refused to whoever writes it, and not only its pods to a controller.
 *
 * @param images references by digest of all that may run in the zones.
 */
export function planImagePolicy(images: readonly string[]) {
  return {
    failurePolicy: "Fail",
    matchConstraints: {
      namespaceSelector: { matchExpressions: [{ key: "cloister.dev/zone", operator: "Exists" }] },
      resourceRules: [
        rule("", written, "pods", "podtemplates", "replicationcontrollers"),
        rule("", ["UPDATE"], "pods/ephemeralcontainers"),
        rule("apps", written, "deployments", "statefulsets", "daemonsets", "replicasets"),
        rule("batch", written, "jobs", "cronjobs"),
      ],
    },
    variables: [
      { name: "pod", expression: podOf("object") },
      { name: "images", expression: imagesOf("variables.pod") },
      { name: "locked", expression: `[${images.map((image) => `'${image}'`).join(", ")}]` },
      // A pod that ran before the lock changed may still be labelled, finalised and taken down.
      { name: "formerPod", expression: `oldObject == null ? {} : ${podOf("oldObject")}` },
      { name: "before", expression: imagesOf("variables.formerPod") },
    ],
    validations: [
      {
        expression: "variables.images.all(image, image in variables.locked || image in variables.before)",
        messageExpression:
          "'not in the image lock of the environment: ' + variables.images.filter(image, !(image in variables.locked)).join(', ')",
        reason: "Forbidden",
      },
    ],
  };
}
