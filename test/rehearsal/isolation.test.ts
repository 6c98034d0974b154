import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { isolatedEnvironment, type OwnEnvironment } from "../../rehearsal/isolation";
import { StreamProgress } from "../../rehearsal/setup/progress";
import { prepareToolbox, type Toolbox } from "../../rehearsal/setup/toolbox";

let toolbox: Toolbox;
let root: string;
let trap: Server;
/** The paths that the trap was asked for. */
let asked: string[];

// Cached when `npm test` started this; else the first time takes minutes, and says so.
beforeAll(async () => (toolbox = await prepareToolbox(["kubernetes", "pulumi"], new StreamProgress())), 1_800_000);

beforeEach(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "cloister-isolation-")));
  asked = [];
  trap = createServer((request, response) => {
    asked.push(new URL(request.url ?? "", "http://trap").pathname);
    response.writeHead(403, { "Content-Type": "application/json" }).end("{}");
  });
  trap.listen(0, "127.0.0.1");
  await once(trap, "listening");
});

afterEach(async () => {
  trap.closeAllConnections();
  trap.close();
  await once(trap, "close");
  rmSync(root, { recursive: true, force: true });
});

const SECRET = "trap-secret";

/** What a person may have on their machine; everything in it leads to the trap or bears the trap's secret. */
function plantTraps(): NodeJS.ProcessEnv {
  const home = join(root, "person");
  const address = `http://127.0.0.1:${(trap.address() as AddressInfo).port}`;
  const cluster = { name: "trap", cluster: { server: address } };
  const kubeconfig = JSON.stringify({
    "current-context": "trap",
    clusters: [cluster],
    contexts: [{ name: "trap", context: { cluster: "trap", user: "trap" } }],
    users: [{ name: "trap", user: { token: SECRET } }],
  });
  const files = {
    ".aws/credentials": `[${SECRET}]\naws_access_key_id = ${SECRET}\naws_secret_access_key = ${SECRET}\n`,
    ".aws/config": `[profile ${SECRET}]\nregion = eu-central-1\nendpoint_url = ${address}\n`,
    ".kube/config": kubeconfig,
    ".pulumi/credentials.json": JSON.stringify({ current: address, accessTokens: { [address]: SECRET } }),
    ".docker/config.json": JSON.stringify({ auths: { "trap.test": { auth: SECRET } } }),
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), text);
  }
  return {
    PATH: process.env["PATH"],
    LANG: "C.UTF-8",
    HOME: home,
    XDG_CONFIG_HOME: join(home, ".config"),
    AWS_ACCESS_KEY_ID: SECRET,
    AWS_SECRET_ACCESS_KEY: SECRET,
    AWS_SESSION_TOKEN: SECRET,
    AWS_PROFILE: SECRET,
    AWS_ENDPOINT_URL: address,
    AWS_CONTAINER_CREDENTIALS_FULL_URI: address,
    KUBECONFIG: join(home, ".kube/config"),
    KUBERNETES_SERVICE_HOST: "127.0.0.1",
    PULUMI_ACCESS_TOKEN: SECRET,
    PULUMI_BACKEND_URL: address,
    PULUMI_API: address,
    PULUMI_CONFIG_PASSPHRASE: SECRET,
    PULUMI_STACK: SECRET,
    ARM_CLIENT_SECRET: SECRET,
    GOOGLE_CREDENTIALS: SECRET,
    GOOGLE_APPLICATION_CREDENTIALS: join(home, SECRET),
    VAULT_TOKEN: SECRET,
    GITHUB_TOKEN: SECRET,
    NPM_TOKEN: SECRET,
    SSH_AUTH_SOCK: join(home, SECRET),
    HTTPS_PROXY: address,
    http_proxy: address,
    ALL_PROXY: address,
    NODE_OPTIONS: "--no-warnings",
    NODE_EXTRA_CA_CERTS: "/etc/ssl/company.pem",
    A_CREDENTIAL_NOBODY_HAS_HEARD_OF: SECRET,
  };
}

const own = (): OwnEnvironment => ({
  home: join(root, "own/home"),
  pulumiHome: join(root, "own/pulumi"),
  stateDirectory: join(root, "own/state"),
  passphraseFile: join(root, "own/passphrase"),
  kubeconfig: join(root, "own/kubeconfig"),
  cacheDirectory: join(root, "cache"),
  binaryDirectories: [join(root, "own/bin"), "/opt/host"],
  variables: { CLOISTER_OWN: "1" },
});

interface Sighting {
  environment: Record<string, string>;
  aws: string;
  kubectl: string;
  pulumi: string;
  files: Record<string, boolean>;
}

/** Runs a program that looks for credentials with the real clients, and tries what they find. */
async function lookAround(environment: NodeJS.ProcessEnv): Promise<Sighting> {
  const args = ["--import", "tsx", join(__dirname, "look-around.ts"), toolbox.path("kubectl"), toolbox.path("pulumi")];
  const child = spawn(process.execPath, args, {
    env: environment,
    cwd: join(__dirname, "../.."),
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => (text += part));
  expect(await once(child, "close")).toEqual([0, null]);
  return JSON.parse(text) as Sighting;
}

/** Without the certificates that are not on this machine. */
function traps(): NodeJS.ProcessEnv {
  const { NODE_EXTRA_CA_CERTS: _, ...ambient } = plantTraps();
  return ambient;
}

test("the traps work: programs with the person's own environment fall into every one", async () => {
  const seen = await lookAround(traps());
  expect(seen.aws).toBe(SECRET);
  expect(Object.values(seen.files)).not.toContain(false);
  // The object store's list of buckets, the cluster's version and the backend's account.
  expect(asked).toEqual(expect.arrayContaining(["/", "/version", "/api/user"]));
});

test("programs under the rehearsal's environment see none of them and connect to none", async () => {
  mkdirSync(own().stateDirectory, { recursive: true });
  const seen = await lookAround(isolatedEnvironment(traps(), own()));
  expect(JSON.stringify(seen)).not.toContain(SECRET);
  expect(JSON.stringify(seen)).not.toContain(`:${(trap.address() as AddressInfo).port}`);
  expect(seen.aws).toBe("none");
  expect(seen.pulumi).toContain(`Backend URL: file://${own().stateDirectory}`);
  expect(Object.values(seen.files)).not.toContain(true);
  expect(asked).toEqual([]);
});

test("only what is listed is handed down", () => {
  const ambient = plantTraps();
  const isolated = isolatedEnvironment(ambient, own());
  const unchanged = Object.keys(ambient).filter((name) => isolated[name] === ambient[name]);
  expect(unchanged.sort()).toEqual(["LANG", "NODE_EXTRA_CA_CERTS"]);
  expect(isolated["PATH"]).toBe(`${join(root, "own/bin")}:/opt/host:${ambient["PATH"]}`);
});

test("the person's home, state, cluster and cache are replaced by the rehearsal's", () => {
  const isolated = isolatedEnvironment(plantTraps(), own());
  expect(isolated).toMatchObject({
    HOME: join(root, "own/home"),
    KUBECONFIG: join(root, "own/kubeconfig"),
    CLOISTER_CACHE: join(root, "cache"),
    PULUMI_HOME: join(root, "own/pulumi"),
    PULUMI_BACKEND_URL: `file://${join(root, "own/state")}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: join(root, "own/passphrase"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    AWS_EC2_METADATA_DISABLED: "true",
    CLOISTER_OWN: "1",
  });
});

test("the rehearsal's own variables win, and the ambient environment is left as it was", () => {
  const ambient = Object.freeze(plantTraps());
  const isolated = isolatedEnvironment(ambient, { ...own(), variables: { AWS_ACCESS_KEY_ID: "local", PATH: "/only" } });
  expect(isolated["AWS_ACCESS_KEY_ID"]).toBe("local");
  expect(isolated["PATH"]).toBe("/only");
});

test("a machine without a PATH gets no empty entry, which would mean the current directory", () => {
  expect(isolatedEnvironment({}, own())["PATH"]).toBe(`${join(root, "own/bin")}:/opt/host`);
});
