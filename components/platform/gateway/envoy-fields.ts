/** A piece of Envoy's configuration; Envoy itself checks it, in the tests. */
export type Json = Record<string, unknown>;

export const typed = (type: string, fields: Json = {}): Json => ({
  "@type": `type.googleapis.com/${type}`,
  ...fields,
});

export const address = (host: string, port: number): Json => ({ socket_address: { address: host, port_value: port } });
