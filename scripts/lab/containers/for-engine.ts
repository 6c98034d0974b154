import { join } from "node:path";
import type { ComposeFile, ComposeService } from "../compose/compose-file";
import type { Difference } from "../compose/fields";
import type { RenderedCompose } from "../compose/render-compose";
import type { RenderedFile } from "../compose/rendering";

/** Node in the image of the kit's own services. */
export const node = "/nodejs/bin/node";

export interface ForEngineArgs {
  /** Folder of the Compose file, absolute: volumes are folders in it, so that they belong to whoever runs the containers. */
  readonly directory: string;
  /** Reference of the image that brings Node. */
  readonly nodeImage: string;
  /** Reference of vLLM's image, in whose place a stand-in is put. */
  readonly modelImage: string;
  /** Bundle of the stand-in for the model server. */
  readonly modelServer: RenderedFile;
  readonly pacing: { readonly firstToken: number; readonly eachToken: number };
}

const program = { path: "programs/model-server.js", source: "lab.model-server", target: "/lab/model-server.js" };

/** A composition that runs on a machine without GPUs, and whose volumes are folders beside the file. */
export function forEngine(rendered: RenderedCompose, args: ForEngineArgs): RenderedCompose {
  const differences: Difference[] = [
    ...rendered.differences,
    {
      object: "every volume that is no memory",
      field: "",
      kubernetes: undefined,
      compose: "a folder beside the Compose file",
      reason: "it belongs to whoever runs the containers, and a person can look into it",
    },
  ];
  const services = Object.entries(rendered.compose.services).map(([name, service]): [string, ComposeService] => {
    if (service.image !== args.modelImage) return [name, service];
    differences.push({
      object: `service ${name}`,
      field: "",
      kubernetes: service.image,
      compose: "a stand-in that speaks vLLM's API, without weights or GPUs",
      reason: "a lab needs neither a GPU nor gigabytes of weights",
    });
    return [name, standIn(service, args)];
  });
  const compose: ComposeFile = {
    ...rendered.compose,
    services: Object.fromEntries(services),
    volumes: folders(rendered.compose, args.directory),
    configs: { ...rendered.compose.configs, [program.source]: { file: `./${program.path}` } },
  };
  return { compose, files: { ...rendered.files, [program.path]: args.modelServer }, differences };
}

function standIn(service: ComposeService, { nodeImage, pacing }: ForEngineArgs): ComposeService {
  const {
    deploy: _gpus,
    memswap_limit: _memory,
    shm_size: _shared,
    volumes: _weights,
    entrypoint,
    command,
    ...kept
  } = service;
  const words = [...(entrypoint ?? []), ...(command ?? [])];
  const pace = ["--stand-in-first-token", `${pacing.firstToken}`, "--stand-in-each-token", `${pacing.eachToken}`];
  const connects =
    'require("node:net").connect(8000,"127.0.0.1").on("connect",()=>process.exit(0)).on("error",()=>process.exit(1))';
  return {
    ...kept,
    image: nodeImage,
    entrypoint: [node, program.target],
    command: [...words.slice(words.indexOf("serve") + 1), ...pace],
    configs: [...(service.configs ?? []), { source: program.source, target: program.target }],
    healthcheck: {
      test: ["CMD", node, "-e", connects],
      interval: "5s",
      retries: 12,
      start_period: "30s",
      start_interval: "1s",
    },
  };
}

/** Folder that stands for a volume. */
export const volumeFolder = (directory: string, name: string): string => join(directory, "volumes", name);

/** Names of the volumes that are folders of this machine; what is memory stays it, since no folder of a Mac holds sockets. */
export const folderVolumes = ({ volumes }: ComposeFile): string[] =>
  Object.entries(volumes).flatMap(([name, { driver_opts }]) => (driver_opts?.["type"] === "tmpfs" ? [] : [name]));

/** An engine makes a new volume root's: a folder already belongs to whoever runs the containers. */
function folders(compose: ComposeFile, directory: string): ComposeFile["volumes"] {
  const own = Object.fromEntries(
    folderVolumes(compose).map((name) => [
      name,
      { ...compose.volumes[name], driver_opts: { type: "none", o: "bind", device: volumeFolder(directory, name) } },
    ]),
  );
  return { ...compose.volumes, ...own };
}
