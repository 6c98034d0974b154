/** An image that nobody locked: no such digest can be. */
export const strangeDigest = `sha256:${"0".repeat(64)}`;

interface Probe {
  readonly what: string;
  readonly object: object;
  /** What stood before; null where it is new. */
  readonly oldObject: object | null;
}

const container = (image: string) => ({ name: "probe", image });
const podWith = (spec: object) => ({ apiVersion: "v1", kind: "Pod", metadata: { name: "probe" }, spec });

/** Where a pod can name an image. */
const places = (image: string, known: string): readonly (readonly [string, object])[] => {
  const containers = [container(known)];
  return [
    ["a container", { containers: [container(image)] }],
    ["a second container", { containers: [...containers, container(image)] }],
    ["an initial container", { containers, initContainers: [container(image)] }],
    ["an ephemeral container", { containers, ephemeralContainers: [container(image)] }],
    ["an image volume", { containers, volumes: [{ name: "probe", image: { reference: image } }] }],
  ];
};

/**
 * Pods that run a strange image in every place there is. An admission policy that holds images to a lock refuses all of them.
 *
 * @param known an image that may run, which stands beside the strange one.
 */
export function probesWith(image: string, known: string): Probe[] {
  const before = podWith({ containers: [container(known)] });
  return places(image, known).flatMap(([what, spec]) => [
    { what: `${what} of a new pod`, object: podWith(spec), oldObject: null },
    { what: `${what} of a changed pod`, object: podWith(spec), oldObject: before },
  ]);
}
