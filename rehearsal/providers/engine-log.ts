import * as grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import type { CallContext } from "./provider";

const severities = {
  debug: LogSeverity.DEBUG,
  info: LogSeverity.INFO,
  warning: LogSeverity.WARNING,
  error: LogSeverity.ERROR,
} as const;

/** Messages under a resource in the engine's display. */
export class EngineLog {
  private readonly engine: EngineClient | undefined;
  private readonly pending = new Set<Promise<void>>();

  constructor(address: string | undefined) {
    this.engine = address ? new EngineClient(address, grpc.credentials.createInsecure()) : undefined;
  }

  readonly write = (urn: string, severity: Parameters<CallContext["log"]>[0], message: string): void => {
    if (!this.engine) return;
    const request = new LogRequest().setSeverity(severities[severity]).setUrn(urn).setMessage(message);
    const sent = new Promise<void>((resolve) => this.engine?.log(request, () => resolve()));
    this.pending.add(sent);
    void sent.then(() => this.pending.delete(sent));
  };

  /** The engine closes its display when the operation ends: what was logged has to arrive before the answer. */
  async flush(): Promise<void> {
    await Promise.all(this.pending);
  }
}
