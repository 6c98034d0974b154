import { expect, it } from "vitest";
import { planSubstrate } from "../../../../components/foundation";
import { planStorageClass } from "../../../../components/platform/storage/storage-class-plan";
import { environmentNames, readEnvironment } from "../../../../stacks/environment";

it("makes a class of encrypted volumes where the footprint brings a driver, and none where the site has its own", () => {
  const made = environmentNames().flatMap((name) => {
    const plan = planStorageClass(planSubstrate(readEnvironment(name)).storageClass);
    return plan === undefined ? [] : [[name, plan] as const];
  });
  expect(made.map(([name]) => name)).toEqual(["private-cloud"]);
  expect(made[0]?.[1]).toMatchObject({
    metadata: { name: "encrypted" },
    provisioner: "ebs.csi.aws.com",
    parameters: { type: "gp3", encrypted: "true" },
    reclaimPolicy: "Retain",
    volumeBindingMode: "WaitForFirstConsumer",
  });
});
