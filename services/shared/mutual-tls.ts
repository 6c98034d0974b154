import { readFileSync } from "node:fs";
import { createServer, type Server, type ServerOptions } from "node:https";
import type { IncomingMessage, RequestListener } from "node:http";
import type { TLSSocket } from "node:tls";
import { z } from "zod";

/** Files of a certificate and of whom to trust, PEM. */
export const tlsFiles = z.strictObject({
  certificate: z.string().min(1).describe("PEM file: the certificate, then the intermediate that issued it"),
  key: z.string().min(1).describe("PEM file of its private key"),
  authority: z.string().min(1).describe("PEM file of the authority whose certificates are accepted"),
});
export type TlsFiles = z.infer<typeof tlsFiles>;

/** The port on which a service listens. */
export const listening = z.strictObject({
  address: z.string().default("0.0.0.0"),
  port: z.int().min(0).max(65_535),
});
export type Listening = z.infer<typeof listening>;

const read = ({ certificate, key, authority }: TlsFiles) => ({
  cert: readFileSync(certificate),
  key: readFileSync(key),
  ca: readFileSync(authority),
});

/** What a client of another service of the platform shows, and whom it trusts. */
export const clientCredentials = (files: TlsFiles) => ({ ...read(files), minVersion: "TLSv1.3" as const });

const limits: ServerOptions = {
  // A request is small and comes from the next machine: one that trickles in is an attack.
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  // Longer than any client of ours keeps a connection, so that it is the client that closes.
  keepAliveTimeout: 75_000,
  maxHeaderSize: 32_768,
  insecureHTTPParser: false,
};

/** A server over TLS 1.3 that only certificates of the authority reach. */
export const mutualTlsServer = (files: TlsFiles, listener: RequestListener): Server =>
  createServer(
    { ...limits, ...read(files), requestCert: true, rejectUnauthorized: true, minVersion: "TLSv1.3" },
    listener,
  );

/** A server that asks for no certificate: for probes of the kubelet, which has none. */
export const probeServer = (files: TlsFiles, listener: RequestListener): Server =>
  createServer({ ...limits, ...read(files), minVersion: "TLSv1.3" }, listener);

/** A connection has one certificate to its end, and reading it takes a tenth of a millisecond. */
const namesOf = new WeakMap<TLSSocket, readonly string[]>();

/** DNS names in the certificate that the caller showed. */
export function callerNames({ socket }: IncomingMessage): readonly string[] {
  const secure = socket as TLSSocket;
  const known = namesOf.get(secure);
  if (known !== undefined) return known;
  const { subjectaltname = "" } = secure.getPeerCertificate();
  const names = subjectaltname
    .split(", ")
    .filter((name) => name.startsWith("DNS:"))
    .map((name) => name.slice("DNS:".length));
  namesOf.set(secure, names);
  return names;
}
