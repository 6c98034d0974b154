import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createRequire } from "node:module";
import type { ImageName } from "../../components/images";
import type { Toolbox } from "../../rehearsal/setup/toolbox";
import { bundleService } from "../../services/bundle";
import type { PlannedProcess } from "./process-plan";

/** How an image's program runs on this machine. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  /** What the table says it runs as. */
  readonly runsAs: string;
  /** It is named a stand-in wherever its result is shown. */
  readonly standIn: boolean;
}

/** What runs as a process, and why the others do not. */
export const notStarted: Partial<Record<ImageName, string>> = {
  mlflow: "its image is needed: there is no registry of models",
  prometheus: "its image is needed: metrics are served, and nobody collects them",
};

export interface ProgramsArgs {
  readonly toolbox: Toolbox;
  /** Folder for the services' bundles, absolute. */
  readonly folder: string;
  /** Milliseconds until the stand-in's first token, and between tokens. */
  readonly pacing: { readonly firstToken: number; readonly eachToken: number };
}

/** Finds or makes the program of each image that can run without a container engine. */
export async function findPrograms({
  toolbox,
  folder,
  pacing,
}: ProgramsArgs): Promise<(process: PlannedProcess) => Program | undefined> {
  const bundles = { guard: join(folder, "guard.js"), ledger: join(folder, "ledger.js") };
  for (const service of ["guard", "ledger"] as const) await bundleService(service, bundles[service]);
  const envoy = toolbox.find("envoy");
  const tsx = pathToFileURL(createRequire(__filename).resolve("tsx")).href;
  const modelServer = join(__dirname, "../../rehearsal/model-server/main.ts");
  return ({ image, args }) => {
    if (image === "guard" || image === "ledger") {
      return {
        command: process.execPath,
        // What Node would otherwise find in a certificate that is asked for by another name.
        args: [bundles[image], ...args],
        runsAs: `node ${process.versions.node}, the image's own program`,
        standIn: false,
      };
    }
    if (image === "envoy" && envoy !== undefined) {
      return {
        command: envoy,
        // Several share a machine here, and each is small.
        args: [...args, "--disable-hot-restart", "--concurrency", "1", "--log-level", "warning"],
        runsAs: "Envoy 1.40.0",
        standIn: false,
      };
    }
    if (image === "collector") {
      const command = toolbox.path("otelcol");
      return { command, args, runsAs: "OpenTelemetry Collector 0.165.0, with the parts that it uses", standIn: false };
    }
    if (image !== "vllm") return undefined;
    const serve = args.slice(args.indexOf("serve") + 1);
    const own = [
      "--stand-in-first-token",
      String(pacing.firstToken),
      "--stand-in-each-token",
      String(pacing.eachToken),
    ];
    return {
      command: process.execPath,
      args: ["--import", tsx, modelServer, ...serve, ...own],
      runsAs: "a stand-in that speaks vLLM's API: no model is behind it",
      standIn: true,
    };
  };
}
