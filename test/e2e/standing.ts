import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import type { ObjectStore } from "../../rehearsal/object-store/object-store";
import { layers, stackName, type Layer } from "../../stacks/environment";
import type { RehearsedExample } from "./rehearsed";

/** A resource in the engine's state, as far as it is read here. */
export interface StandingResource {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly id?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly aliases?: readonly string[];
}

/** What is in the state of one layer; nothing before its first run and after it was destroyed. */
export function standing(example: RehearsedExample, layer: Layer): StandingResource[] {
  const path = example.files.stackState(stackName(example.name, layer));
  if (!existsSync(path)) return [];
  const { checkpoint } = JSON.parse(readFileSync(path, "utf8")) as {
    checkpoint: { latest?: { resources?: StandingResource[] } };
  };
  return checkpoint.latest?.resources ?? [];
}

/** What holds something that nothing can make again: the company's data, its keys, and the record of what was done. */
const stateful: readonly (readonly [type: RegExp, name: RegExp])[] = [
  [/^aws:kms\/key:Key$/, /./],
  [/^aws:s3\/bucketObjectLockConfiguration:/, /./],
  [/^aws:s3\/bucket:Bucket$/, /./],
  [/^aws:backup\/vault/, /./],
  [/^aws:cloudwatch\/logGroup:LogGroup$/, /./],
  [/^aws:secretsmanager\/secret:Secret$/, /./],
  // Drawn once, and data, disks or machines hang on it; the keys of a site link are exchanged, and nothing is lost.
  [/^random:/, /^(?!.*-link-)/],
  [/^tls:index\/privateKey:PrivateKey$/, /authorit/],
];

/** What is to be protected, though making it anew loses nothing but time. */
const costly = [/^aws:eks\/cluster:Cluster$/, /^aws:cloudtrail\/trail:Trail$/];

export const isStateful = ({ type, urn }: { type: string; urn: string }): boolean =>
  stateful.some(([types, names]) => types.test(type) && names.test(urn.split("::").at(-1) ?? ""));

const nameOf = ({ urn }: { urn: string }): string => urn.split("::").at(-1) ?? urn;

/** Stateful resources that one `up` or `destroy` could take away. */
export const unguarded = (resources: readonly StandingResource[]): string[] => [
  ...resources
    .filter((one) => isStateful(one) && !(one.protect === true && one.retainOnDelete === true))
    .map((one) => `${nameOf(one)} is not kept`),
  ...resources
    .filter((one) => costly.some((type) => type.test(one.type)) && one.protect !== true)
    .map((one) => `${nameOf(one)} is not protected`),
];

const goldens: Readonly<Record<Layer, string>> = {
  foundation: resolve(__dirname, "../components/foundation"),
  platform: resolve(__dirname, "../components/platform"),
};

/**
 * Type of the parent, type and name of a URN: what stays the same whatever stack it is in. The golden lists come from mocks,
 * which know the parent and nobody above.
 */
function identity(urn: string): string {
  const [types = "", name = ""] = urn.split("::").slice(2);
  return `${types.split("$").slice(-2).join("$")}::${name}`;
}

/** URNs of the golden lists that a state has no more, neither by themselves nor as the alias of another. */
export function vanished(example: RehearsedExample, planned: readonly string[] = []): string[] {
  return layers.flatMap((layer) => {
    const known = new Set(
      [...standing(example, layer).flatMap(({ urn, aliases = [] }) => [urn, ...aliases]), ...planned].map(identity),
    );
    return readFileSync(join(goldens[layer], `golden-urns.${example.name}.txt`), "utf8")
      .split("\n")
      .filter((urn) => urn !== "" && !known.has(identity(urn)));
  });
}

/** `Kind namespace/name` of all objects of the platform in the API server, sorted; what controllers made of them not. */
export async function objectsThere(example: RehearsedExample, kinds: readonly string[]): Promise<string[]> {
  const list = await example.kubectl(
    "get",
    kinds.join(","),
    "-A",
    "-l",
    "app.kubernetes.io/part-of=cloister",
    "-o",
    "json",
  );
  const { items } = JSON.parse(list) as {
    items: { kind: string; metadata: { name: string; namespace?: string; ownerReferences?: unknown[] } }[];
  };
  return items
    .filter(({ metadata }) => metadata.ownerReferences === undefined)
    .map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ""}/${metadata.name}`)
    .sort();
}

/** The same of a state. */
export function objectsInState(resources: readonly StandingResource[]): string[] {
  return resources
    .filter(({ type, custom }) => custom && type.startsWith("kubernetes:"))
    .map(({ type, inputs }) => {
      const { name, namespace } = inputs?.metadata as { name: string; namespace?: string };
      return `${type.split(":").at(-1) ?? type} ${namespace ?? ""}/${name}`;
    })
    .sort();
}

/** Names of the store's buckets, sorted. */
export async function bucketsThere({ endpoint, region, accessKeyId, secretAccessKey }: ObjectStore): Promise<string[]> {
  const s3 = new S3Client({ endpoint, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } });
  try {
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
    return Buckets.map(({ Name = "" }) => Name).sort();
  } finally {
    s3.destroy();
  }
}

export const bucketsInState = (resources: readonly StandingResource[]): string[] =>
  resources
    .filter(({ type }) => type === "aws:s3/bucket:Bucket")
    .map(({ id = "" }) => id)
    .sort();
