import type { ComposeHealthcheck } from "./compose-file";
import type { Fields } from "./fields";
import { seconds } from "./quantity";

/** How often is asked and how long waited; Kubernetes' own defaults where nothing is said. */
interface Timing {
  readonly period: number;
  readonly timeout: number;
  readonly failures: number;
  readonly delay: number;
}

interface Probe extends Timing {
  readonly exec?: readonly string[];
  readonly tcpPort?: number | string;
}

/** What a health check is made from. */
export interface Probed {
  readonly container: string;
  /** What starts, and with what arguments. */
  readonly command: readonly string[];
  readonly args: readonly string[];
  /** Ports of the container by name. */
  readonly ports: Readonly<Record<string, number>>;
}

/** Services of the kit's own, whose one program also asks itself: `--health` beside `--config`. */
export const askThemselves = ["guard", "ledger"] as const;

/** Their entry point, in full: a distroless image has its Node on no search path. */
const ownProgram = ["/nodejs/bin/node", "/app/main.js"] as const;

/** Containers whose image holds Python, since what they run is written in it. */
const python = ["mlflow", "vllm"] as const;

/**
 * The one health check of a container, from its three probes: whether it is ready, asked by a program of its own image.
 * Where the image has none that could ask, it is switched off.
 */
export function healthcheckOf(container: Fields, probed: Probed): ComposeHealthcheck {
  const [startup, readiness] = [probe(container, "startupProbe"), probe(container, "readinessProbe")];
  probe(container, "livenessProbe");
  const asked = readiness ?? startup;
  const test = asked === undefined ? undefined : testOf(asked, probed);
  tellDifferences(container, test !== undefined);
  if (asked === undefined || test === undefined) return { disable: true };
  return {
    test,
    interval: seconds(asked.period),
    // A program has to start before it can ask, which the kubelet does not: it is given the whole period.
    timeout: seconds(asked.exec === undefined ? asked.period : asked.timeout),
    retries: asked.failures,
    ...(startup === undefined
      ? { start_period: seconds(asked.delay) }
      : {
          start_period: seconds(startup.delay + startup.period * startup.failures),
          start_interval: seconds(startup.period),
        }),
  };
}

function tellDifferences(container: Fields, asked: boolean): void {
  const none =
    "a check runs inside the container, and this image has no program that could ask; the kubelet asks from outside";
  const inside = "the image's own program asks, from inside; a container that is not ready keeps its name in the DNS";
  container.differ("readinessProbe", asked ? "healthcheck" : "no check", asked ? inside : none);
  const late = "a container that does not start in time is called unhealthy and left running";
  container.differ("startupProbe", asked ? "start_period and start_interval" : "no check", asked ? late : none);
  container.differ("livenessProbe", "nothing", "the engine starts what has ended, and nothing that is unhealthy");
}

function testOf({ exec, tcpPort }: Probe, { container, command, args, ports }: Probed): string[] | undefined {
  if (exec !== undefined) return ["CMD", ...exec];
  if (askThemselves.some((name) => name === container) && args.includes("--config")) {
    return ["CMD", ...(command.length === 0 ? ownProgram : command), ...args, "--health"];
  }
  if (tcpPort === undefined || !python.some((name) => name === container)) return undefined;
  const port = typeof tcpPort === "number" ? tcpPort : ports[tcpPort];
  if (port === undefined) throw new Error(`${container} is asked at ${tcpPort}, which is none of its ports`);
  const connect = `import socket; socket.create_connection(("127.0.0.1", ${port}), 1).close()`;
  return ["CMD", "python3", "-c", connect];
}

function probe(container: Fields, field: string): Probe | undefined {
  if (!container.has(field)) return undefined;
  const fields = container.inside(field);
  const tcp = fields.inside("tcpSocket");
  const tcpPort = tcp.get<number | string>("port");
  tcp.end();
  const exec = fields.inside("exec");
  const command = exec.get<readonly string[]>("command");
  exec.end();
  for (const other of ["httpGet", "grpc", "successThreshold", "terminationGracePeriodSeconds"]) fields.get(other);
  const number = (name: string, otherwise: number) => fields.get<number>(name) ?? otherwise;
  const read = {
    tcpPort,
    exec: command,
    period: number("periodSeconds", 10),
    timeout: number("timeoutSeconds", 1),
    failures: number("failureThreshold", 3),
    delay: number("initialDelaySeconds", 0),
  };
  fields.end();
  return read;
}
