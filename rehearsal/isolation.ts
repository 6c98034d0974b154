import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";

/** What the rehearsal gives its processes instead of the person's own. Absolute paths. */
export interface OwnEnvironment {
  /** Stands in for the person's home; nothing of theirs is in it. */
  readonly home: string;
  /** Pulumi's home: plugins, credentials, workspaces. */
  readonly pulumiHome: string;
  /** The directory that holds the stacks' state, a `file://` backend. */
  readonly stateDirectory: string;
  /** The file with the passphrase that encrypts the stacks' secrets. */
  readonly passphraseFile: string;
  /** The kubeconfig of the rehearsal's own API server; it may not exist yet. */
  readonly kubeconfig: string;
  /** The cache of built tools: its default lies in the home that is taken away. */
  readonly cacheDirectory: string;
  /** Directories that come first on PATH. */
  readonly binaryDirectories?: readonly string[];
  /** Further variables, such as the credentials of a local object store. They win. */
  readonly variables?: Readonly<Record<string, string>>;
}

/**
 * The only variables that are handed down. A list of what is dropped would always miss the next credential; so
 * clouds, clusters, Pulumi, SSH and GPG agents, tokens and proxies go because they are not here. Proxies are not: what
 * the rehearsal talks to is on this machine, and without them nothing finds a way off it.
 */
const HANDED_DOWN: readonly RegExp[] = [
  /^(PATH|TZ|LANG|LANGUAGE|LC_[A-Z]+)$/,
  /^(TERM|COLORTERM|COLUMNS|LINES|NO_COLOR|FORCE_COLOR|CI)$/,
  /^(TMPDIR|TMP|TEMP|USER|LOGNAME|SHELL)$/,
  // Certificates to trust, not to show.
  /^(NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|SSL_CERT_DIR)$/,
];

/** The environment of everything a rehearsal starts: no account, cluster or backend of the person's is in it. Pure. */
export function isolatedEnvironment(ambient: NodeJS.ProcessEnv, own: OwnEnvironment): NodeJS.ProcessEnv {
  const kept = Object.entries(ambient).filter(([name]) => HANDED_DOWN.some((pattern) => pattern.test(name)));
  const { PATH: path, ...rest } = Object.fromEntries(kept);
  return {
    ...rest,
    PATH: [...(own.binaryDirectories ?? []), ...(path ? [path] : [])].join(delimiter),
    ...directories(own),
    ...clouds(own.home),
    ...pulumi(own),
    KUBECONFIG: own.kubeconfig,
    NO_PROXY: "127.0.0.1,localhost,::1",
    no_proxy: "127.0.0.1,localhost,::1",
    ...own.variables,
  };
}

function directories({ home, cacheDirectory }: OwnEnvironment): Record<string, string> {
  return {
    HOME: home,
    XDG_CONFIG_HOME: join(home, ".config"),
    XDG_DATA_HOME: join(home, ".local/share"),
    XDG_STATE_HOME: join(home, ".local/state"),
    XDG_CACHE_HOME: join(home, ".cache"),
    CLOISTER_CACHE: cacheDirectory,
    DOCKER_CONFIG: join(home, ".docker"),
    // Git asks the rehearsal's home for its settings, and nobody for a password.
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
  };
}

/** Some libraries find the real home without HOME: they are told files in ours, which are not there. */
function clouds(home: string): Record<string, string> {
  return {
    AWS_CONFIG_FILE: join(home, ".aws/config"),
    AWS_SHARED_CREDENTIALS_FILE: join(home, ".aws/credentials"),
    AWS_EC2_METADATA_DISABLED: "true",
    AZURE_CONFIG_DIR: join(home, ".azure"),
    CLOUDSDK_CONFIG: join(home, ".config/gcloud"),
  };
}

function pulumi(own: OwnEnvironment): Record<string, string> {
  return {
    PULUMI_HOME: own.pulumiHome,
    PULUMI_BACKEND_URL: pathToFileURL(own.stateDirectory).href,
    PULUMI_CONFIG_PASSPHRASE_FILE: own.passphraseFile,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_DISABLE_REGISTRY_RESOLVE: "true",
    // The system's keychain and a credential helper know the person: neither is asked.
    PULUMI_CREDENTIAL_STORE: "plaintext",
    PULUMI_CREDENTIAL_HELPER: "none",
  };
}
