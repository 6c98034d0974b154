import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EnvoyConfigArgs } from "../../../../components/platform/gateway/envoy-config";
import { tools } from "../../../rehearsal/tools";
import { Circles, type Shown } from "./circles";
import { doorArgs, host } from "./door-args";
import { neighbours } from "./door-lay-out";
import { claimsOf, drawKey, signed, type SigningKey } from "./issuer";
import { knock, type KnockArgs } from "./knock";
import { PlayedServer, type Arrived } from "./neighbours";
import { PlayedCollector } from "./played-collector";
import { RunningEnvoy } from "./running-envoy";

/** The real door on loopback, with a played guard and a played collector. */
export class DoorWorld {
  public readonly circles: Circles;
  public readonly issuer: SigningKey;
  public readonly application: Shown;
  public token = "";

  private constructor(
    public readonly envoy: string,
    made: { circles: Circles; issuer: SigningKey; application: Shown },
    public readonly guard: PlayedServer,
    public readonly collector: PlayedCollector,
    public readonly door: RunningEnvoy,
  ) {
    ({ circles: this.circles, issuer: this.issuer, application: this.application } = made);
  }

  public static async start(envoy: string, more: Partial<EnvoyConfigArgs> = {}): Promise<DoorWorld> {
    const circles = await Circles.make();
    const issuer = await drawKey("first");
    const application = await circles.issue("clients", ["support-desk"]);
    const guard = await PlayedServer.guard(circles);
    const collector = await PlayedCollector.start(circles);
    const around = neighbours({ guard: guard.port, collector: collector.port, rateLimit: 0 });
    const door = await RunningEnvoy.start(envoy, doorArgs([issuer], more), circles, around);
    const world = new DoorWorld(envoy, { circles, issuer, application }, guard, collector, door);
    world.token = await signed(issuer, claimsOf(application));
    return world;
  }

  /** A second door beside the first, in front of the same neighbours. */
  public another(
    more: Partial<EnvoyConfigArgs>,
    files: Record<string, string> = {},
    rateLimit = 0,
  ): Promise<RunningEnvoy> {
    const around = neighbours({ guard: this.guard.port, collector: this.collector.port, rateLimit });
    return RunningEnvoy.start(this.envoy, doorArgs([this.issuer], more), this.circles, around, files);
  }

  public get arrived(): Arrived[] {
    return this.guard.arrived;
  }

  /** A request of a person with every right, by the door's listener for applications. */
  public api({ headers = {}, ...more }: Partial<KnockArgs> = {}): KnockArgs {
    return {
      port: this.door.at.door,
      host,
      trust: this.circles.trust("services"),
      shown: this.application,
      path: "/v1/models",
      headers: { authorization: `Bearer ${this.token}`, ...headers },
      ...more,
    };
  }

  /** A chat with a model. */
  public chat(model: string, more: Partial<KnockArgs> = {}): KnockArgs {
    const headers = { "content-type": "application/json", ...more.headers };
    return this.api({ path: "/v1/chat/completions", body: JSON.stringify({ model }), ...more, headers });
  }

  /** Knocks, expects no connection, and expects Envoy to have had that very reason. */
  public async refused(listener: "door" | "metrics", counter: string, how: KnockArgs): Promise<void> {
    const before = await this.door.counted(listener, counter);
    await expect(knock(how)).rejects.toThrow();
    expect(await this.door.counted(listener, counter)).toBe(before + 1);
    expect(this.arrived).toEqual([]);
  }

  public async stop(): Promise<void> {
    await this.door.stop();
    this.collector.stop();
    await this.guard.stop();
  }
}

/** Tests that need the real Envoy; where it cannot be had they say so instead. */
export function withEnvoy(title: string, tests: (world: () => DoorWorld) => void): void {
  describe(title, async () => {
    const toolbox = await tools("envoy");
    const envoy = toolbox.find("envoy") ?? "";

    it.runIf(envoy === "")("is not exercised: Envoy is not available on this machine", () => {
      console.warn(`The door was not exercised: ${toolbox.unavailable.get("envoy") ?? "Envoy is not there"}.`);
    });

    describe.runIf(envoy !== "")("running on loopback", () => {
      let world: DoorWorld;
      beforeAll(async () => {
        world = await DoorWorld.start(envoy);
      });
      afterAll(() => world?.stop());
      tests(() => world);
    });
  });
}
