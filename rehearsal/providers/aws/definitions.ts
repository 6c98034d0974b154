import type { Definitions } from "./definition";
import { cloudIdentityKinds } from "./kinds/cloud-identity";
import { cloudNetworkKinds } from "./kinds/cloud-network";
import { firewallKinds } from "./kinds/firewall";
import { accountKinds } from "./kinds/guardrails-account";
import { recordKinds } from "./kinds/guardrails-record";
import { rotationKinds } from "./kinds/guardrails-secrets";
import { watchKinds } from "./kinds/guardrails-watch";
import { identityKinds } from "./kinds/identity";
import { kubernetesKinds } from "./kinds/kubernetes";
import { machineKinds } from "./kinds/machines";
import { networkKinds } from "./kinds/network";
import { registryKinds } from "./kinds/registry";
import { secretKinds } from "./kinds/secrets";
import { s3Definitions } from "./s3/definitions";

/** Every kind that the stand-in knows, by token. */
export const definitions: Definitions = {
  ...networkKinds,
  ...cloudNetworkKinds,
  ...cloudIdentityKinds,
  ...firewallKinds,
  ...machineKinds,
  ...secretKinds,
  ...identityKinds,
  ...kubernetesKinds,
  ...registryKinds,
  ...recordKinds,
  ...watchKinds,
  ...accountKinds,
  ...rotationKinds,
  ...s3Definitions,
};
