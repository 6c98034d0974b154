import type { Pod } from "./workload";
import type { Properties } from "../rule";

const digestAtEnd = /sha256:[0-9a-f]{64}$/;

/** Digest of the weights a pod serves: of the image volume they are mounted from, or else what it says of them. */
export function weightsDigestOf({ metadata, spec }: Pod): string | undefined {
  const mounted = ((spec.volumes ?? []) as Properties[])
    .map((volume) => digestAtEnd.exec(String(volume?.image?.reference ?? ""))?.[0])
    .find((digest) => digest !== undefined);
  return mounted ?? digestAtEnd.exec(String(metadata.annotations?.["cloister.dev/model-digest"] ?? ""))?.[0];
}
