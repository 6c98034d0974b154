import { chownSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ImageReference } from "../../../components/images";
import { bundleProgram } from "../../../services/bundle";
import type { Environment } from "../../../stacks/environment";
import { compose, storeUsers } from "../composition";
import type { RenderedCompose } from "../compose/render-compose";
import type { Ground } from "../ground/ground";
import type { StoreAccess } from "../ground/store-client";
import type { Engine } from "./engine";
import { folderVolumes, forEngine, volumeFolder } from "./for-engine";
import { storeAddition, storeFlow, storeHost, storeService } from "./store-service";

/** Whoever runs the containers where this command runs as root: nobody. */
const nobody = 65_532;

export const projectOf = (environment: string): string => `cloister-lab-${environment}`;

export interface ContainerFilesArgs {
  readonly environment: Environment;
  /** Folder of the Compose file, absolute. */
  readonly directory: string;
  readonly engine: Engine;
  readonly ground: Ground;
  readonly image: ImageReference;
  readonly store: StoreAccess;
  /** Port on 127.0.0.1 of the store. */
  readonly storePort: number;
  /** Absolute path of the store's program, for Linux. */
  readonly storeProgram: string;
  /** Port on 127.0.0.1 of the door's first pod. */
  readonly doorPort: number;
  readonly pacing: { readonly firstToken: number; readonly eachToken: number };
}

/** The composition as a container engine is given it: with a store beside it, and a stand-in for each model. */
export async function renderForEngine(args: ContainerFilesArgs): Promise<RenderedCompose> {
  const { environment, directory, engine, ground, image, store, storePort, storeProgram, doorPort, pacing } = args;
  const user = userOf(engine);
  const certificate = await ground.certificates.issue({
    authority: "services",
    commonName: storeHost,
    dnsNames: [storeHost, "localhost"],
    uses: ["server_auth"],
  });
  const nodeImage = image("guard");
  const binary = readFileSync(storeProgram);
  const { addition, files, stores } = storeAddition({
    nodeImage,
    keys: store,
    region: store.region,
    port: storePort,
    user,
    certificate,
    binary,
  });
  // Each program's way to trust the store's certificate, which is the lab's own.
  const trust = { NODE_EXTRA_CA_CERTS: "/etc/tls/services.pem", AWS_CA_BUNDLE: "/etc/tls/services.pem" };
  const { rendered } = await compose({
    environment,
    ground,
    keys: store,
    image,
    besides: [storeFlow],
    options: {
      name: projectOf(environment.name),
      doorPort,
      gpus: "none",
      user,
      environment: Object.fromEntries(storeUsers.map((one) => [one, trust])),
      additions: [addition],
    },
  });
  const program = join(directory, "programs", "model-server.js");
  await bundleProgram(join(__dirname, "../../../rehearsal/model-server/main.ts"), program);
  const modelServer = { content: readFileSync(program), mode: 0o644 };
  const adapted = forEngine(rendered, { directory, nodeImage, modelImage: image("vllm"), modelServer, pacing });
  const { compose: file } = adapted;
  const added = {
    ...file,
    configs: { ...file.configs, ...stores.configs },
    secrets: { ...file.secrets, ...stores.secrets },
  };
  return { ...adapted, compose: added, files: { ...adapted.files, ...files } };
}

const ownIds = (): { readonly user: number; readonly group: number } => ({
  user: process.getuid?.() ?? nobody,
  group: process.getgid?.() ?? nobody,
});

/** Containers run as the owner of the files that they mount; never as root, but where root of a container is a person. */
function userOf({ rootless }: Engine): string {
  const { user, group } = ownIds();
  if (rootless) return "0:0";
  return user === 0 ? `${nobody}:${nobody}` : `${user}:${group}`;
}

/** Volumes as folders, and where root asks, everything that nobody's containers mount as nobody's. */
export function makeFolders(directory: string, { compose: file, files }: RenderedCompose, rootless: boolean): void {
  const made = folderVolumes(file).map((name) => volumeFolder(directory, name));
  const store = volumeFolder(directory, storeService);
  const folders = [...made, join(store, "data"), join(store, "versions")];
  for (const folder of folders) mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (rootless || ownIds().user !== 0) return;
  for (const path of [...folders, ...Object.keys(files).map((one) => join(directory, one))]) {
    chownSync(path, nobody, nobody);
  }
}
