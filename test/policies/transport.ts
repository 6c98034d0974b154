import { stringify } from "yaml";
import { provider, type Fixture } from "./fixture";

/** What a model server is told, so that it asks every caller for a certificate. */
export const mutualTlsArguments = [
  "--ssl-certfile",
  "/etc/tls/server.crt",
  "--ssl-keyfile=/etc/tls/server.key",
  "--ssl-ca-certs",
  "/etc/tls/callers.pem",
  "--ssl-cert-reqs",
  "2",
];

const context = (side: "Downstream" | "Upstream", other: string, more: object = {}) => ({
  typed_config: {
    "@type": `type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.${side}TlsContext`,
    common_tls_context: {
      tls_params: { tls_minimum_protocol_version: "TLSv1_3" },
      tls_certificates: [{ certificate_chain: { filename: "/etc/tls/door.crt" } }],
      validation_context: {
        trusted_ca: { filename: "/etc/tls/clients.pem" },
        match_typed_subject_alt_names: [{ san_type: "DNS", matcher: { exact: other } }],
      },
    },
    ...more,
  },
});

const listener = (name: string, tls: unknown, route: object) => ({
  name,
  address: { socket_address: { address: "0.0.0.0", port_value: 8443 } },
  filter_chains: [
    {
      transport_socket: tls,
      filters: [{ typed_config: { route_config: { virtual_hosts: [{ routes: [route] }] } } }],
    },
  ],
});

const server = (address: object) => ({ endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }] });

/** An Envoy that asks callers for a certificate, and shows one. */
export const envoy = (change: (configuration: EnvoyParts) => void = () => undefined): string => {
  const parts: EnvoyParts = {
    api: context("Downstream", "application", { require_client_certificate: true }),
    health: {
      typed_config: {
        "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext",
        common_tls_context: { tls_params: { tls_minimum_protocol_version: "TLSv1_3" } },
      },
    },
    model: context("Upstream", "vllm.serving.svc"),
    healthRoute: { direct_response: { status: 404 } },
  };
  change(parts);
  return stringify({
    static_resources: {
      listeners: [
        listener("api", parts.api, { route: { cluster: "model" } }),
        listener("health", parts.health, parts.healthRoute as object),
      ],
      clusters: [
        {
          name: "model",
          load_assignment: server({ socket_address: { address: "vllm.serving.svc", port_value: 8000 } }),
          transport_socket: parts.model,
        },
        { name: "admin", load_assignment: server({ pipe: { path: "/tmp/admin.sock" } }) },
      ],
    },
  });
};

/** The places of Envoy's configuration that tests break. */
export interface EnvoyParts {
  // The tests break them at any path.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  [part: string]: any;
}

/** A web interface of Prometheus that asks for a certificate. */
export const webTls = {
  tls_server_config: { client_ca_file: "/etc/tls/services.pem", client_auth_type: "RequireAndVerifyClientCert" },
};
/** A collector that asks for a certificate. */
export const collectorTls = {
  receivers: {
    otlp: { protocols: { grpc: { tls: { cert_file: "/etc/tls/c.crt", client_ca_file: "/etc/tls/services.pem" } } } },
  },
};

/** How connections are taken and made: a balancer's listener, the door, a mesh. */
export const transportFixtures = (): Fixture[] => [
  {
    type: "aws:lb/listener:Listener",
    name: "listener",
    props: { port: 443, protocol: "HTTPS", sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06" },
    provider,
  },
  {
    type: "aws:lb/listener:Listener",
    name: "passing-listener",
    props: { port: 443, protocol: "TCP", tags: { "cloister.dev/zone": "gateway" } },
    provider,
  },
  {
    type: "aws:lb/listener:Listener",
    name: "redirecting-listener",
    props: {
      port: 80,
      protocol: "HTTP",
      defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }],
    },
    provider,
  },
  {
    type: "aws:elb/loadBalancer:LoadBalancer",
    name: "classic-balancer",
    props: { internal: true, listeners: [] },
    provider,
  },
  {
    type: "kubernetes:core/v1:ConfigMap",
    name: "server-tls",
    props: {
      metadata: { name: "server-tls", namespace: "observability" },
      data: { "web.yaml": stringify(webTls), "collector.yaml": stringify(collectorTls) },
    },
    provider: {},
  },
  {
    type: "kubernetes:security.istio.io/v1:PeerAuthentication",
    name: "mesh",
    props: { metadata: { name: "default", namespace: "elsewhere" }, spec: { mtls: { mode: "STRICT" } } },
    provider: {},
  },
];
