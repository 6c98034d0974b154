import { arnOf, text } from "../definition";
import type { Definitions, Resource } from "../definition";
import { matching } from "../rules";

const service = matching(/^[a-z0-9.-]+\.amazonaws\.com$/, "a service such as autoscaling.amazonaws.com");

/** Names that AWS gives the service-linked roles which the kit asks for. */
const names: Readonly<Record<string, string>> = { "autoscaling.amazonaws.com": "AWSServiceRoleForAutoScaling" };

const path = ({ inputs }: Resource) => `/aws-service-role/${text(inputs, "awsServiceName")}/`;
const name = ({ inputs }: Resource) =>
  names[text(inputs, "awsServiceName")] ?? `AWSServiceRoleFor-${text(inputs, "awsServiceName")}`;

export const cloudIdentityKinds: Definitions = {
  "aws:iam/serviceLinkedRole:ServiceLinkedRole": {
    replaceOn: ["awsServiceName", "customSuffix"],
    rules: { awsServiceName: service },
    id: (resource) => arnOf(resource, "iam", `role${path(resource)}${name(resource)}`, { regional: false }),
    outputs: (resource) => ({
      arn: resource.id,
      name: name(resource),
      path: path(resource),
      uniqueId: `AROA${resource.digits(17, "unique").toUpperCase()}`,
      createDate: resource.before?.createDate ?? new Date().toISOString(),
    }),
  },
};
