import { typed, type Json } from "./envoy-fields";

export interface DoorTraces {
  /** Share of the requests that are traced, percent. Default: 1. */
  readonly percent?: number;
}

/**
 * Spans of some requests, to the collector, and the trace's number to what follows. Of a path they hold what the record
 * holds: a caller may write into the query what it likes.
 */
export function tracing({ percent = 1 }: DoorTraces): Json {
  return {
    provider: {
      name: "envoy.tracers.opentelemetry",
      typed_config: typed("envoy.config.trace.v3.OpenTelemetryConfig", {
        grpc_service: { envoy_grpc: { cluster_name: "collector" }, timeout: "2s" },
        service_name: "door",
      }),
    },
    random_sampling: { value: percent },
    client_sampling: { value: 0 },
    operation: "%REQ(:METHOD)% %PATH(NQ:PATH)%",
    // The tag for the URL cannot be left out, and would hold the query.
    max_path_tag_length: 1,
  };
}
