import { createHash } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "../shared/log";
import { ServiceServers, type ServicePorts } from "../shared/service-servers";
import type { Analyser } from "./analyse/analyser";
import { ClassifierAnalyser } from "./analyse/classifier";
import { PresidioAnalyser } from "./analyse/presidio";
import type { GuardConfiguration } from "./config";
import { derivedKey } from "./derived-key";
import type { Examiner } from "./examiner";
import { LedgerClient } from "./ledger-client";
import type { GuardMetrics } from "./metrics";
import { Proxy } from "./proxy";
import type { Quarantine } from "./quarantine";
import { Router } from "./router";
import type { TokenLimits } from "./token-limits";

export interface GuardParts {
  /** The policy of this moment. */
  readonly examiner: () => Examiner;
  readonly quarantine: Quarantine;
  readonly limits: TokenLimits;
  readonly metrics: GuardMetrics;
  /** For so long it still takes requests when it is told to stop, so that whoever holds a connection hears that it ends. Default: 1000. */
  readonly leavingMilliseconds?: number;
}

/** What the last answers took is counted within this, or never. */
const lastCountMilliseconds = 3000;

/** One guard: the proxy, what it leans on, its probes and its metrics. */
export class Guard {
  private servers: ServiceServers | undefined;
  private readonly ledger: LedgerClient;
  private readonly router: Router;
  private readonly analysers: readonly Analyser[];
  private readonly proxy: Proxy;
  private stopping = false;

  public constructor(
    private readonly configuration: GuardConfiguration,
    private readonly parts: GuardParts,
    private readonly log: Logger,
  ) {
    const { ledger, tls, router, analysers, requestTimeoutSeconds } = configuration;
    // A renewed one costs the caches what they held, and nothing more.
    const saltKey = derivedKey(tls.key, "cloister guard cache salt");
    const first = createHash("sha256").update(hostname()).update(`${process.pid}`).digest()[0] ?? 0;
    this.ledger = new LedgerClient({
      ...ledger,
      tls,
      log,
      metrics: parts.metrics,
      first: first % ledger.replicas.length,
    });
    this.router = new Router(router.socket, requestTimeoutSeconds * 1000);
    this.analysers = analysers.map((settings) =>
      settings.kind === "presidio" ? new PresidioAnalyser(settings) : new ClassifierAnalyser(settings, this.router),
    );
    this.proxy = new Proxy({
      ...parts,
      configuration,
      saltKey,
      ledger: this.ledger,
      router: this.router,
      analysers: this.analysers,
      log,
    });
  }

  public async start(): Promise<ServicePorts> {
    const readiness = (): string | undefined => (this.stopping ? "the guard is stopping" : undefined);
    const { registry } = this.parts.metrics;
    this.servers = await ServiceServers.listen(this.configuration, { api: this.proxy.listener, readiness, registry });
    const { ports } = this.servers;
    this.log.info({ ports, policy: this.parts.examiner().digest }, "the guard listens");
    return ports;
  }

  /** Takes nothing new, and resolves when every answer that runs has come to its end, or the longest of them could have. */
  public async stop(): Promise<void> {
    this.stopping = true;
    this.proxy.leave();
    await sleep(this.parts.leavingMilliseconds ?? 1000);
    const deadline = Date.now() + this.configuration.requestTimeoutSeconds * 1000;
    await this.servers?.leave(deadline - Date.now());
    while (this.proxy.busy > 0 && Date.now() < deadline) await sleep(20);
    await this.servers?.close();
    await this.parts.limits.close(lastCountMilliseconds);
    await this.ledger.close();
    for (const analyser of this.analysers) await analyser.close?.();
    await this.router.close();
    this.log.info("the guard has stopped");
  }
}
