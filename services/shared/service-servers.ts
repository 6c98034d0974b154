import type { RequestListener } from "node:http";
import type { Server } from "node:https";
import type { Registry } from "prom-client";
import { drain, listen } from "./lifecycle";
import { mutualTlsServer, probeServer, type Listening, type TlsFiles } from "./mutual-tls";
import { metricsListener, probeListener, type Readiness } from "./probes";

/** Where a service's servers listen, and what they show. */
export interface ServedAt {
  readonly listen: Listening;
  readonly probes: Listening;
  readonly metrics: Listening;
  readonly tls: TlsFiles;
}

export interface Served {
  /** The service's own interface. */
  readonly api: RequestListener;
  readonly readiness: Readiness;
  readonly registry: Registry;
}

/** Ports that the servers took: the configured ones, or free ones where these were 0. */
export interface ServicePorts {
  readonly api: number;
  readonly probes: number;
  readonly metrics: number;
}

/** The three servers that every service has: its interface and its metrics over mutual TLS, and its probes. */
export class ServiceServers {
  private constructor(
    private readonly api: Server,
    private readonly others: readonly Server[],
    public readonly ports: ServicePorts,
  ) {}

  /** Rejects where a port is taken; those before it are closed again. */
  public static async listen({ tls, ...at }: ServedAt, { api, readiness, registry }: Served): Promise<ServiceServers> {
    const interfaces = mutualTlsServer(tls, api);
    const probes = probeServer(tls, probeListener(readiness));
    const metrics = mutualTlsServer(tls, metricsListener(registry));
    const started: Server[] = [];
    const begin = async (server: Server, where: Listening): Promise<number> => {
      const port = await listen(server, where);
      started.push(server);
      return port;
    };
    try {
      const ports = {
        api: await begin(interfaces, at.listen),
        probes: await begin(probes, at.probes),
        metrics: await begin(metrics, at.metrics),
      };
      return new ServiceServers(interfaces, [probes, metrics], ports);
    } catch (error) {
      for (const server of started) server.close();
      throw error;
    }
  }

  /** Takes nothing new, and resolves when what runs is answered; after the grace (ms) the rest is cut. */
  public leave(grace: number): Promise<void> {
    return drain(this.api, grace);
  }

  /** Ends probes and metrics: nobody watches any more. */
  public async close(): Promise<void> {
    await Promise.all(this.others.map((server) => drain(server, 100)));
  }
}
