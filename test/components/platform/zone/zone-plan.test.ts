import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { auditLogPods, dnsPods, flows, type Flow, type FlowEnd } from "../../../../components/flows";
import { planNetworkPolicies } from "../../../../components/platform/zone/zone-plan";
import { standingZones } from "../../../../components/zones";
import { reachable, type AppliedPolicy, type Place } from "./reachability";

const outside = { clients: ["10.30.4.0/24", "10.30.8.0/24"], objectStore: ["10.20.2.0/28"], auditLog: true };
const nobody = { clients: [], objectStore: [], auditLog: false };

const policiesOf = (table?: readonly Flow[], addresses = outside): AppliedPolicy[] =>
  standingZones.flatMap((namespace) =>
    planNetworkPolicies(namespace, addresses, table).map(({ spec }) => ({ namespace, spec }) as AppliedPolicy),
  );

const pod = (namespace: string, app: string): Place => ({ namespace, labels: { "app.kubernetes.io/name": app } });
const dnsPod: Place = { namespace: dnsPods.namespace, labels: dnsPods.labels };
const auditLogPod: Place = { namespace: auditLogPods.namespace, labels: auditLogPods.labels };
const appsOf = (table: readonly Flow[]): string[] => [
  ...new Set(table.flatMap(({ from, to }) => [from, to].flatMap((end) => ("zone" in end ? [end.app] : [])))),
];

/** Every place worth trying: each application in each zone, one that no row names, DNS, its neighbours, and addresses. */
const placesOf = (table: readonly Flow[]): Place[] => [
  ...standingZones.flatMap((zone) => [...appsOf(table), "intruder"].map((app) => pod(zone, app))),
  pod("default", "intruder"),
  dnsPod,
  auditLogPod,
  pod(dnsPods.namespace, "etcd"),
  { address: "10.30.4.7" },
  { address: "10.30.5.7" },
  { address: "10.20.2.3" },
  { address: "203.0.113.9" },
];

/** What the table means, said without any policy. */
function covers(end: FlowEnd, place: Place): boolean {
  if ("address" in place) {
    if ("peer" in end) return /^10\.30\.[48]\./.test(place.address);
    return "service" in end && end.service === "object-store" && place.address.startsWith("10.20.2.");
  }
  if ("everyZone" in end) return (standingZones as string[]).includes(place.namespace);
  if ("zone" in end) return place.namespace === end.zone && place.labels["app.kubernetes.io/name"] === end.app;
  if (!("service" in end)) return false;
  return (end.service === "dns" && place === dnsPod) || (end.service === "audit-log" && place === auditLogPod);
}

const inZone = (place: Place): boolean => "namespace" in place && (standingZones as string[]).includes(place.namespace);

/** Every pair of places of which one at least stands in a zone, with what the policies and what the table say. */
function judged(table: readonly Flow[]) {
  const policies = policiesOf(table);
  const places = placesOf(table);
  const doors = [...new Set([...table.map((flow) => flow.port), 22])].flatMap((port) =>
    (["TCP", "UDP"] as const).map((protocol) => ({ port, protocol })),
  );
  return places.flatMap((from) =>
    places
      .filter((to) => inZone(from) || inZone(to))
      .flatMap((to) =>
        doors.map(({ port, protocol }) => ({
          connection: { from, to, port, protocol },
          open: reachable(policies, from, to, port, protocol),
          inTable: table.some(
            (flow) =>
              covers(flow.from, from) && covers(flow.to, to) && flow.port === port && flow.protocols.includes(protocol),
          ),
        })),
      ),
  );
}

const zone = fc.constantFrom(...standingZones);
const app = fc.record({ zone, app: fc.constantFrom("envoy", "vllm", "mlflow", "all") });
const everyZone = fc.constant({ everyZone: true } as const);
const inside: fc.Arbitrary<FlowEnd> = fc.oneof({ weight: 5, arbitrary: app }, { weight: 1, arbitrary: everyZone });
const service = fc.record({ service: fc.constantFrom("dns" as const, "object-store" as const) });
const peer = fc.constant({ peer: "clients" } as const);
const ends = fc.oneof(
  fc.tuple(inside, inside),
  fc.tuple(peer, inside),
  fc.tuple(inside, fc.oneof<fc.Arbitrary<FlowEnd>[]>(service, peer)),
);
const row = fc
  .tuple(ends, fc.constantFrom(443, 8443, 8000, 53), fc.subarray(["TCP", "UDP"] as const, { minLength: 1 }))
  .map(([[from, to], port, protocols]): Flow => ({ from, to, port, protocols, tls: "mutual", why: "a test" }));

describe("the policies of the zones", () => {
  it("open what the flow table names, and nothing else", () => {
    const connections = judged(flows);
    expect(connections.filter(({ open, inTable }) => open !== inTable).map(({ connection }) => connection)).toEqual([]);
    expect(connections.filter(({ open }) => open).length).toBeGreaterThan(flows.length);
  });

  it("do so for any table", () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 8 }), (table) => {
        const wrong = judged(table).filter(({ open, inTable }) => open !== inTable);
        expect(wrong.map(({ connection }) => connection)).toEqual([]);
      }),
      { numRuns: 60, seed: 20261124 },
    );
  });

  it.each(standingZones)("deny %s everything both ways where the table is empty", (name) => {
    expect(planNetworkPolicies(name, outside, [])).toEqual([
      { name: "default-deny", spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] } },
    ]);
  });

  it.each(standingZones)("deny %s everything by default, whatever else it has", (name) => {
    expect(planNetworkPolicies(name, outside)[0]).toEqual({
      name: "default-deny",
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    });
  });

  it("state both ends of every row between zones", () => {
    const between = flows.filter(({ from, to }) => "zone" in from && "zone" in to);
    expect(between.length).toBeGreaterThan(0);
    for (const { from, to, port } of between) {
      if (!("zone" in from) || !("zone" in to)) continue;
      const leaving = planNetworkPolicies(from.zone, outside).find(({ name }) => name === `${from.app}-egress`);
      const entering = planNetworkPolicies(to.zone, outside).find(({ name }) => name === `${to.app}-ingress`);
      expect(JSON.stringify(leaving?.spec.egress)).toContain(`"port":${port}`);
      expect(JSON.stringify(entering?.spec.ingress)).toContain(`"port":${port}`);
    }
  });

  it("never leave a list of peers empty, nor open it to the world", () => {
    for (const addresses of [outside, nobody]) {
      for (const { spec } of policiesOf(flows, addresses)) {
        for (const peers of [
          ...(spec.ingress ?? []).map((rule) => rule.from),
          ...(spec.egress ?? []).map((rule) => rule.to),
        ]) {
          expect(peers?.length).toBeGreaterThan(0);
          for (const each of peers ?? []) {
            expect(Object.keys(each).length).toBeGreaterThan(0);
            expect(each.ipBlock?.cidr ?? "").not.toMatch(/\/0$/);
            // Without a selector of pods the whole namespace would be let in.
            if (each.namespaceSelector !== undefined) expect(each.podSelector?.matchLabels).toBeDefined();
          }
        }
      }
    }
  });

  it("open nothing for an outsider without an address", () => {
    const policies = policiesOf(flows, nobody);
    const caller: Place = { address: "10.30.4.7" };
    expect(reachable(policiesOf(flows), caller, pod("gateway", "envoy"), 8443, "TCP")).toBe(true);
    expect(reachable(policies, caller, pod("gateway", "envoy"), 8443, "TCP")).toBe(false);
    expect(reachable(policiesOf(flows), auditLogPod, pod("audit", "ledger"), 8447, "TCP")).toBe(true);
    expect(reachable(policies, auditLogPod, pod("audit", "ledger"), 8447, "TCP")).toBe(false);
  });

  it("name objects that Kubernetes takes, each once in its zone", () => {
    for (const name of standingZones) {
      const names = planNetworkPolicies(name, outside).map((plan) => plan.name);
      expect(new Set(names).size).toBe(names.length);
      for (const each of names) expect(each).toMatch(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/);
    }
  });

  it("only name zones that stand", () => {
    const named = policiesOf().flatMap(({ spec }) =>
      JSON.stringify(spec).match(/(?<="kubernetes.io\/metadata.name":")[^"]+/g),
    );
    const allowed: string[] = [...standingZones, dnsPods.namespace];
    expect(named.filter((each) => each !== null && !allowed.includes(each))).toEqual([]);
  });
});
