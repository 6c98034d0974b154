import { BlockList } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planAccess } from "../../../components/foundation/cluster/cluster-plan";
import { planPodIdentities } from "../../../components/foundation/cluster/pod-identities-plan";
import { planKeys } from "../../../components/foundation/keys/keys-plan";
import { planEndpoints } from "../../../components/foundation/network/endpoints-plan";
import { logRetention, part, planSubnets } from "../../../components/foundation/network/network-plan";
import { addOnAccount, arnOf, type Place } from "../../../components/foundation/private-cloud/place";
import { grantRoleName, roleNames } from "../../../components/foundation/private-cloud/role-names";
import { planGrants } from "../../../components/foundation/grants";
import { planRepositories, registryHost } from "../../../components/foundation/registry/registry-plan";
import { imageCatalogue, imageReferences } from "../../../components/images";
import { KitError } from "../../../components/kit-error";

const place: Place = { account: "111122223333", region: "eu-central-1", environment: "private-cloud" };
const zones = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];

const bounds = (cidr: string): [number, number] => {
  const [address = "", prefix = ""] = cidr.split("/");
  const first = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return [first, first + 2 ** (32 - Number(prefix)) - 1];
};
/** A private network as large as a VPC may be, its address aligned to its prefix. */
const network = fc
  .record({ prefix: fc.integer({ min: 16, max: 22 }), second: fc.nat(255), third: fc.nat(255) })
  .map(({ prefix, second, third }) => {
    const aligned = Math.floor((second * 256 + third) / 2 ** (24 - prefix)) * 2 ** (24 - prefix);
    return `10.${Math.floor(aligned / 256)}.${aligned % 256}.0/${prefix}`;
  });

describe("the subnets", () => {
  it("lie inside the VPC, apart from each other, and are large enough", () => {
    fc.assert(
      fc.property(network, fc.integer({ min: 2, max: 3 }), (cidr, count) => {
        const [first, last] = bounds(cidr);
        const larger = Number(cidr.split("/")[1]) <= 20;
        const subnets = planSubnets(cidr, zones.slice(0, count), larger ? ["attachment", "exit"] : []);
        const ranges = subnets.map((subnet) => bounds(subnet.cidr));
        expect(ranges).toHaveLength(larger ? 5 * count + 1 : 4 * count);
        for (const [index, [start, end]] of ranges.entries()) {
          expect(start).toBeGreaterThanOrEqual(first);
          expect(end).toBeLessThanOrEqual(last);
          // AWS keeps five addresses of each subnet, and none may be smaller than a /28; thirteen endpoints and sixteen
          // addresses of EKS must fit, where a tier is of these.
          const roomy = !["store", "attachment", "exit"].includes(subnets[index]?.tier ?? "");
          expect(end - start + 1 - 5).toBeGreaterThanOrEqual(roomy ? 16 : 11);
        }
        const sorted = ranges.toSorted(([a], [b]) => a - b);
        for (const [index, [start]] of sorted.slice(1).entries())
          expect(start).toBeGreaterThan(sorted[index]?.[1] ?? 0);
      }),
      { seed: 1 },
    );
  });

  it("of the first day stay where they are", () => {
    expect(planSubnets("10.40.0.0/16", zones.slice(0, 2), ["attachment", "exit"]).map(({ cidr }) => cidr)).toEqual([
      ...["10.40.0.0/18", "10.40.64.0/18", "10.40.192.0/21", "10.40.200.0/21", "10.40.224.0/21", "10.40.232.0/21"],
      ...["10.40.216.0/22", "10.40.220.0/22", "10.40.252.0/24", "10.40.253.0/24", "10.40.255.0/24"],
    ]);
  });

  it("stay where they are when a zone is added", () => {
    fc.assert(
      fc.property(network, (cidr) => {
        expect(planSubnets(cidr, zones)).toEqual(expect.arrayContaining(planSubnets(cidr, zones.slice(0, 2))));
      }),
      { seed: 1 },
    );
  });

  it("start at the network's own address even where the CIDR names a host", () => {
    expect(part("10.40.77.9/16", 2, 1)).toBe("10.40.64.0/18");
    const list = new BlockList();
    list.addSubnet("10.40.0.0", 16, "ipv4");
    expect(list.check("10.40.64.0")).toBe(true);
  });

  it("refuse a part that is not there, and a fourth zone", () => {
    expect(() => part("10.0.0.0/16", 2, 4)).toThrow(RangeError);
    expect(() => part("10.0.0.0/31", 2, 0)).toThrow(RangeError);
    expect(() => planSubnets("10.0.0.0/16", [...zones, "eu-central-1d"])).toThrow(RangeError);
  });
});

describe("retention of logs", () => {
  it.each([
    [0, 365],
    [365, 365],
    [366, 400],
    [2190, 2192],
    [3653, 3653],
  ])("of %i days becomes %i", (days, retention) => expect(logRetention(days)).toBe(retention));
});

describe("the endpoints", () => {
  it("let add-on images be pulled from the region's own registry, and never pushed", () => {
    const { policy } = planEndpoints({ ...place, region: "eu-central-2" })["ecr.dkr"];
    const { Statement } = JSON.parse(policy) as { Statement: { Sid: string; Action: string[]; Resource: string[] }[] };
    const images = Statement.find(({ Sid }) => Sid === "AddOnImages");
    expect(images?.Resource).toEqual(["arn:aws:ecr:eu-central-2:900612956339:repository/*"]);
    expect(images?.Action.filter((action) => /Put|Upload|Create|Delete/.test(action))).toEqual([]);
  });

  it("admit the environment's account alone, or its organisation, and an agent's registry where one is named", () => {
    const organisationId = "o-a1b2c3d4e5";
    const plans = planEndpoints(place, { organisationId, agentRegistry: "999999999999" });
    for (const { policy, service } of Object.values(plans)) {
      const { Statement } = JSON.parse(policy) as { Statement: { Condition?: { StringEquals: object } }[] };
      expect(Statement[0]?.Condition?.StringEquals, service).toEqual({
        "aws:PrincipalOrgID": organisationId,
        ...(service === "guardduty-data" ? {} : { "aws:ResourceOrgID": organisationId }),
      });
      expect(policy).not.toContain("aws:PrincipalAccount");
    }
    expect(plans["ecr.dkr"].policy).toContain("arn:aws:ecr:eu-central-1:999999999999:repository/*");
    expect(planEndpoints(place).ssm.policy).toContain('"aws:ResourceAccount":"111122223333"');
  });

  it("are refused, in a person's words, where AWS's registry is not known", () => {
    expect(() => addOnAccount("xx-nowhere-1")).toThrow(KitError);
    expect(() => addOnAccount("xx-nowhere-1")).toThrow(/footprint\.region\n\s+found: {3}xx-nowhere-1/);
  });
});

describe("names and ARNs", () => {
  it("follow the partition of the region", () => {
    expect(arnOf.role({ ...place, region: "us-gov-west-1" }, "x")).toBe("arn:aws-us-gov:iam::111122223333:role/x");
  });

  it("of roles stay within 64 characters for the longest environment", () => {
    const longest = { ...place, environment: "e".repeat(24) };
    const names = [
      ...Object.values(roleNames(longest)),
      ...planGrants().map(({ identity }) => grantRoleName(longest, identity)),
    ];
    expect(names.filter((name) => name.length > 64)).toEqual([]);
  });

  it("of the registry fit the references that workloads use", () => {
    const { repository, upstream } = imageCatalogue.envoy;
    const digest = `sha256:${"ab".repeat(32)}`;
    const image = imageReferences({
      environment: "private-cloud",
      registry: registryHost(place),
      lock: {
        apiVersion: "cloister.dev/image-lock/v1",
        entries: { envoy: { upstream, repository, digest, origin: "mirrored" } },
      },
      lockPath: "lock",
      needed: ["envoy"],
      placeholders: false,
    });
    const repositories = planRepositories(place).map(
      (plan) => `${registryHost(place).split("/")[0]}/${plan.repository}`,
    );
    expect(repositories).toContain(image("envoy").split("@")[0]);
  });

  it("name each administrator once, by the path of the role", () => {
    const role = "arn:aws:iam::111122223333:role/teams/operators";
    expect(planAccess([role, role])).toEqual([{ suffix: "teams-operators", principalArn: role }]);
  });
});

describe("grants", () => {
  it("stand in the role's policy and in the key's, for the same roles", () => {
    const keys = planKeys({ place, administrators: ["arn:aws:iam::111122223333:role/a"], logGroups: ["/x"] });
    for (const { role, identity } of planPodIdentities(place, "example")) {
      for (const dataClass of Object.keys(role.own ?? {})) {
        const { policy } = keys.find((key) => key.use === dataClass) ?? { policy: "" };
        expect(policy, `${identity} on ${dataClass}`).toContain(`:role/${role.name}"`);
      }
    }
    const named = keys.filter((key) => key.policy.includes("Readers") || key.policy.includes("Writers"));
    expect(named.map((key) => key.use).sort()).toEqual(["audit", "quarantine", "weights"]);
  });
});
