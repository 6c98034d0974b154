import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { valkeySocket } from "../../components/platform/gateway/valkey-front";
import type { LeafCertificate, Substrate } from "../../components/substrate";
import type { IdentityProvider } from "../../rehearsal/identity-provider/identity-provider";
import { startObjectStore, type ObjectStore } from "../../rehearsal/object-store/object-store";
import type { ReadinessProbe } from "../../rehearsal/processes/server-specification";
import { Supervisor } from "../../rehearsal/processes/supervisor";
import type { Progress } from "../../rehearsal/setup/progress";
import type { Toolbox } from "../../rehearsal/setup/toolbox";
import type { Environment } from "../../stacks/environment";
import type { LabFiles } from "../ledger/sources";
import { recorderFiles } from "./client-files";
import { compose, writeComposition, writeFiles, type Composition } from "./composition";
import type { RenderedCompose } from "./compose/render-compose";
import { authorityOf, certificateOf, tokenOf } from "./ground/applications";
import { makeBuckets } from "./ground/buckets";
import { layGround, type Ground } from "./ground/ground";
import type { LabCertificates } from "./ground/lab-certificates";
import { portsOf } from "./lab-ports";
import { planProcesses, referenceOf, type PlannedProcess } from "./process-plan";
import { findPrograms, notStarted, startOrder, type Program } from "./programs";
import type { LabRow, RunningLab } from "./running-lab";

export interface LabOptions {
  readonly environment: Environment;
  /** Folder of the lab, absolute; what an earlier one left in it is removed. */
  readonly directory: string;
  readonly toolbox: Toolbox;
  readonly progress: Progress;
  /** Port on 127.0.0.1 of the door's first pod; each further pod has the next one. Default: any that are free. */
  readonly port?: number;
  /** Milliseconds until a model's first token, and between tokens. Default: 100 and 20. */
  readonly pacing?: { readonly firstToken: number; readonly eachToken: number };
}

/** A service of the composition, and how it runs here. */
export interface LabService {
  readonly name: string;
  readonly pod: string;
  /** Undefined where it was not started. */
  readonly process: PlannedProcess | undefined;
  readonly runsAs: string;
}

/** The platform on one machine, as the very composition that is written down, its programs being plain processes. */
export class Lab implements RunningLab {
  public readonly kind = "processes";
  public readonly services: LabService[] = [];
  private readonly started = new Map<string, { readonly pid: number; readonly program: Program }>();

  private constructor(
    public readonly options: LabOptions,
    public readonly supervisor: Supervisor,
    public readonly store: ObjectStore,
    public readonly ground: Ground,
    public readonly composed: RenderedCompose,
  ) {}

  public static async start(given: LabOptions): Promise<Lab> {
    const options = { ...given, environment: withWhatIsThere(given) };
    const { directory, environment, progress, toolbox } = options;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    // Refuses where another lab is at work here: only then is what an earlier one left nobody's any more.
    const supervisor = await Supervisor.start(directory);
    let ground: Ground | undefined;
    try {
      for (const left of ["pods", "object-store"]) rmSync(join(directory, left), { recursive: true, force: true });
      const store = await progress.step("starting the object store", () =>
        startObjectStore({ directory, binary: toolbox.path("versitygw") }, supervisor),
      );
      ground = await layGround(environment, store);
      await makeBuckets(store, ground.substrate);
      const composition = await compose({ environment, ground, keys: store, image: referenceOf });
      const lab = new Lab(options, supervisor, store, ground, composition.rendered);
      await lab.startProcesses(composition);
      return lab;
    } catch (error) {
      await ground?.provider.stop();
      await supervisor.stop();
      throw error;
    }
  }

  public get directory(): string {
    return this.options.directory;
  }

  public get certificates(): LabCertificates {
    return this.ground.certificates;
  }

  public get provider(): IdentityProvider {
    return this.ground.provider;
  }

  public get substrate(): Substrate {
    return this.ground.substrate;
  }

  /** Ports on 127.0.0.1 of the door's pods. */
  public get doors(): number[] {
    return this.processesOf("envoy").flatMap(({ ports }) => ports[8443] ?? []);
  }

  public get rows(): LabRow[] {
    return this.services.map(({ name, pod, runsAs, process: own }) => ({
      name,
      pod,
      runsAs,
      started: own !== undefined,
    }));
  }

  public get ledger(): LabFiles {
    const pods = join(this.directory, "pods");
    const data = readdirSync(pods)
      .filter((pod) => pod.startsWith("audit-ledger-"))
      .map((pod) => join(pods, pod, "data"));
    return {
      bucket: this.substrate.facts.objectStore.buckets.audit,
      region: this.store.region,
      endpoint: this.store.endpoint,
      credentials: this.store.credentialsPath,
      authority: join(this.directory, "client", "authority.pem"),
      witnesses: data.map((folder) => join(folder, "witness.ndjson")),
      subjects: data.map((folder) => join(folder, "subjects")),
      ledgers: this.processesOf("ledger").map(({ ports }) => `https://127.0.0.1:${ports[8447] ?? 0}`),
      recorder: recorderFiles(this.directory),
    };
  }

  public processesOf(container: string): PlannedProcess[] {
    return this.services.flatMap((one) => (one.process?.container === container ? [one.process] : []));
  }

  /** PEM of the authority that the door's certificate chains to. */
  public get authority(): string {
    return authorityOf(this.ground);
  }

  /** What an application shows. */
  public client(name: string): LeafCertificate {
    return certificateOf(this.ground, name);
  }

  /** A token of a person, by the application that asks for them. */
  public token(application: string, person: string): Promise<string> {
    return tokenOf(this.ground, application, person);
  }

  /** Number of the process that a service runs as. */
  public pidOf(name: string): number {
    const found = this.started.get(name)?.pid;
    if (found === undefined) throw new Error(`${name} does not run`);
    return found;
  }

  /** Ends a service, waits until it is gone, and starts it again on the same files and ports. */
  public async restart(name: string, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    await this.end(name, signal);
    await this.startAgain(name);
  }

  /** Ends a service, and waits until it is gone. */
  public async end(name: string, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const pid = this.pidOf(name);
    process.kill(pid, signal);
    while (lives(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  /** Starts a service that has ended, on the same files and ports, and waits until it is ready. */
  public async startAgain(name: string): Promise<void> {
    const planned = this.services.find((one) => one.name === name)?.process;
    const program = this.started.get(name)?.program;
    if (planned === undefined || program === undefined) throw new Error(`${name} never ran`);
    await this.startOne(planned, program);
  }

  public async stop(): Promise<void> {
    await this.provider.stop();
    await this.supervisor.stop();
  }

  private async startProcesses({ objects, rendered }: Composition): Promise<void> {
    const { directory, toolbox, progress, port: door, pacing = { firstToken: 100, eachToken: 20 } } = this.options;
    writeComposition(directory, rendered);
    const args = { compose: rendered.compose, files: rendered.files, objects, folder: join(directory, "pods") };
    const wanted = new Set<string>();
    planProcesses({ ...args, port: (name) => (wanted.add(name), 1) });
    const ports = await portsOf(directory, [...wanted], door);
    const plan = planProcesses({ ...args, port: (name) => ports[name] ?? 0 });
    writeFiles("/", plan.files);
    const programOf = await progress.step("bundling guard and ledger", () =>
      findPrograms({ toolbox, folder: join(directory, "programs"), pacing }),
    );
    for (const one of startOrder(plan.processes)) {
      const program = programOf(one);
      if (program !== undefined) await progress.step(`starting ${one.name}`, () => this.startOne(one, program));
      const runsAs = program?.runsAs ?? `not started: ${notStarted[one.image] ?? "its program is not there"}`;
      this.services.push({ name: one.name, pod: one.pod, process: program === undefined ? undefined : one, runsAs });
    }
  }

  private async startOne(one: PlannedProcess, program: Program): Promise<void> {
    const { command, args } = program;
    for (const folder of ["tmp", "data", "run/router", "run/valkey", "run/ratelimit"])
      mkdirSync(join(one.root, folder), { recursive: true, mode: 0o700 });
    const { pid } = await this.supervisor.startServer({
      name: one.name,
      command,
      args: [...args],
      environment: { ...one.environment, TMPDIR: join(one.root, "tmp") },
      port: one.readyPort,
      ready: readinessOf(one),
      readyWithinSeconds: 60,
      graceSeconds: 15,
      // A part that dies is what some of the lab's trials are about.
      essential: false,
    });
    this.started.set(one.name, { pid, program });
  }
}

/** The store has no port of its own: what stands before it has one. */
const readinessOf = ({ image, readyPort, root }: PlannedProcess): ReadinessProbe =>
  image === "valkey" ? { socket: join(root, valkeySocket) } : { port: readyPort };

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Where Presidio cannot be had on this machine, the guard is told of none: it would answer nothing without. */
function withWhatIsThere({ environment, toolbox, progress }: LabOptions): Environment {
  const { platform } = environment;
  const { presidio } = platform.guard;
  if (!presidio.enabled || toolbox.find("presidio-python") !== undefined) return environment;
  const why = toolbox.unavailable.get("presidio-analyzer") ?? "it is not there";
  progress.note(`Without Presidio beside the guard: ${why}.`);
  const guard = { ...platform.guard, presidio: { ...presidio, enabled: false } };
  return { ...environment, platform: { ...platform, guard } };
}
