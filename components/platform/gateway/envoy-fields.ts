/** A piece of Envoy's configuration; Envoy itself checks it, in the tests. */
export type Json = Record<string, unknown>;

export const typed = (type: string, fields: Json = {}): Json => ({
  "@type": `type.googleapis.com/${type}`,
  ...fields,
});

/** Where the pod's configuration is mounted. */
export const configurationPath = "/etc/envoy";

/** A file of the configuration that Envoy reads again when it changes, without cutting a connection. */
export const followed = (file: string): Json => ({
  path_config_source: {
    path: `${configurationPath}/${file}`,
    // Kubernetes swaps a link when a configuration changes: the file itself never does.
    watched_directory: { path: configurationPath },
  },
  resource_api_version: "V3",
});

export const address = (host: string, port: number): Json => ({ socket_address: { address: host, port_value: port } });
