/** How a service takes part in a network. */
export interface ComposeServiceNetwork {
  readonly aliases?: readonly string[];
}

export interface ComposeMount {
  readonly type: "volume" | "image";
  /** Name of a top-level volume, or reference of an image. */
  readonly source: string;
  /** Absolute path in the container. */
  readonly target: string;
  readonly read_only?: boolean;
  readonly volume?: { readonly nocopy?: boolean; readonly subpath?: string };
  readonly image?: { readonly subpath: string };
}

/** One file of a ConfigMap or of a Secret in a container. */
export interface ComposeFileMount {
  /** Name of the top-level config or secret. */
  readonly source: string;
  /** Absolute path in the container. */
  readonly target: string;
}

export interface ComposeHealthcheck {
  /** Nothing is asked, not even what the image itself would. */
  readonly disable?: true;
  readonly test?: readonly string[];
  readonly interval?: string;
  readonly timeout?: string;
  readonly retries?: number;
  readonly start_period?: string;
  readonly start_interval?: string;
}

export interface ComposeDevice {
  readonly driver: string;
  readonly count: number;
  readonly capabilities: readonly string[];
}

export interface ComposeResources {
  readonly limits?: { readonly cpus?: string; readonly memory?: string };
  readonly reservations?: {
    readonly cpus?: string;
    readonly memory?: string;
    readonly devices?: readonly ComposeDevice[];
  };
}

/**
 * A service, as far as this kit writes one. Texts that people or manifests gave are escaped: Compose reads `$` as the
 * beginning of a variable, and `$$` as the sign.
 */
export interface ComposeService {
  readonly image: string;
  readonly pull_policy?: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly working_dir?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly hostname?: string;
  readonly user?: string;
  readonly group_add?: readonly string[];
  readonly privileged?: boolean;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly networks?: Readonly<Record<string, ComposeServiceNetwork>>;
  readonly network_mode?: string;
  readonly expose?: readonly string[];
  readonly ports?: readonly {
    readonly target: number;
    readonly published: string;
    readonly host_ip: string;
    readonly protocol: string;
  }[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string; readonly restart?: boolean }>>;
  readonly restart?: string;
  readonly volumes?: readonly ComposeMount[];
  readonly tmpfs?: readonly string[];
  readonly shm_size?: string;
  readonly configs?: readonly ComposeFileMount[];
  readonly secrets?: readonly ComposeFileMount[];
  readonly healthcheck?: ComposeHealthcheck;
  readonly stop_signal?: string;
  readonly stop_grace_period?: string;
  readonly pre_stop?: readonly { readonly command: readonly string[] }[];
  readonly deploy?: { readonly resources: ComposeResources };
  /** Memory and swap together, bytes. */
  readonly memswap_limit?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface ComposeNetwork {
  readonly internal: boolean;
  readonly driver_opts?: Readonly<Record<string, string>>;
  readonly ipam: { readonly config: readonly { readonly subnet: string }[] };
}

export interface ComposeVolume {
  readonly driver_opts?: Readonly<Record<string, string>>;
  /** `user:group` that must own the volume's root before a container starts: an engine makes it root's. */
  readonly "x-cloister-owner"?: string;
}

/** A file in the format of the Compose Specification. */
export interface ComposeFile {
  readonly name: string;
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<string, ComposeNetwork>>;
  readonly volumes: Readonly<Record<string, ComposeVolume>>;
  readonly configs: Readonly<Record<string, { readonly file: string }>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

/** A text as Compose must read it so that it means itself. */
export const escaped = (text: string): string => text.replaceAll("$", "$$$$");

/** Each value of a map, escaped. */
export const escapedValues = (texts: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, escaped(text)]));
