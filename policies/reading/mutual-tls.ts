import type { Properties } from "../rule";
import { envoyFaults } from "./envoy-tls";

const words = (args: readonly string[]): string[] => args.flatMap((argument) => argument.split(/[\s=]+/));

/** What the flags of Python's servers begin with: uvicorn's, such as a model server's, and gunicorn's. */
const dialects = ["--ssl-", "--"] as const;

const dialectOf = (all: readonly string[]): string | undefined =>
  dialects.find((prefix) => all.includes(`${prefix}certfile`));

/** Whether a program is told by its arguments to speak TLS, rightly or not. */
export const speaksTls = (args: readonly string[]): boolean => dialectOf(words(args)) !== undefined;

/**
 * What keeps a server of Python's uvicorn or gunicorn, such as a model server, from asking every caller for a certificate;
 * undefined where nothing does. Of an argument that is given twice the last counts.
 */
export function argumentFault(args: readonly string[]): string | undefined {
  const all = words(args);
  const prefix = dialectOf(all) ?? dialects[0];
  const value = (flag: string): string | undefined => {
    const at = all.lastIndexOf(flag);
    const next = at < 0 ? undefined : all[at + 1];
    return next === undefined || next.startsWith("--") ? undefined : next;
  };
  const flags = ["certfile", "keyfile", "ca-certs"].map((name) => `${prefix}${name}`);
  const missing = flags.filter((flag) => value(flag) === undefined);
  if (missing.length > 0) return `${missing.join(", ")} absent: it answers in clear, or whoever calls`;
  // 2 is Python's ssl.CERT_REQUIRED.
  const demand = `${prefix}cert-reqs`;
  return value(demand) === "2" ? undefined : `${demand} is not 2: a caller needs no certificate`;
}

/** Whether a program is envoyproxy/ratelimit, which is told by its environment how it speaks. */
export const isRateLimit = (environment: ReadonlyMap<string, string>): boolean =>
  environment.has("GRPC_PORT") || environment.has("GRPC_SERVER_USE_TLS");

/** What keeps envoyproxy/ratelimit from asking every caller for a certificate of one name; undefined where nothing does. */
export function environmentFault(environment: ReadonlyMap<string, string>): string | undefined {
  if (environment.get("GRPC_SERVER_USE_TLS") !== "true") return "GRPC_SERVER_USE_TLS is not true: it answers in clear";
  if (!environment.get("GRPC_CLIENT_TLS_CACERT")) return "GRPC_CLIENT_TLS_CACERT is absent: it answers whoever calls";
  if (!environment.get("GRPC_CLIENT_TLS_SAN"))
    return "GRPC_CLIENT_TLS_SAN is absent: it takes every certificate of its authority";
  // Two ports speak in clear, and one of them counts for whoever asks.
  const open = ["HOST", "DEBUG_HOST"].find((name) => environment.get(name) !== "127.0.0.1");
  return open && `${open} is not 127.0.0.1: a port in clear is open to others`;
}

/** Receivers of an OpenTelemetry Collector. */
function collectorFaults({ receivers }: Properties): string[] {
  const protocols = Object.entries((receivers ?? {}) as Record<string, Properties>).flatMap(([name, receiver]) =>
    Object.entries((receiver?.protocols ?? {}) as Record<string, Properties>).map(
      ([protocol, settings]) => [`${name} ${protocol}`, settings?.tls] as const,
    ),
  );
  return protocols.flatMap(([name, tls]) => {
    if (!tls?.cert_file) return [`${name} takes records in clear`];
    if (!tls.client_ca_file) return [`${name} asks callers for no certificate`];
    // The collector's own default is 1.2.
    return /^1\.[23]$/.test(String(tls.min_version ?? "1.2")) ? [] : [`${name} lets TLS older than 1.2 in`];
  });
}

/** The web interface of Prometheus and its exporters. */
function webFaults({ tls_server_config: tls }: Properties): string[] {
  if (tls?.client_auth_type !== "RequireAndVerifyClientCert" || !tls.client_ca_file)
    return ["the web interface asks callers for no certificate"];
  // Its own default is 1.2.
  return /^TLS1[23]$/.test(String(tls.min_version ?? "TLS12")) ? [] : ["the web interface lets TLS older than 1.2 in"];
}

/** What Prometheus asks for numbers: over TLS, showing who it is, and only whom its own authority certified. */
const scrapeFaults = ({ scrape_configs: jobs }: Properties): string[] =>
  ((jobs ?? []) as Properties[]).flatMap(({ job_name: name, scheme, tls_config: tls }) => {
    if (scheme !== "https") return [`job ${name} asks in clear`];
    if (!tls?.ca_file || tls.insecure_skip_verify === true) return [`job ${name} takes any server's certificate`];
    return tls.cert_file ? [] : [`job ${name} shows no certificate`];
  });

/** A service of the kit's own, which always asks callers for a certificate: what it lacks, it does not start without. */
const serviceFaults = ({ tls }: Properties): string[] =>
  ["certificate", "key", "authority"].filter((file) => !tls?.[file]).map((file) => `the service has no ${file}`);

/** What is wrong with how a server takes connections; undefined where the document configures no server known here. */
export function configurationFaults(document: Properties): string[] | undefined {
  if (document?.static_resources) return envoyFaults(document);
  if (document?.receivers) return collectorFaults(document);
  if (document?.scrape_configs) return scrapeFaults(document);
  if (document?.listen && String(document.apiVersion).startsWith("cloister.dev/")) return serviceFaults(document);
  return document?.tls_server_config ? webFaults(document) : undefined;
}
