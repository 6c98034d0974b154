import { xsalsa20poly1305 } from "@noble/ciphers/salsa";
import { readFileSync } from "node:fs";
import { ApiClient } from "../../rehearsal/control-plane/api-client";
import type { ControlPlane } from "../../rehearsal/control-plane/control-plane";

/** What etcd itself holds of an object, past the API server: `path` such as `secrets/gateway/envoy-tls`. */
export async function rawValue(plane: ControlPlane, path: string): Promise<Buffer> {
  const [found] = await range(plane, { key: base64(`/registry/${path}`) });
  if (found === undefined) throw new Error(`etcd holds no ${path}`);
  return Buffer.from(found.value, "base64");
}

/** Namespace and name of every Secret there is, as `gateway/envoy-tls`: nobody may list them at the API server. */
export async function secretsThere(plane: ControlPlane): Promise<string[]> {
  const prefix = "/registry/secrets/";
  // All that begins so: up to the same with its last character raised by one.
  const rows = await range(plane, { key: base64(prefix), range_end: base64("/registry/secrets0"), keys_only: true });
  return rows.map(({ key }) => Buffer.from(key, "base64").toString().slice(prefix.length));
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");

async function range({ etcd }: ControlPlane, wanted: object): Promise<{ key: string; value: string }[]> {
  const client = new ApiClient(etcd.endpoint, readFileSync(etcd.authority, "utf8"), {
    certificate: readFileSync(etcd.client.certificate, "utf8"),
    key: readFileSync(etcd.client.key, "utf8"),
  });
  try {
    const answer = await client.request<{ kvs?: { key: string; value: string }[] }>("POST", "/v3/kv/range", wanted);
    return answer.kvs ?? [];
  } finally {
    client.close();
  }
}

/**
 * Opens what the API server sealed: a nonce of 24 bytes, then the box. Throws with any other key.
 *
 * @param key base64.
 */
export function openedWith(key: string, raw: Buffer, prefix: string): Buffer {
  const sealed = raw.subarray(Buffer.byteLength(prefix));
  const box = xsalsa20poly1305(Buffer.from(key, "base64"), sealed.subarray(0, 24));
  return Buffer.from(box.decrypt(sealed.subarray(24)));
}
