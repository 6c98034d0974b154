import type { DataClassName } from "./data-classes";
import type { ZoneName } from "./zones";

/** What names an object: its zone, its application within the zone, and the data it holds. */
export interface LabelArgs {
  readonly zone: ZoneName;
  /** The application, such as `envoy`; flows select pods by it. */
  readonly app?: string;
  readonly dataClass?: DataClassName;
}

/** The recommended labels of Kubernetes plus the two of the kit, on every object the platform makes. */
export function labelsOf({ zone, app, dataClass }: LabelArgs): Record<string, string> {
  return {
    ...(app === undefined ? {} : { "app.kubernetes.io/name": app }),
    "app.kubernetes.io/part-of": "cloister",
    "app.kubernetes.io/managed-by": "pulumi",
    "cloister.dev/zone": zone,
    ...(dataClass === undefined ? {} : { "cloister.dev/data-class": dataClass }),
  };
}

/** The subset of labels that a selector may use: it never changes over an object's life. */
export function selectorOf(zone: ZoneName, app: string): Record<string, string> {
  return { "app.kubernetes.io/name": app, "cloister.dev/zone": zone };
}
