/** Name of the policy and of its binding. Operators may change these two by name, and no other admission policy. */
export const imagePolicyName = "cloister-images";

/** Every image that a pod's specification names: of containers of the three sorts, and of volumes. */
const imagesOf = (pod: string): string =>
  [
    ...["containers", "initContainers", "ephemeralContainers"].map(
      (field) => `(has(${pod}.${field}) ? ${pod}.${field} : []).map(one, one.image)`,
    ),
    `(has(${pod}.volumes) ? ${pod}.volumes : []).filter(one, has(one.image)).map(one, one.image.reference)`,
  ].join(" + ");

const rule = (operations: readonly string[], resource: string) => ({
  apiGroups: [""],
  apiVersions: ["*"],
  operations: [...operations],
  resources: [resource],
});

/**
 * The policy that holds every image to the lock, in CEL as the API server itself evaluates it. It looks at pods, since nothing
 * else runs, and not at what makes them: a Deployment is written in the moment in which the lock changes, and its controller
 * asks again, while whoever writes it, or only plans to, would be refused by the lock of yesterday.
 *
 * @param images references by digest of all that may run in the zones.
 */
export function planImagePolicy(images: readonly string[]) {
  return {
    failurePolicy: "Fail",
    matchConstraints: {
      namespaceSelector: { matchExpressions: [{ key: "cloister.dev/zone", operator: "Exists" }] },
      resourceRules: [rule(["CREATE", "UPDATE"], "pods"), rule(["UPDATE"], "pods/ephemeralcontainers")],
    },
    variables: [
      { name: "images", expression: imagesOf("object.spec") },
      { name: "locked", expression: `[${images.map((image) => `'${image}'`).join(", ")}]` },
      // A pod that ran before the lock changed may still be labelled, finalised and taken down.
      { name: "before", expression: `oldObject == null ? [] : ${imagesOf("oldObject.spec")}` },
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
