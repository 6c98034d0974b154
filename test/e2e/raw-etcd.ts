import { xsalsa20poly1305 } from "@noble/ciphers/salsa";
import { readFileSync } from "node:fs";
import { ApiClient } from "../../rehearsal/control-plane/api-client";
import type { ControlPlane } from "../../rehearsal/control-plane/control-plane";

/** What etcd itself holds of an object, past the API server: `path` such as `secrets/gateway/envoy-tls`. */
export async function rawValue({ etcd }: ControlPlane, path: string): Promise<Buffer> {
  const client = new ApiClient(etcd.endpoint, readFileSync(etcd.authority, "utf8"), {
    certificate: readFileSync(etcd.client.certificate, "utf8"),
    key: readFileSync(etcd.client.key, "utf8"),
  });
  const range = { key: Buffer.from(`/registry/${path}`).toString("base64") };
  const { kvs } = await client.request<{ kvs?: { value: string }[] }>("POST", "/v3/kv/range", range);
  client.close();
  if (kvs?.[0] === undefined) throw new Error(`etcd holds no ${path}`);
  return Buffer.from(kvs[0].value, "base64");
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
