import * as common from "./common";
import type { GuideText } from "./guide-text";

export const privateCloud: GuideText = {
  lead: "A single-tenant AWS account with one VPC that has no way out. AWS runs the machines and the Kubernetes control plane; every key, every right and every network is the company's own.",
  differs: [
    "Machines are rented by the hour and stand on dedicated tenancy; pools grow by a number in the file.",
    "Every AWS service is reached by an endpoint inside the VPC, whose policy admits this account alone.",
    "Keys are KMS keys; one for each data class, and one for each thing that the ground itself encrypts.",
    "The account watches itself: trail, recorder, detector, alarms and backups under a lock that binds the root user too.",
  ],
  before: [
    "An AWS account that holds this environment and nothing else, in a region that your law allows.",
    "Quotas for the GPU instances on dedicated tenancy, and the zones that offer them.",
    "Roles for administrators, assumed with a second factor; none of them a user.",
    "A way from the company into the VPC: transit gateway, Direct Connect or client VPN (`footprint.network.attachment`). Without one the door and the cluster's API are reached from inside the VPC alone.",
    "Pulumi with its aws, kubernetes, random and tls plugins; a state backend, and a key for its secrets.",
    "A machine without a network for the ceremony, and a safe for what it writes.",
  ],
  steps: [
    common.writeFile("private-cloud"),
    common.compare,
    common.rehearse(
      "Both stacks come up on this machine: what AWS would be asked is judged by AWS's own models and sent to moto, which stands in for it; the summary says which types were not.",
    ),
    common.makeStacks,
    common.ceremony,
    common.evidenceKey,
    common.bringUpFoundation(
      "VPC, keys, buckets, registry, cluster and guardrails stand; the platform waits for its cluster.",
    ),
    common.images,
    {
      title: "Reach the cluster",
      says: "The API has a private endpoint alone: the platform's stack runs from inside the VPC or over its attachment, with the operator's own kubeconfig. The last lines of the update name the command, with your region and your cluster in it.",
    },
    common.bringUpPlatform,
  ],
  operation: [
    ...common.operation,
    {
      what: "Rotate secrets",
      how: "The key of the audit record's digests is drawn inside the VPC and changes every 90 days by itself; no state ever holds it. Certificates are issued anew by `up`.",
    },
    {
      what: "Grow a GPU pool",
      how: "Change `footprint.gpuPools[].nodes`, then `up`: one number of one node group changes.",
    },
    {
      what: "Add an availability zone",
      how: "Append it, never insert it: the network is cut for three zones from the first day, so nothing that stands moves.",
    },
    {
      what: "Take it down",
      how: "Keys, locked buckets, logs and backups stay: they are protected, and kept when a stack is destroyed.",
    },
  ],
  failures: [
    ...common.failures,
    {
      sign: "The provider refuses the credentials' account",
      cause: "They belong to another account than `footprint.account`",
      mend: "Assume a role in the right account: nothing was changed",
    },
    {
      sign: "A GPU node group waits for its first node",
      cause: "The quota for dedicated instances, or no capacity in the zones",
      mend: "Ask AWS for the quota, or reserve the capacity beforehand",
    },
  ],
  untried: [
    "Nobody has brought this footprint up in a real account with the kit yet: it was planned, judged and rehearsed against stand-ins of AWS.",
  ],
};
