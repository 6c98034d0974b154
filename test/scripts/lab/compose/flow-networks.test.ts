import { beforeAll, describe, expect, it } from "vitest";
import { flowEndName, flows } from "../../../../components/flows";
import type { ComposeFile, ComposeService } from "../../../../scripts/lab/compose/compose-file";
import type { RenderedCompose } from "../../../../scripts/lab/compose/render-compose";
import type { Addition } from "../../../../scripts/lab/compose/rendering";
import { environmentNames } from "../../../../stacks/environment";
import { doorHost, manifestsOf, rendered } from "../lab-world";
import { container, flow, service, workload } from "./example-objects";

const store: Addition = {
  name: "store",
  end: "object-store",
  aliases: ["s3.lab.internal"],
  service: { image: "registry/store@sha256:0" },
};

const appOf = (name: string, { labels = {} }: ComposeService): string =>
  name === store.name ? store.end : `${labels["io.kubernetes.pod.namespace"]}/${labels["app.kubernetes.io/name"]}`;

/** Pairs of applications with a network in common, each once and in order. */
function connected({ services }: ComposeFile): string[] {
  const members = Object.entries(services).map(([name, one]) => ({
    app: appOf(name, one),
    networks: one.networks ?? {},
  }));
  const pairs = members.flatMap((left) =>
    members
      .filter((right) => right.app !== left.app && Object.keys(left.networks).some((name) => name in right.networks))
      .map((right) => [left.app, right.app].sort().join(" ↔ ")),
  );
  return [...new Set(pairs)].sort();
}

describe.each(environmentNames())("the networks of %s", (name) => {
  let result: RenderedCompose;
  beforeAll(async () => {
    result = rendered(await manifestsOf(name), { additions: [store] });
  });

  it("join two applications where the flow table has a row for them, and only there", () => {
    const { services } = result.compose;
    const standing = new Set(Object.entries(services).map(([service, one]) => appOf(service, one)));
    const allowed = flows
      .map(({ from, to }) => [flowEndName(from), flowEndName(to)])
      .filter((ends) => ends.every((end) => standing.has(end)))
      .map((ends) => ends.sort().join(" ↔ "));
    expect(connected(result.compose)).toEqual([...new Set(allowed)].sort());
    expect(allowed.length).toBeGreaterThan(2);
  });

  it("have no way out but the door's, whose packets nobody translates", () => {
    const open = Object.entries(result.compose.networks).filter(([, { internal }]) => !internal);
    expect(open.map(([network]) => network)).toEqual(["clients--gateway-envoy--8443"]);
    expect(open[0]?.[1].driver_opts).toEqual({ "com.docker.network.bridge.enable_ip_masquerade": "false" });
  });

  it("have addresses that are not each other's", () => {
    const subnets = Object.values(result.compose.networks).map(({ ipam }) => ipam.config[0]?.subnet ?? "");
    expect(subnets[0]).toBe("198.18.0.0/27");
    expect(new Set(subnets).size).toBe(subnets.length);
  });

  it("publish the door on this machine alone, one port for each of its pods", () => {
    const published = Object.entries(result.compose.services).flatMap(([service, { ports = [] }]) =>
      ports.map((port) => ({ service, ...port })),
    );
    expect(published).toEqual([
      { service: "envoy-envoy-0", target: 8443, published: "8443", host_ip: "127.0.0.1", protocol: "tcp" },
      { service: "envoy-envoy-1", target: 8443, published: "8444", host_ip: "127.0.0.1", protocol: "tcp" },
    ]);
  });

  it("name every Service where it is asked, and the door as applications do", () => {
    const at = (service: string, network: string) => result.compose.services[service]?.networks?.[network]?.aliases;
    expect(at("envoy-envoy-1", "clients--gateway-envoy--8443")).toEqual(
      expect.arrayContaining(["envoy.gateway.svc", "envoy-metrics.gateway.svc", doorHost]),
    );
    const asStore = Object.values(result.compose.services["store"]?.networks ?? {});
    expect(asStore.length).toBeGreaterThan(1);
    expect(asStore.every(({ aliases }) => aliases?.[0] === "s3.lab.internal")).toBe(true);
  });

  it("tell what they cannot do, and what is outside", () => {
    const reasons = result.differences.filter(({ object }) => object.startsWith("NetworkPolicy "));
    expect(reasons[0]?.reason).toContain("neither ports nor directions");
    const objects = result.differences.map(({ object }) => object);
    expect(objects).toContain("flow every zone → dns:53");
    expect(objects).toContain("service store");
  });
});

describe("a flow", () => {
  const two = [workload({ namespace: "a", app: "one" }), workload({ namespace: "a", app: "two" })];

  it("of which nothing stands at one end has no network, and what is in none has none at all", () => {
    const { compose, differences } = rendered(two, {}, [flow("a/one", "object-store", 443)]);
    expect(compose.networks).toEqual({});
    expect(compose.services["one-one-0"]?.network_mode).toBe("none");
    expect(differences).toContainEqual(
      expect.objectContaining({
        object: "flow a/one → object-store:443",
        reason: "nothing stands at one of its ends here",
      }),
    );
  });

  it("from every zone has a network for each application: they do not meet in it", () => {
    const every = { ...flow("a/one", "a/two", 1), from: { everyZone: true } as const };
    const three = [...two, workload({ namespace: "b", app: "three" })];
    const { compose } = rendered(three, {}, [every]);
    expect(Object.keys(compose.networks)).toEqual(["a-one--a-two--1", "a-two--a-two--1", "b-three--a-two--1"]);
    expect(connected(compose)).toEqual(["a/one ↔ a/two", "a/two ↔ b/three"]);
  });

  it("has addresses of the network that the caller gives, as long as there are any", () => {
    const rows = [flow("a/one", "a/two", 1), flow("a/one", "a/two", 2)];
    const { compose } = rendered(two, { addresses: "10.99.255.192/26" }, rows);
    expect(Object.values(compose.networks).map(({ ipam }) => ipam.config[0]?.subnet)).toEqual([
      "10.99.255.192/27",
      "10.99.255.224/27",
    ]);
    expect(() => rendered(two, { addresses: "10.99.255.192/27" }, rows)).toThrow("has no room for another network");
  });
});

it("publishes the door on the port that the caller gives, wherever its container listens", () => {
  const pod = { containers: [container("envoy", { ports: [{ name: "door", containerPort: 9443 }] })] };
  const spec = { type: "LoadBalancer", ports: [{ port: 443, targetPort: "door" }] };
  const objects = [workload({ namespace: "gateway", app: "envoy", pod }), service("gateway", "envoy", spec)];
  const { compose } = rendered(objects, { doorPort: 18443 }, [flow("clients", "gateway/envoy", 9443)]);
  expect(compose.services["envoy-envoy-0"]?.ports).toEqual([
    { target: 9443, published: "18443", host_ip: "127.0.0.1", protocol: "tcp" },
  ]);
});
