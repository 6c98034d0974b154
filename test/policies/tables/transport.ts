import { stringify } from "yaml";
import { first, nightly, UNKNOWN, type RuleTables } from "./table";
import { envoy, mutualTlsArguments, webTls, type EnvoyParts } from "../transport";

const listener = "listener";
const balancer = (name: string) => `service.beta.kubernetes.io/aws-load-balancer-${name}`;
const certified = {
  [balancer("ssl-cert")]: "arn:aws:acm:eu-central-1:111122223333:certificate/one",
  [balancer("ssl-negotiation-policy")]: "ELBSecurityPolicy-TLS13-1-2-2021-06",
  [balancer("backend-protocol")]: "ssl",
};
const without = (flag: string) => {
  const at = mutualTlsArguments.findIndex((argument) => argument.startsWith(flag));
  const length = mutualTlsArguments[at]!.includes("=") ? 1 : 2;
  return ["serve", ...mutualTlsArguments.slice(0, at), ...mutualTlsArguments.slice(at + length)];
};
const door = (change: (parts: EnvoyParts) => void) => ({
  of: "server-tls",
  path: "data",
  value: { "envoy.yaml": envoy(change) },
  judged: "server-tls",
});
const file = (configuration: object) => ({
  of: "server-tls",
  path: "data",
  value: { "one.yaml": stringify(configuration) },
  judged: "server-tls",
});
const service = {
  apiVersion: "cloister.dev/ledger/v1",
  listen: { port: 8447 },
  tls: { certificate: "/etc/tls/ledger.crt", key: "/etc/tls/ledger.key", authority: "/etc/tls/services.pem" },
};
// eslint-disable-next-line @typescript-eslint/no-unsafe-return
const common = (side: string) => (parts: EnvoyParts) => parts[side].typed_config.common_tls_context;

export const transport: RuleTables = {
  "ENC-07": {
    judged: listener,
    violations: [
      { of: listener, path: "sslPolicy", value: "ELBSecurityPolicy-2016-08" },
      { of: listener, path: "sslPolicy", value: "ELBSecurityPolicy-TLS13-1-1-2021-06" },
      { of: listener, path: "sslPolicy" },
      { of: listener, path: "protocol", value: "HTTP" },
      { of: listener, path: "protocol", value: "UDP" },
      { of: "redirecting-listener", path: "defaultActions.0.type", value: "forward", judged: "redirecting-listener" },
      {
        of: "redirecting-listener",
        path: "defaultActions.0.redirect.protocol",
        value: "#{protocol}",
        judged: "redirecting-listener",
      },
      { of: "redirecting-listener", path: "defaultActions", judged: "redirecting-listener" },
      { of: "passing-listener", path: "port", value: 80, judged: "passing-listener" },
      { of: "passing-listener", path: "tags", judged: "passing-listener" },
      { of: "classic-balancer", path: "listeners.0.lbProtocol", value: "http", judged: "classic-balancer" },
      { of: "classic-balancer", path: "listeners.0.lbProtocol", value: "https", judged: "classic-balancer" },
      { of: "door", path: "spec.ports", value: [{ port: 80 }], judged: "door" },
      { of: "door", path: "spec.ports", value: [{ port: 443, protocol: "UDP" }], judged: "door" },
      { of: "door", path: "metadata.namespace", value: "serving", judged: "door" },
      ...["ssl-negotiation-policy", "backend-protocol"].map((left) => ({
        of: "door",
        path: "metadata.annotations",
        value: Object.fromEntries(Object.entries(certified).filter(([name]) => name !== balancer(left))),
        judged: "door",
      })),
      { of: "machines", path: "apiServerArguments", value: ["tls-min-version=VersionTLS10"], judged: "machines" },
    ],
    unknown: { of: listener, path: "sslPolicy", value: UNKNOWN },
  },
  "ENC-08": {
    judged: "vllm",
    violations: [
      { of: "vllm", path: `${first}.args`, value: ["--model", "/models/one"] },
      ...["--ssl-keyfile", "--ssl-ca-certs", "--ssl-cert-reqs"].map((flag) => ({
        of: "vllm",
        path: `${first}.args`,
        value: without(flag),
      })),
      { of: "vllm", path: `${first}.args`, value: [...mutualTlsArguments, "--ssl-cert-reqs", "1"] },
      ...["keyfile", "ca-certs", "cert-reqs"].map((flag) => ({
        of: "vllm",
        path: `${first}.args`,
        value: without(`--ssl-${flag}`).map((word) => word.replace("--ssl-", "--")),
      })),
      {
        of: "nightly",
        path: `${nightly}.containers.0.args`,
        value: ["--ssl-certfile", "/etc/tls/server.crt"],
        judged: "nightly",
      },
      door((parts) => delete parts["api"].typed_config.require_client_certificate),
      door((parts) => delete common("api")(parts).validation_context),
      door((parts) => (common("api")(parts).validation_context.trust_chain_verification = "ACCEPT_UNTRUSTED")),
      door((parts) => delete common("api")(parts).validation_context.match_typed_subject_alt_names),
      door((parts) => (common("api")(parts).tls_params.tls_minimum_protocol_version = "TLSv1_0")),
      door((parts) => delete parts["api"]),
      door((parts) => delete parts["health"]),
      door((parts) => (parts["healthRoute"] = { route: { cluster: "model" } })),
      door((parts) => delete parts["model"]),
      door((parts) => delete common("model")(parts).tls_certificates),
      door((parts) => delete common("model")(parts).validation_context),
      door((parts) => {
        common("model")(parts).validation_context.match_typed_subject_alt_names[0].matcher.exact = "other.serving.svc";
      }),
      ...["certificate", "key", "authority"].map((left) => file({ ...service, tls: { ...service.tls, [left]: "" } })),
      file({ tls_server_config: { ...webTls.tls_server_config, client_auth_type: "RequestClientCert" } }),
      file({ receivers: { otlp: { protocols: { grpc: {} } } } }),
      file({ receivers: { otlp: { protocols: { grpc: { tls: { cert_file: "/etc/tls/c.crt" } } } } } }),
      { of: "mesh", path: "spec.mtls.mode", value: "PERMISSIVE", judged: "mesh" },
      { of: "mesh", path: "spec.portLevelMtls", value: { "8000": { mode: "DISABLE" } }, judged: "mesh" },
    ],
    unknown: { of: "vllm", path: `${first}.args`, value: UNKNOWN },
    beyond: { of: "vllm", path: `${first}.ports`, value: [] },
  },
};
