import { typed, type Json } from "./envoy-fields";

/**
 * Metadata of each request, for the record. No prompt, answer or secret is among it: of a path only the route's name is
 * told, since a caller may write there what it likes.
 */
export function accessLog(): Json {
  const attribute = (key: string, format: string) => ({ key, value: { string_value: format } });
  return {
    name: "envoy.access_loggers.open_telemetry",
    typed_config: typed("envoy.extensions.access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig", {
      grpc_service: { envoy_grpc: { cluster_name: "collector" }, timeout: "2s" },
      log_name: "door",
      body: { string_value: "%REQ(:METHOD)% %ROUTE_NAME% %RESPONSE_CODE%" },
      attributes: {
        values: [
          attribute("request.id", "%REQ(X-REQUEST-ID)%"),
          attribute("client.name", "%DOWNSTREAM_PEER_DNS_SAN%"),
          attribute("client.certificate", "%DOWNSTREAM_PEER_FINGERPRINT_256%"),
          attribute("method", "%REQ(:METHOD)%"),
          attribute("route", "%ROUTE_NAME%"),
          attribute("model", "%DYNAMIC_METADATA(cloister:model)%"),
          attribute("response.code", "%RESPONSE_CODE%"),
          attribute("response.flags", "%RESPONSE_FLAGS%"),
          attribute("response.details", "%RESPONSE_CODE_DETAILS%"),
          attribute("refused", "%DYNAMIC_METADATA(cloister:refused)%"),
          attribute("duration.milliseconds", "%DURATION%"),
          attribute("bytes.received", "%BYTES_RECEIVED%"),
          attribute("bytes.sent", "%BYTES_SENT%"),
        ],
      },
    }),
  };
}
