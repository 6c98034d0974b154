import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { imageReferences, type ImageLock, type ImageReference } from "../../../components/images";
import { KitError } from "../../../components/kit-error";
import { imagesOf } from "../../../components/platform";
import { writePrivateFile } from "../../../rehearsal/processes/private-file";
import { freePorts } from "../../../rehearsal/processes/free-ports";
import { Supervisor } from "../../../rehearsal/processes/supervisor";
import { lockPathOf } from "../../images/images";
import type { LabFiles } from "../../ledger/sources";
import { doorAnswers } from "../check/door-trials";
import { writeComposition } from "../composition";
import type { RenderedCompose } from "../compose/render-compose";
import { makeBuckets } from "../ground/buckets";
import { layGround, type Ground } from "../ground/ground";
import type { StoreAccess } from "../ground/store-client";
import type { LabOptions } from "../lab";
import { requireFreePorts } from "../lab-ports";
import type { LabRow, RunningLab } from "../running-lab";
import { ComposeEngine } from "./compose-engine";
import { makeFolders, projectOf, renderForEngine } from "./container-files";
import type { Engine } from "./engine";
import { storeHost, storePort, storeService } from "./store-service";

export interface ContainerLabOptions extends Omit<LabOptions, "toolbox"> {
  readonly engine: Engine;
  /** Absolute path of the object store's program, for Linux. */
  readonly storeProgram: string;
  /** Registry that serves the locked images. Default: the environment's. */
  readonly registry?: string;
  /** Default: `stacks/<environment>/images.lock.json`. */
  readonly lockPath?: string;
}

/** The port that the composition itself publishes. */
const defaultDoorPort = 8443;
/** Milliseconds in which the door must answer once all containers are up. */
const doorPatience = 60_000;
const region = "us-east-1";

/** The platform on one machine, as the rendered Compose file in a container engine. */
export class ContainerLab implements RunningLab {
  public readonly kind = "containers";

  private constructor(
    public readonly directory: string,
    public readonly ground: Ground,
    public readonly composed: RenderedCompose,
    public readonly doors: readonly number[],
    public readonly rows: readonly LabRow[],
    public readonly ledger: LabFiles,
    private readonly containers: ComposeEngine,
    private readonly supervisor: Supervisor,
  ) {}

  /** @throws KitError with what stands in the way and how to mend it; what was started is ended again then. */
  public static async start(options: ContainerLabOptions): Promise<ContainerLab> {
    const { directory, environment, engine, progress, port = defaultDoorPort } = options;
    const image = lockedImages(options);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    // It starts nothing: it keeps a second lab from the same folder, and says who holds it.
    const supervisor = await Supervisor.start(directory);
    const logs = join(directory, "logs");
    const containers = new ComposeEngine(engine, projectOf(environment.name), join(directory, "compose.yaml"), logs);
    let interrupted = false;
    const interrupt = (): void => {
      interrupted = true;
      process.stderr.write("\nInterrupted: what was started is ended.\n");
    };
    // Some of an engine's work cannot be broken off: it is looked at between the steps.
    const step = async <Result>(title: string, work: (detail: (text: string) => void) => Promise<Result>) => {
      const result = await progress.step(title, work);
      if (interrupted) throw new Error("interrupted");
      return result;
    };
    process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
    let ground: Ground | undefined;
    try {
      if (existsSync(join(directory, "compose.yaml"))) {
        await progress.step("ending what an earlier lab left", () => containers.down());
      }
      for (const left of ["pods", "volumes", "object-store", "secrets", "config", "programs"])
        rmSync(join(directory, left), { recursive: true, force: true });
      const doors = [port, port + 1];
      await requireFreePorts(doors);
      const store = await storeAccess(directory);
      ground = await layGround(environment, { endpoint: `https://${storeHost}:${storePort}`, region });
      const trusted = { ...store, authority: ground.certificates.authorities.services.root };
      const composed = await renderForEngine({
        ...{ environment, directory, engine, ground, image, store: trusted, storeProgram: options.storeProgram },
        ...{ storePort: store.port, doorPort: port, pacing: options.pacing ?? { firstToken: 100, eachToken: 20 } },
      });
      writeComposition(directory, composed);
      makeFolders(directory, composed, engine.rootless);
      await containers.validate();
      const { services } = composed.compose;
      const mend = `load them first: \`npm run cloister -- images mirror ${environment.name}\` fills the registry; then see that \`${engine.name} pull\` of this name works here (\`${engine.name} login\`), or start with --as processes`;
      await step("looking for the images", (detail) =>
        containers.requireImages([...new Set(Object.values(services).map((one) => one.image))], mend, detail),
      );
      await step(`starting ${storeService}`, (detail) => containers.up([storeService], detail));
      await makeBuckets(trusted, ground.substrate);
      await step(`starting ${Object.keys(services).length} containers`, (detail) => containers.up([], detail));
      const rows = rowsOf(composed, containers, engine);
      const ledger = ledgerFiles(directory, ground, store);
      const lab = new ContainerLab(directory, ground, composed, doors, rows, ledger, containers, supervisor);
      await step("waiting for the door to answer", () => lab.answers(options));
      return lab;
    } catch (error) {
      await progress.step("ending the containers", () => containers.down());
      await ground?.provider.stop();
      await supervisor.stop();
      if (interrupted) process.exit(130);
      throw error;
    } finally {
      process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    }
  }

  public async stop(): Promise<void> {
    await this.containers.down();
    await this.ground.provider.stop();
    await this.supervisor.stop();
  }

  private async answers({ environment }: ContainerLabOptions): Promise<void> {
    const until = Date.now() + doorPatience;
    while (!(await doorAnswers(environment, this))) {
      if (Date.now() > until) {
        throw new KitError("The lab's containers run, and the door does not answer", [
          {
            path: `https://${environment.platform.door.host}:${this.doors[0]}`,
            found: `no answer within ${doorPatience / 1000} seconds`,
            allowed: "an answer to `GET /v1/models`",
            mend: `read ${join(this.directory, "logs", "containers.log")}, which has all services' logs`,
          },
        ]);
      }
      await sleep(500);
    }
  }
}

function lockedImages({
  environment,
  registry,
  lockPath = lockPathOf(environment),
}: ContainerLabOptions): ImageReference {
  const { registry: own } =
    environment.footprint.kind === "private-cloud" ? { registry: undefined } : environment.footprint;
  return imageReferences({
    environment: environment.name,
    registry: registry ?? own?.host ?? "",
    lock: existsSync(lockPath) ? (JSON.parse(readFileSync(lockPath, "utf8")) as ImageLock) : undefined,
    lockPath,
    needed: imagesOf(environment.platform),
    placeholders: false,
  });
}

type Store = StoreAccess & { readonly port: number; readonly credentialsPath: string };

async function storeAccess(directory: string): Promise<Store> {
  const { [storeService]: port = 0 } = await freePorts(directory, [storeService]);
  const keys = {
    accessKeyId: randomBytes(10).toString("hex").toUpperCase(),
    secretAccessKey: randomBytes(30).toString("base64url"),
  };
  const credentialsPath = writePrivateFile(join(directory, "client", "store.json"), JSON.stringify(keys));
  return { ...keys, endpoint: `https://localhost:${port}`, region, port, credentialsPath };
}

function rowsOf({ compose: file }: RenderedCompose, containers: ComposeEngine, engine: Engine): LabRow[] {
  const states = new Map(containers.states().map((one) => [one.service, one]));
  return Object.entries(file.services)
    .filter(([name]) => name !== storeService)
    .map(([name, { labels = {}, configs = [] }]) => {
      const { state = "not there", health = "" } = states.get(name) ?? {};
      const standIn = configs.some(({ target }) => target.endsWith("/model-server.js"));
      const runs = `container of ${engine.name}, ${health === "" ? state : health}`;
      return {
        name,
        pod: `${labels["io.kubernetes.pod.namespace"]}/${labels["io.kubernetes.pod.name"]}`,
        runsAs: standIn ? `${runs}: a stand-in that speaks vLLM's API, no model is behind it` : runs,
        started: state === "running",
      };
    });
}

function ledgerFiles(directory: string, { substrate }: Ground, store: Store): LabFiles {
  const volumes = join(directory, "volumes");
  const data = readdirSync(volumes)
    .filter((name) => name.startsWith("audit-data-ledger-"))
    .map((name) => join(volumes, name));
  const authority = join(directory, "client", "authority.pem");
  return {
    bucket: substrate.facts.objectStore.buckets.audit,
    region,
    endpoint: store.endpoint,
    credentials: store.credentialsPath,
    storeAuthority: authority,
    authority,
    witnesses: data.map((folder) => join(folder, "witness.ndjson")),
    subjects: data.map((folder) => join(folder, "subjects")),
  };
}
