import { rmSync } from "node:fs";
import { stringify } from "yaml";
import { describe, expect, it } from "vitest";
import { leafSpecifications, limitsCaller, valkeyReplicas } from "../../../../components/certificates";
import { flows, ports } from "../../../../components/flows";
import {
  rateLimitEnvironment,
  rateLimitHost,
  valkeyArgs,
  valkeyHosts,
} from "../../../../components/platform/gateway/limits-config";
import { valkeyFront, valkeySocket } from "../../../../components/platform/gateway/valkey-front";
import { shardsSocket, valkeyShards } from "../../../../components/platform/gateway/valkey-shards";
import { Circles } from "./circles";
import { layOut } from "./lay-out";
import { validate } from "./running-envoy";
import { tools } from "../../../rehearsal/tools";

const leaves = leafSpecifications({ doorHost: "llm.example.internal", clients: [], models: [] });

describe("the service that counts", () => {
  const environment = rateLimitEnvironment(shardsSocket);

  it("is called by those alone whom the flow table names, by a name that they alone carry", () => {
    const callers = flows.flatMap(({ from, to }) =>
      "zone" in to && to.app === "ratelimit" && "zone" in from ? [from.app] : [],
    );
    expect(callers).toEqual(["envoy", "guard"]);
    const carriers = Object.keys(leaves).filter((name) => leaves[name]?.dnsNames.includes(limitsCaller));
    expect(carriers.sort()).toEqual(["door", "guard"]);
    expect(environment).toMatchObject({ GRPC_SERVER_USE_TLS: "true", GRPC_CLIENT_TLS_SAN: limitsCaller });
    expect(leaves["ratelimit"]?.dnsNames).toContain(rateLimitHost);
  });

  it("is deaf on its ports in clear, and reads its limits", () => {
    expect(environment).toMatchObject({ HOST: "127.0.0.1", DEBUG_HOST: "127.0.0.1", PORT: "0", DEBUG_PORT: "0" });
    // With an empty one it reads no limit at all, and lets everybody in.
    expect(environment["RUNTIME_SUBDIRECTORY"]).not.toBe("");
  });
});

describe("the stores", () => {
  it("have no port, lose no count to a killed process, and evict none", () => {
    const args = valkeyArgs(valkeySocket).join(" ");
    expect(args).toContain("--port 0 --unixsocket /run/valkey/valkey.sock");
    expect(args).toContain("--appendonly yes");
    expect(args).toContain("--maxmemory-policy noeviction");
  });

  it("let nobody do more than count", () => {
    const args = valkeyArgs(valkeySocket);
    const user = args.slice(args.indexOf("--user") + 1, args.indexOf("--dir"));
    expect(user).toContain("-@all");
    expect(user.filter((word) => word.startsWith("+"))).toEqual(["+ping", "+incrby", "+expire"]);
    expect(user.filter((word) => word.startsWith("~"))).toEqual(["~door_*", "~tokens_*"]);
  });

  it("are found by names in their certificate's service, one for each", () => {
    const text = stringify(valkeyShards());
    expect(valkeyHosts).toHaveLength(valkeyReplicas);
    expect(valkeyHosts.filter((name) => !text.includes(`hostname: ${name}`))).toEqual([]);
    expect(leaves["valkey"]?.dnsNames).toEqual(expect.arrayContaining(valkeyHosts));
  });
});

describe("the ways to the stores", async () => {
  const toolbox = await tools("envoy");
  const envoy = toolbox.find("envoy") ?? "";
  const places = {
    ...Object.fromEntries([9907, 9908, ports.valkey].map((port, index) => [`0.0.0.0:${port}`, index + 1])),
    ...Object.fromEntries(valkeyHosts.map((host) => [`${host}:${ports.valkey}`, 9])),
  };

  it.runIf(envoy !== "").each([
    ["front", valkeyFront()],
    ["shards", valkeyShards()],
  ])("are configurations that Envoy takes: %s", async (_name, configuration) => {
    const shown = { valkey: ["services", valkeyHosts], ratelimit: ["services", [rateLimitHost]] } as const;
    const directory = await layOut({ configuration, places, leaves: shown }, await Circles.make());
    expect(await validate(envoy, directory)).toContain("OK");
    rmSync(directory, { recursive: true });
  });
});
