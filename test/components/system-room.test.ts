import { describe, expect, it } from "vitest";
import { KitError } from "../../components/kit-error";
import { amountOf, checkRoom, neededBy, nodeReserve, offeredBy, type PlacedPods } from "../../components/system-room";

const nodes = (count: number, cpus: number, memoryGib: number) => ({
  nodes: Array.from({ length: count }, () => ({ cpus, memoryGib })),
  setting: "footprint.machines",
  grow: "add a machine",
});
const pods = (name: string, replicas: number, surge: number, cpus: number, memoryGib: number): PlacedPods => ({
  name,
  replicas,
  surge,
  each: { cpus, memoryGib },
});
const door = pods("gateway/envoy", 2, 1, 1, 1);
const guard = pods("gateway/guard", 2, 1, 1.25, 2.5);
const ledger = pods("audit/ledger", 2, 0, 0.5, 1);

it("reads quantities as Kubernetes does", () => {
  expect(amountOf({ cpu: "250m", memory: "512Mi" })).toEqual({ cpus: 0.25, memoryGib: 0.5 });
  expect(amountOf({ cpu: "8", memory: "64Gi" })).toEqual({ cpus: 8, memoryGib: 64 });
  expect(() => amountOf({ cpu: "two", memory: "1Gi" })).toThrow("no quantities");
  expect(() => amountOf({ cpu: "1", memory: "1G" })).toThrow("no quantities");
});

it("counts every replica, and the largest pod that an upgrade adds", () => {
  expect(neededBy([door, guard, ledger])).toEqual({ cpus: 5.5 + 1.25, memoryGib: 9 + 2.5 });
  expect(neededBy([])).toEqual({ cpus: 0, memoryGib: 0 });
});

describe("system nodes", () => {
  it("keep something for themselves", () => {
    expect(offeredBy(nodes(2, 4, 16))).toEqual({
      cpus: 2 * (4 - nodeReserve.cpus),
      memoryGib: 2 * (16 - nodeReserve.memoryGib),
    });
  });

  it("hold what asks for no more than that", () => {
    expect(() => {
      checkRoom(nodes(2, 4, 16), [door, guard, ledger]);
    }).not.toThrow();
  });

  it.each([
    ["CPUs", nodes(2, 3, 16), "6.75 CPUs and 11.5 GiB asked for by 6 pods", "5 CPUs and 28 GiB: what 2 nodes have"],
    ["memory", nodes(2, 8, 7), "6.75 CPUs and 11.5 GiB asked for by 6 pods", "15 CPUs and 10 GiB: what 2 nodes have"],
  ])("are refused where %s run out, with both numbers and what to change", (_what, system, found, allowed) => {
    const check = () => {
      checkRoom(system, [door, guard, ledger]);
    };
    expect(check).toThrow(KitError);
    expect(check).toThrow(found);
    expect(check).toThrow(allowed);
    expect(check).toThrow("footprint.machines");
    expect(check).toThrow("mend:    add a machine");
  });

  it("are refused where each is too small for one pod, however many there are", () => {
    expect(() => {
      checkRoom(nodes(20, 1.5, 16), [guard]);
    }).toThrow("no node for gateway/guard, which asks for 1.25 CPUs and 2.5 GiB");
    expect(() => {
      checkRoom(nodes(0, 0, 0), [ledger]);
    }).toThrow("what 0 nodes have");
  });
});
