import type { ComposeService } from "./compose-file";
import type { Fields } from "./fields";
import { bytes, composeCpus, quantity } from "./quantity";
import type { ComposeOptions } from "./rendering";

export type Resources = Pick<ComposeService, "deploy" | "memswap_limit">;

const gpu = "nvidia.com/gpu";

interface Amounts {
  readonly cpus?: string;
  /** Bytes. */
  readonly memory?: string;
  readonly gpus: number;
}

/** What a container may use, and what is set aside for it. */
export function resourcesOf(container: Fields, { gpus = "as-asked" }: ComposeOptions): Resources {
  const resources = container.inside("resources");
  const cores = "the engine sets no cores aside: the limit holds, and containers share what there is";
  const requests = resources.inside("requests");
  requests.differ("cpu", "said in `reservations`, and not acted on", cores);
  const reserved = amounts(requests);
  const limitFields = resources.inside("limits");
  if (gpus === "none") {
    const reason = "the machine is said to have none";
    limitFields.differ(gpu, "nothing", reason);
    requests.differ(gpu, "nothing", reason);
  }
  const limits = amounts(limitFields);
  resources.end();
  const devices =
    limits.gpus === 0 || gpus === "none"
      ? {}
      : { devices: [{ driver: "nvidia", count: limits.gpus, capabilities: ["gpu"] }] };
  const deploy = {
    limits: cpusAndMemory(limits),
    reservations: { ...cpusAndMemory(reserved), ...devices },
  };
  const filled = Object.entries(deploy).filter(([, part]) => Object.keys(part).length > 0);
  return {
    ...(filled.length === 0 ? {} : { deploy: { resources: Object.fromEntries(filled) } }),
    // A cluster's nodes have no swap; without this a container could use as much of it again.
    ...(limits.memory === undefined ? {} : { memswap_limit: limits.memory }),
  };
}

const cpusAndMemory = ({ cpus, memory }: Amounts) => ({
  ...(cpus === undefined ? {} : { cpus }),
  ...(memory === undefined ? {} : { memory }),
});

function amounts(fields: Fields): Amounts {
  const cpu = fields.get<string>("cpu");
  const memory = fields.get<string>("memory");
  const gpus = quantity(fields.get<string>(gpu) ?? 0);
  fields.differ("ephemeral-storage", "nothing", "the engine counts no disk; what can be written is memory or a volume");
  fields.end();
  return {
    ...(cpu === undefined ? {} : { cpus: composeCpus(cpu) }),
    ...(memory === undefined ? {} : { memory: bytes(memory) }),
    gpus,
  };
}

/** A container's memory, bytes. */
export const memoryLimit = ({ deploy }: Resources): string | undefined => deploy?.resources.limits?.memory;
