/** One resource as the bare program registers it; others are named by their URN. */
export interface Registration {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly kind: "component" | "custom" | "provider";
  readonly inputs: unknown;
  readonly parent?: string;
  readonly provider?: string;
  readonly dependencies: readonly string[];
  readonly protect: boolean;
  readonly version?: string;
}

interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly parent?: string;
  /** URN and id. */
  readonly provider?: string;
  readonly dependencies?: readonly string[];
  readonly protect?: boolean;
}

/**
 * What a program must register to meet a state exactly, in an order in which everything stands before what names it.
 *
 * @param state export of a stack with its secrets in clear.
 */
export function registrationsOf(state: string): Registration[] {
  const { deployment } = JSON.parse(state) as { deployment: { resources: readonly StateResource[] } };
  return deployment.resources
    .filter(({ urn, type }) => type !== "pulumi:pulumi:Stack" && !isDefaultProvider(urn))
    .map((resource) => {
      const { urn, type, custom, parent, dependencies = [], protect = false } = resource;
      const { __internal, version, ...inputs } = resource.inputs ?? {};
      const isProvider = type.startsWith("pulumi:providers:");
      return {
        urn,
        type,
        name: urn.split("::").at(-1) ?? urn,
        kind: isProvider ? "provider" : custom ? "custom" : "component",
        inputs: isProvider ? inputs : (resource.inputs ?? {}),
        parent,
        provider: resource.provider?.split("::").slice(0, -1).join("::"),
        dependencies,
        protect,
        ...(isProvider && typeof version === "string" ? { version } : {}),
      };
    });
}

/** The engine makes these by itself. */
const isDefaultProvider = (urn: string): boolean => /::pulumi:providers:[^:]+::default/.test(urn);
