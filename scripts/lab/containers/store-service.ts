import type { Flow } from "../../../components/flows";
import type { LeafCertificate } from "../../../components/substrate";
import type { ComposeFile } from "../compose/compose-file";
import type { Addition, RenderedFile } from "../compose/rendering";
import type { StoreKeys } from "../composition";
import { node } from "./for-engine";

/** The store's name in the lab's networks. */
export const storeHost = "object-store.lab.internal";
export const storePort = 7070;
export const storeService = "object-store";

export interface StoreServiceArgs {
  /** Reference of an image that holds Node: the store itself is one file without libraries. */
  readonly nodeImage: string;
  readonly keys: StoreKeys;
  readonly region: string;
  /** Port on 127.0.0.1 by which this machine reaches it. */
  readonly port: number;
  /** `user:group` of the container. */
  readonly user: string;
  readonly certificate: LeafCertificate;
  /** The program, for Linux. */
  readonly binary: Buffer;
}

/** This machine makes the buckets, and reads the record out of them. */
export const storeFlow = {
  from: { peer: "this-machine" },
  to: { service: "object-store" },
  port: storePort,
  protocols: ["TCP"],
  tls: "server",
  why: "the lab makes its buckets, and a person reads the record",
} as unknown as Flow;

/** A real S3 server with object lock beside the platform, and the files that it mounts. */
export function storeAddition(args: StoreServiceArgs): {
  addition: Addition;
  files: Record<string, RenderedFile>;
  stores: Pick<ComposeFile, "configs" | "secrets">;
} {
  const { nodeImage, keys, region, port, user, certificate, binary } = args;
  const asks = `require("node:https").get({port:${storePort},path:"/_health",rejectUnauthorized:false},(a)=>process.exit(a.statusCode===200?0:1)).on("error",()=>process.exit(1))`;
  const addition: Addition = {
    name: storeService,
    end: "object-store",
    aliases: [storeHost],
    volumes: { [storeService]: {} },
    service: {
      image: nodeImage,
      entrypoint: ["/lab/versitygw"],
      command: [
        ...["--port", `:${storePort}`, "--region", region, "--health", "/_health", "--quiet"],
        ...["--cert", "/lab/store.crt", "--key", "/lab/store.key"],
        ...["posix", "--versioning-dir", "/store/versions", "/store/data"],
      ],
      environment: { ROOT_ACCESS_KEY: keys.accessKeyId, ROOT_SECRET_KEY: keys.secretAccessKey },
      user,
      read_only: true,
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
      restart: "on-failure",
      tmpfs: ["/tmp:rw,noexec,nosuid,nodev,mode=1777"],
      volumes: [{ type: "volume", source: storeService, target: "/store", volume: { nocopy: true } }],
      configs: [{ source: "lab.versitygw", target: "/lab/versitygw" }],
      secrets: [
        { source: "lab.store.crt", target: "/lab/store.crt" },
        { source: "lab.store.key", target: "/lab/store.key" },
      ],
      ports: [{ target: storePort, published: `${port}`, host_ip: "127.0.0.1", protocol: "tcp" }],
      healthcheck: {
        test: ["CMD", node, "-e", asks],
        interval: "5s",
        retries: 12,
        start_period: "30s",
        start_interval: "1s",
      },
    },
  };
  return {
    addition,
    files: {
      "programs/versitygw": { content: binary, mode: 0o755 },
      "secrets/lab/store.crt": { content: Buffer.from(certificate.chain), mode: 0o600 },
      "secrets/lab/store.key": { content: Buffer.from(certificate.privateKey), mode: 0o600 },
    },
    stores: {
      configs: { "lab.versitygw": { file: "./programs/versitygw" } },
      secrets: {
        "lab.store.crt": { file: "./secrets/lab/store.crt" },
        "lab.store.key": { file: "./secrets/lab/store.key" },
      },
    },
  };
}
