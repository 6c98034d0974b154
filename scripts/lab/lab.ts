import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { stringify } from "yaml";
import { dataClass } from "../../components/data-classes";
import { leafArgsOf } from "../../components/foundation/pki/planned-certificates";
import { planSubstrate } from "../../components/foundation";
import { authorityNames } from "../../components/certificates";
import { Substrate, type LeafCertificate } from "../../components/substrate";
import { IdentityProvider } from "../../rehearsal/identity-provider/identity-provider";
import { logIn } from "../../rehearsal/identity-provider/log-in";
import { startObjectStore, type ObjectStore } from "../../rehearsal/object-store/object-store";
import { freePorts } from "../../rehearsal/processes/free-ports";
import { Supervisor } from "../../rehearsal/processes/supervisor";
import type { Progress } from "../../rehearsal/setup/progress";
import type { Toolbox } from "../../rehearsal/setup/toolbox";
import type { Environment } from "../../stacks/environment";
import { renderCompose, type RenderedCompose } from "./compose/render-compose";
import { LabCertificates } from "./lab-certificates";
import { labPeople } from "./lab-people";
import { recordManifests } from "./manifests/record-manifests";
import { planProcesses, referenceOf, type PlannedProcess } from "./process-plan";
import { findPrograms, notStarted, type Program } from "./programs";

export interface LabOptions {
  readonly environment: Environment;
  /** Folder of the lab, absolute; what an earlier one left in it is removed. */
  readonly directory: string;
  readonly toolbox: Toolbox;
  readonly progress: Progress;
  /** Milliseconds until a model's first token, and between tokens. Default: 100 and 20. */
  readonly pacing?: { readonly firstToken: number; readonly eachToken: number };
}

/** One line of the lab's table. */
export interface LabService {
  readonly name: string;
  readonly pod: string;
  /** Undefined where it was not started. */
  readonly process: PlannedProcess | undefined;
  readonly runsAs: string;
}

/** The platform on one machine, as the very composition that is written down, its programs being plain processes. */
export class Lab {
  public readonly services: LabService[] = [];
  private readonly started = new Map<string, { readonly pid: number; readonly program: Program }>();

  private constructor(
    public readonly options: LabOptions,
    public readonly supervisor: Supervisor,
    public readonly store: ObjectStore,
    public readonly certificates: LabCertificates,
    public readonly leaves: Readonly<Record<string, LeafCertificate>>,
    public readonly provider: IdentityProvider,
    public readonly substrate: Substrate,
    public readonly composed: RenderedCompose,
  ) {}

  public static async start(options: LabOptions): Promise<Lab> {
    const { directory, environment, progress, toolbox } = options;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    // Refuses where another lab is at work here: only then is what an earlier one left nobody's any more.
    const supervisor = await Supervisor.start(directory);
    try {
      for (const left of ["pods", "object-store"]) rmSync(join(directory, left), { recursive: true, force: true });
      const store = await progress.step("starting the object store", () =>
        startObjectStore({ directory, binary: toolbox.path("versitygw") }, supervisor),
      );
      const certificates = await LabCertificates.make(environment.organisation.slug);
      const leaves = await certificates.leaves(leafArgsOf(environment));
      const provider = await startProvider(environment, certificates);
      const substrate = labSubstrate(environment, store, certificates, leaves);
      await makeBuckets(store, substrate);
      const composed = await composeOf(environment, substrate, provider, store);
      const lab = new Lab(options, supervisor, store, certificates, leaves, provider, substrate, composed.rendered);
      await lab.startProcesses(composed.objects);
      return lab;
    } catch (error) {
      await supervisor.stop();
      throw error;
    }
  }

  /** Ports on 127.0.0.1 of the door's pods. */
  public get doors(): number[] {
    return this.processesOf("envoy").flatMap(({ ports }) => ports[8443] ?? []);
  }

  public processesOf(container: string): PlannedProcess[] {
    return this.services.flatMap((one) => (one.process?.container === container ? [one.process] : []));
  }

  /** PEM of the authority that the door's certificate chains to. */
  public get authority(): string {
    return this.certificates.authorities.services.root;
  }

  /** What an application shows. */
  public client(name: string): LeafCertificate {
    return this.substrate.certificate(`client-${name}`);
  }

  /** A token of a person, by the application that asks for them. */
  public token(application: string, person: string): Promise<string> {
    const { chain, privateKey } = this.client(application);
    return logIn({
      issuer: this.provider.issuer,
      authority: this.authority,
      application: { name: application, chain, key: privateKey },
      person,
    });
  }

  /** Number of the process that a service runs as. */
  public pidOf(name: string): number {
    const found = this.started.get(name)?.pid;
    if (found === undefined) throw new Error(`${name} does not run`);
    return found;
  }

  /** Ends a service, waits until it is gone, and starts it again on the same files and ports. */
  public async restart(name: string, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const { process: planned } = this.services.find((one) => one.name === name) ?? {};
    const running = this.started.get(name);
    if (planned === undefined || running === undefined) throw new Error(`${name} does not run`);
    process.kill(running.pid, signal);
    while (lives(running.pid)) await new Promise((resolve) => setTimeout(resolve, 10));
    // A socket that a killed process left stands in the way of the next.
    if (planned.container === "router") rmSync(join(planned.root, "run/router/router.sock"), { force: true });
    await this.startOne(planned, running.program);
  }

  public async stop(): Promise<void> {
    await this.provider.stop();
    await this.supervisor.stop();
  }

  private async startProcesses(objects: Awaited<ReturnType<typeof composeOf>>["objects"]): Promise<void> {
    const { directory, toolbox, progress, pacing = { firstToken: 100, eachToken: 20 } } = this.options;
    const { compose, files } = this.composed;
    writeCompose(directory, this.composed);
    const wanted = new Set<string>();
    const args = { compose, files, objects, folder: join(directory, "pods") };
    planProcesses({ ...args, port: (name) => (wanted.add(name), 1) });
    const ports = await freePorts(directory, [...wanted]);
    const plan = planProcesses({ ...args, port: (name) => ports[name] ?? 0 });
    for (const [path, { content, mode }] of Object.entries(plan.files)) {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(path, content);
      chmodSync(path, mode);
    }
    const programOf = await progress.step("bundling guard and ledger", () =>
      findPrograms({ toolbox, folder: join(directory, "programs"), pacing }),
    );
    // The record stands before the guard, and the guard before the door.
    const order = ["ledger", "collector", "vllm", "envoy", "guard"];
    const rank = ({ image, container }: PlannedProcess): number => (container === "envoy" ? 9 : order.indexOf(image));
    for (const one of [...plan.processes].sort((left, right) => rank(left) - rank(right))) {
      const program = programOf(one);
      if (program !== undefined) await progress.step(`starting ${one.name}`, () => this.startOne(one, program));
      const runsAs = program?.runsAs ?? `not started: ${notStarted[one.image] ?? "Envoy is not there"}`;
      this.services.push({ name: one.name, pod: one.pod, process: program === undefined ? undefined : one, runsAs });
    }
  }

  private async startOne(one: PlannedProcess, program: Program): Promise<void> {
    const { command, args } = program;
    for (const folder of ["tmp", "data", "run/router"])
      mkdirSync(join(one.root, folder), { recursive: true, mode: 0o700 });
    const { pid } = await this.supervisor.startServer({
      name: one.name,
      command,
      args: [...args],
      environment: { ...one.environment, TMPDIR: join(one.root, "tmp") },
      port: one.readyPort,
      ready: { port: one.readyPort },
      readyWithinSeconds: 60,
      graceSeconds: 15,
      // A part that dies is what some of the lab's trials are about.
      essential: false,
    });
    this.started.set(one.name, { pid, program });
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function startProvider(environment: Environment, certificates: LabCertificates): Promise<IdentityProvider> {
  const own = await certificates.issue({
    authority: "services",
    commonName: "login.lab.internal",
    dnsNames: ["login.lab.internal"],
    uses: ["server_auth"],
  });
  const { audience, groups } = environment.platform.people;
  return IdentityProvider.start({
    tls: { certificate: own.chain, key: own.privateKey, authority: certificates.authorities.clients.root },
    audience,
    applications: environment.platform.door.clients.map(({ name }) => name),
    people: labPeople(groups.map(({ name }) => name)),
  });
}

/** The Substrate that the foundation would offer, on the lab's own store and certificates. */
function labSubstrate(
  environment: Environment,
  store: ObjectStore,
  certificates: LabCertificates,
  leaves: Record<string, LeafCertificate>,
): Substrate {
  const facts = planSubstrate(environment);
  const authorities = Object.fromEntries(authorityNames.map((name) => [name, certificates.authorities[name].root]));
  const objectStore = { ...facts.objectStore, endpoint: store.endpoint, region: store.region };
  return new Substrate(
    {
      ...facts,
      objectStore,
      // The lab's store knows no roles: its programs are given keys in their environment.
      podIdentity: "eks-pod-identity",
      certificates: { authorities: authorities as typeof facts.certificates.authorities, leaves },
    },
    false,
  );
}

async function makeBuckets(store: ObjectStore, { facts }: Substrate): Promise<void> {
  const { endpoint, region, accessKeyId, secretAccessKey } = store;
  const client = new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  });
  for (const name of ["audit", "quarantine", "weights"] as const) {
    const Bucket = facts.objectStore.buckets[name];
    const ObjectLockEnabledForBucket = dataClass(name).lock !== undefined;
    await client.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket })).catch((error: Error) => {
      if (!/BucketAlreadyOwnedByYou|BucketAlreadyExists/.test(error.name)) throw error;
    });
  }
  client.destroy();
}

async function composeOf(
  environment: Environment,
  substrate: Substrate,
  provider: IdentityProvider,
  store: ObjectStore,
) {
  const { platform } = environment;
  const people = { ...platform.people, issuer: provider.issuer, keys: provider.publicKeys };
  const objects = await recordManifests({ ...platform, people, substrate, image: referenceOf });
  const credentials = { AWS_ACCESS_KEY_ID: store.accessKeyId, AWS_SECRET_ACCESS_KEY: store.secretAccessKey };
  const identities = ["gateway/guard", "audit/ledger", "models/mlflow"];
  const rendered = renderCompose(objects, {
    doorHost: platform.door.host,
    environment: Object.fromEntries(identities.map((identity) => [identity, credentials])),
  });
  return { objects, rendered };
}

/** The one file, with all that it mounts beside it. */
export function writeCompose(directory: string, { compose, files }: RenderedCompose): string {
  for (const [path, { content, mode }] of Object.entries(files)) {
    const target = join(directory, path);
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    writeFileSync(target, content);
    chmodSync(target, mode);
  }
  const path = join(directory, "compose.yaml");
  writeFileSync(path, stringify(compose), { mode: 0o600 });
  return path;
}
