import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createRequire } from "node:module";
import { ports as flowPorts } from "../../components/flows";
import type { ImageName } from "../../components/images";
import type { Toolbox } from "../../rehearsal/setup/toolbox";
import type { ToolName } from "../../rehearsal/setup/tools";
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

/** What the programs need that a request's way leads through; the others of a lab only look on, or judge beside it. */
export const requestTools = ["envoy", "versitygw", "valkey", "ratelimit"] as const satisfies readonly ToolName[];

/** Why the others do not run as a process. */
export const notStarted: Partial<Record<ImageName, string>> = {
  collector: "it was not brought: what the door itself refuses is not kept",
  mlflow: "start the lab `--with registry`: it is large, and brought from PyPI",
  prometheus: "it was not brought",
};

/** The record and what counts stand before the guard, the guard before the door, and all of them before who looks at them. */
const order = [
  ...["mlflow", "presidio", "ledger", "collector", "vllm", "router", "shards", "front", "valkey", "ratelimit"],
  ...["guard", "envoy", "prometheus"],
];

/** Processes in the order in which they are started. */
export function startOrder(processes: readonly PlannedProcess[]): PlannedProcess[] {
  const rank = ({ image, container }: PlannedProcess): number => order.indexOf(image === "vllm" ? image : container);
  return [...processes].sort((left, right) => rank(left) - rank(right));
}

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
  const [envoy, collector, prometheus, mlflow, valkey, ratelimit, presidio] = (
    ["envoy", "otelcol", "prometheus", "mlflow-python", "valkey-server", "ratelimit", "presidio-python"] as const
  ).map((one) => toolbox.find(one));
  const tsx = pathToFileURL(createRequire(__filename).resolve("tsx")).href;
  const modelServer = join(__dirname, "../../rehearsal/model-server/main.ts");
  return ({ image, args, ports }) => {
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
        runsAs: `Envoy ${toolbox.tools.get("envoy")?.version}`,
        standIn: false,
      };
    }
    if (image === "prometheus" && prometheus !== undefined) {
      return {
        command: prometheus,
        // Its own default is every address of the machine.
        args: [...args, `--web.listen-address=127.0.0.1:${ports[flowPorts.prometheus]}`],
        runsAs: `Prometheus ${toolbox.tools.get("prometheus")?.version}, built without its pages`,
        standIn: false,
      };
    }
    if (image === "mlflow" && mlflow !== undefined) {
      return {
        command: mlflow,
        // Several share a machine here, and one worker is enough for a person.
        args: ["-m", ...args, "--workers", "1"],
        runsAs: `MLflow ${toolbox.tools.get("mlflow")?.version}`,
        standIn: false,
      };
    }
    if (image === "collector" && collector !== undefined) {
      const { version } = toolbox.tools.get("collector") ?? {};
      const runsAs = `OpenTelemetry Collector ${version}, with the parts that it uses`;
      return { command: collector, args, runsAs, standIn: false };
    }
    if (image === "valkey" && valkey !== undefined) {
      const runsAs = "Valkey 9.1.2; the image has 9.1.4";
      return { command: valkey, args: args.slice(1), runsAs, standIn: false };
    }
    if (image === "ratelimit" && ratelimit !== undefined) {
      const runsAs = "ratelimit, built of the image's own commit";
      return { command: ratelimit, args: [], runsAs, standIn: false };
    }
    if (image === "presidio" && presidio !== undefined) {
      const [, ...own] = args;
      return {
        command: presidio,
        args: ["-m", "gunicorn", "--chdir", join(__dirname, "../../rehearsal/presidio"), ...own],
        runsAs: `Presidio ${toolbox.tools.get("presidio-analyzer")?.version} behind a stand-in for its image's REST server`,
        standIn: true,
      };
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
