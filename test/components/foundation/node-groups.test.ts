import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instanceTypeOf, instanceTypes, mayOffer } from "../../../components/foundation/cluster/instance-types";
import {
  capacityOf,
  networkCardsOf,
  placementOf,
  purchaseOf,
} from "../../../components/foundation/cluster/launch-template-plan";
import { dealOut, planNodeGroups, type NodeGroupPlan } from "../../../components/foundation/cluster/node-groups-plan";
import { planAddOns } from "../../../components/foundation/cluster/add-ons-plan";
import { readEnvironment } from "../../../stacks/environment";
import type { PrivateCloudFootprint } from "../../../stacks/schema/private-cloud";
import { brokenRelations } from "../../../stacks/schema/relations";
import { nodePoolRelations } from "../../../stacks/schema/relations-node-pools";

const environment = readEnvironment("private-cloud");
const example = environment.footprint as PrivateCloudFootprint;
const [l40s] = example.gpuPools;
if (l40s === undefined) throw new Error("the example has no GPU pool");
type Pool = typeof l40s;
const h100: Pool = {
  ...l40s,
  instanceType: "p5.48xlarge",
  product: "NVIDIA-H100-80GB-HBM3",
  gpusPerNode: 8,
  availabilityZone: "eu-north-1a",
};
const reservation = "cr-0123456789abcdef0";
const inStockholm = (pool: Pool): PrivateCloudFootprint => ({
  ...example,
  region: "eu-north-1",
  availabilityZones: ["eu-north-1a", "eu-north-1b"],
  gpuPools: [pool],
});
const planOf = (pool: Pool): NodeGroupPlan => {
  const plan = planNodeGroups(inStockholm(pool))[1];
  if (plan === undefined) throw new Error("no GPU group");
  return plan;
};

describe("a pool's launch template", () => {
  it("has dedicated tenancy, in a placement group where it is asked for", () => {
    expect(placementOf(planOf(h100), undefined)).toEqual({ tenancy: "dedicated" });
    expect(placementOf(planOf({ ...h100, placementGroup: true }), "close")).toEqual({
      tenancy: "dedicated",
      groupName: "close",
    });
  });

  it("never has a placement group beside Dedicated Hosts", () => {
    const host = { kind: "host", host: "h-0123456789abcdef0" } as const;
    expect(placementOf(planOf({ ...h100, host, placementGroup: true }), "close")).toEqual({
      tenancy: "host",
      hostId: host.host,
    });
  });

  it("takes a block as a market of its own, and names the type itself", () => {
    const block = planOf({ ...h100, capacity: { kind: "block", reservation, tenancy: "dedicated" } });
    const target = { capacityReservationTarget: { capacityReservationId: reservation } };
    expect(capacityOf(block)).toEqual({
      capacityReservationSpecification: target,
      instanceMarketOptions: { marketType: "capacity-block" },
      instanceType: "p5.48xlarge",
    });
    expect(purchaseOf(block)).toEqual({ capacityType: "CAPACITY_BLOCK" });
    const reserved = planOf({ ...h100, capacity: { kind: "reservation", reservation, tenancy: "dedicated" } });
    expect(capacityOf(reserved)).toEqual({ capacityReservationSpecification: target });
    expect(purchaseOf(reserved)).toEqual({ instanceTypes: ["p5.48xlarge"] });
  });

  it("puts an adapter on each network card, an address on the first alone", () => {
    expect(networkCardsOf(planOf(h100))).toEqual([]);
    const cards = networkCardsOf(planOf({ ...h100, efa: true }));
    expect(cards).toHaveLength(32);
    expect(cards.filter(({ interfaceType }) => interfaceType === "efa")).toEqual([
      { networkCardIndex: 0, deviceIndex: 0, interfaceType: "efa" },
    ]);
  });
});

describe("a node", () => {
  it("is shut both ways, and its kernel locked where no driver is loaded", () => {
    const [system, gpu] = planNodeGroups(example);
    for (const plan of [system, gpu]) {
      expect(plan?.settings).toContain("[settings.host-containers.admin]\nenabled = false\n");
      expect(plan?.settings).toContain("[settings.host-containers.control]\nenabled = false\n");
    }
    expect(system?.settings).toContain('[settings.kernel]\nlockdown = "integrity"\n');
    expect(gpu?.settings).not.toContain("lockdown");
  });

  it("is of the pinned release, and of the FIPS variant where that is asked for", () => {
    const kubernetes = { ...example.kubernetes, fips: true, nodeRelease: "1.20.3-5d9ac849" };
    const plans = planNodeGroups({ ...example, kubernetes });
    expect(plans.map(({ amiType, release }) => [amiType, release])).toEqual([
      ["BOTTLEROCKET_x86_64_FIPS", "1.20.3-5d9ac849"],
      ["BOTTLEROCKET_x86_64_NVIDIA_FIPS", "1.20.3-5d9ac849"],
    ]);
    const unpinned = { ...kubernetes, nodeRelease: undefined };
    expect(planNodeGroups({ ...example, kubernetes: unpinned }).filter((plan) => "release" in plan)).toEqual([]);
  });

  it("stands in the pool's zone where it must", () => {
    expect(planOf(l40s).shares.map(({ index, nodes }) => [index, nodes])).toEqual([
      [0, 1],
      [1, 1],
    ]);
    expect(planOf({ ...h100, availabilityZone: "eu-north-1b" }).shares).toEqual([
      { zone: "eu-north-1b", index: 1, nodes: h100.nodes },
    ]);
  });

  it("is dealt to zones so that all are used, none has two more than another, and one more zone moves no group", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 3 }), (nodes, count) => {
        const zones = ["a", "b", "c", "d"];
        const shares = dealOut(nodes, zones.slice(0, count));
        const sizes = shares.map((share) => share.nodes);
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(nodes);
        expect(sizes.length).toBe(Math.min(nodes, count));
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        const more = dealOut(nodes, zones.slice(0, count + 1)).map(({ zone }) => zone);
        expect(more.slice(0, shares.length)).toEqual(shares.map(({ zone }) => zone));
      }),
    );
  });
});

it("pins each add-on that the environment pins, and no other", () => {
  const place = { account: "111122223333", region: "eu-central-1", environment: "x" };
  const { beforeNodes, afterNodes } = planAddOns(place, {
    versions: { coredns: "v1.2.3-eksbuild.4" },
    runtimeAgent: { version: "v5.6.7-eksbuild.8" },
  });
  expect([...beforeNodes, ...afterNodes].flatMap(({ addOn, version }) => (version ? [[addOn, version]] : []))).toEqual([
    ["coredns", "v1.2.3-eksbuild.4"],
    ["aws-guardduty-agent", "v5.6.7-eksbuild.8"],
  ]);
});

describe("the list of instance types", () => {
  it("says what a region did not offer, and nothing of a region that nobody recorded", () => {
    const type = instanceTypeOf("p5.48xlarge");
    if (type === undefined) throw new Error("unknown");
    expect(mayOffer(type, "eu-north-1")).toBe(true);
    expect(mayOffer(type, "eu-central-1")).toBe(false);
    expect(mayOffer(type, "us-gov-west-1")).toBe(true);
  });

  it("gives way to the environment's own word", () => {
    const own = { ...instanceTypes["m7i.large"]!, vcpus: 99 };
    expect(instanceTypeOf("m7i.large", { "m7i.large": own })?.vcpus).toBe(99);
    expect(instanceTypeOf("x9.large")).toBeUndefined();
  });

  it.each([
    ["gpusPerNode", { gpusPerNode: 4 }],
    ["product", { product: "NVIDIA-L4" }],
    ["instanceType", { instanceType: "p9.48xlarge" }],
    ["instanceType", { instanceType: "p4de.24xlarge", product: "NVIDIA-A100-SXM4-80GB" }],
    ["capacity.tenancy", { capacity: { kind: "block", reservation, tenancy: "default" } }],
    ["host", { host: { kind: "host", host: "h-0123456789abcdef0" } }],
    ["availabilityZone", { availabilityZone: undefined, efa: true }],
    ["availabilityZone", { availabilityZone: "eu-north-1c" }],
    ["placementGroup", { placementGroup: true, capacity: { kind: "reservation", reservation, tenancy: "dedicated" } }],
  ] as [string, Partial<Pool>][])("finds a mistake of %s in %j", (field, change) => {
    expect(nodePoolRelations(inStockholm(h100))).toEqual([]);
    expect(nodePoolRelations(inStockholm({ ...h100, ...change })).map(({ path }) => path.join("."))).toEqual([
      `footprint.gpuPools.0.${field}`,
    ]);
  });

  it("finds adapters, a placement group and a block that a type or a host does not take", () => {
    const small: Pool = { ...l40s, instanceType: "g6e.xlarge", gpusPerNode: 1, availabilityZone: "eu-north-1a" };
    const paths = (change: Partial<Pool>) =>
      nodePoolRelations(inStockholm({ ...small, ...change })).map(({ path }) => path.slice(3).join("."));
    expect(paths({})).toEqual([]);
    expect(paths({ efa: true })).toEqual(["efa"]);
    expect(paths({ capacity: { kind: "block", reservation, tenancy: "dedicated" } })).toEqual(["capacity.kind"]);
    const large = { instanceType: "g6e.24xlarge", gpusPerNode: 4 };
    const host = { kind: "host", host: "h-0123456789abcdef0" } as const;
    expect(paths({ ...large, host })).toEqual([]);
    expect(paths({ ...large, host, placementGroup: true })).toEqual(["placementGroup"]);
  });

  it("holds what the examples use", () => expect(brokenRelations(environment)).toEqual([]));
});
