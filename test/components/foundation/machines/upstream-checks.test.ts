import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { authorityFiles, clusterFilesOf } from "../../../../components/foundation/machines/cluster-files";
import type { MachineSecrets } from "../../../../components/foundation/machines/machine-secrets";
import { openerFiles, sealIterations } from "../../../../components/foundation/machines/sealed-authorities";
import { writeBootMedia, type Medium } from "../../../../scripts/boot-media/boot-media";
import { SILENT_PROGRESS } from "../../../../rehearsal/setup/progress";
import { debianPrograms, type DebianPrograms } from "../colocation/debian-programs";
import { makeMachineSecrets, siteNamed } from "./machine-secrets";

/** cloud-init with what it imports, netplan's generator, and two readers of volumes that know nothing of our writer. */
const packages = [
  ...["cloud-init", "python3-jsonschema", "python3-attr", "python3-pyrsistent", "python3-yaml", "python3-configobj"],
  ...["python3-jinja2", "python3-markupsafe", "python3-jsonpatch", "python3-json-pointer", "python3-oauthlib"],
  ...["python3-requests", "python3-urllib3", "python3-idna", "python3-certifi", "python3-chardet"],
  ...["python3-charset-normalizer", "python3-six", "python3-netifaces", "python3-serial", "python3-pkg-resources"],
  ...["netplan.io", "libnetplan0", "libarchive-tools", "libarchive13", "genisoimage"],
];

const found = debianPrograms("machines", packages);
const root = typeof found === "string" ? "" : (found as unknown as { root: string }).root;
const programs = found as DebianPrograms;
const folder = mkdtempSync(join(tmpdir(), "cloister-machines-"));
const names = ["on-prem", "colocation"] as const;
const passphrase = "a passphrase for the test";
const media = new Map<string, Medium[]>();
let secrets: MachineSecrets;

const python = (args: readonly string[]) =>
  programs.run("/usr/bin/python3", args, { env: { PYTHONPATH: join(root, "usr/lib/python3/dist-packages") } });
const missing = ((): string | undefined => {
  if (typeof found === "string") return found;
  const tried = python(["-m", "cloudinit.cmd.main", "--version"]);
  return tried.status === 0
    ? undefined
    : `cloud-init does not run: ${tried.error?.message ?? tried.stderr.trim().split("\n").at(-1)}`;
})();

beforeAll(async () => {
  for (const name of names) {
    const environment = siteNamed(name);
    secrets = await makeMachineSecrets(environment);
    const image = `${environment.footprint.registry.host}/kube-vip/kube-vip@sha256:${"0".repeat(64)}`;
    const args = { environment, secrets, kubeVip: image, collector: image, passphrase, folder: join(folder, name) };
    media.set(name, await writeBootMedia({ ...args, progress: SILENT_PROGRESS }));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

const all = () => names.flatMap((name) => media.get(name) ?? []);
const unpacked = ({ path, machine }: Medium): string => {
  const target = `${path}.files`;
  if (existsSync(target)) return target;
  mkdirSync(target);
  const { status, stderr } = programs.run("bsdtar", ["-x", "-C", target, "-f", path]);
  expect([machine, status, stderr]).toEqual([machine, 0, ""]);
  return target;
};
const seedFile = (medium: Medium, name: string) => readFileSync(join(unpacked(medium), name), "utf8");
const autoinstallOf = (medium: Medium) =>
  (parse(seedFile(medium, "user-data")) as { autoinstall: { "user-data": object; "late-commands": string[] } })
    .autoinstall;

it.runIf(missing !== undefined)("is not exercised: upstream's programs are not available on this machine", () => {
  console.warn(`cloud-init, netplan and readers of volumes were not exercised: ${missing}.`);
});

describe.runIf(missing === undefined)("upstream's own programs accept what a machine is given", () => {
  it("libarchive and isoinfo: the volume is a NoCloud seed, and its files come back as they were", () => {
    for (const medium of all()) {
      const image = readFileSync(medium.path);
      expect(createHash("sha256").update(image).digest("hex")).toBe(medium.sha256);
      const { stdout } = programs.run("isoinfo", ["-d", "-i", medium.path]);
      expect(stdout).toMatch(/^Volume id: CIDATA$/m);
      const listed = programs.run("isoinfo", ["-J", "-f", "-i", medium.path]).stdout.trim().split("\n");
      expect(listed.map((name) => name.replace(/;1$/, "")).sort()).toEqual([
        "/meta-data",
        "/network-config",
        "/user-data",
      ]);
      expect(seedFile(medium, "user-data")).toMatch(/^#cloud-config\nautoinstall:\n/);
      expect(parse(seedFile(medium, "meta-data"))).toMatchObject({ "local-hostname": medium.machine });
    }
  });

  it("cloud-init: the seed, and the first boot within", () => {
    // One of each kind: first server, another server, machine with GPUs.
    const kinds = all().filter(({ machine }) => ["server-1", "server-2", "gpu-1"].includes(machine));
    const files = kinds.flatMap((medium) => {
      const first = join(unpacked(medium), "first-boot");
      writeFileSync(first, `#cloud-config\n${stringify(autoinstallOf(medium)["user-data"])}`);
      return [join(unpacked(medium), "user-data"), first];
    });
    // One process for all of them: each start of Python costs a second.
    const judge = [
      "import sys, yaml",
      "from cloudinit.config.schema import get_schema, validate_cloudconfig_schema as check",
      "schema = get_schema()",
      "for path in sys.argv[1:]: check(yaml.safe_load(open(path)), schema, strict=True)",
      "try: check({'users': []}, schema, strict=True)",
      "except Exception: print('judged', len(sys.argv) - 1)",
    ].join("\n");
    const { status, stdout, stderr } = python(["-c", judge, ...files]);
    expect([status, stderr, stdout.trim()]).toEqual([0, "", `judged ${files.length}`]);
  }, 30_000);

  it("netplan: the network of every machine, and none leads to a default route but nowhere", () => {
    const generate = ["usr/libexec/netplan/generate", "usr/lib/netplan/generate"]
      .map((path) => join(root, path))
      .find(existsSync)!;
    for (const medium of all()) {
      const target = join(folder, "netplan", medium.machine);
      mkdirSync(join(target, "etc/netplan"), { recursive: true });
      const text = stringify({ network: parse(seedFile(medium, "network-config")) as object });
      writeFileSync(join(target, "etc/netplan/50-seed.yaml"), text, { mode: 0o600 });
      const { status, stderr } = programs.run(generate, ["--root-dir", target]);
      expect([medium.machine, status, stderr]).toEqual([medium.machine, 0, ""]);
      const units = join(target, "run/systemd/network");
      expect(readFileSync(join(units, "10-netplan-nowhere.network"), "utf8")).toContain("ConfigureWithoutCarrier=yes");
      expect(readFileSync(join(units, "10-netplan-lan0.network"), "utf8")).not.toContain("0.0.0.0/0");
      rmSync(target, { recursive: true });
    }
  });
});

const has = (command: string) => spawnSync(command, ["version"]).error === undefined;

describe("the shell of a machine", () => {
  it("reads every command of the install and the opener of the authorities", () => {
    const scripts = Object.values(openerFiles).filter((text) => text.startsWith("#!"));
    for (const text of scripts) expect(spawnSync("sh", ["-n"], { input: text, encoding: "utf8" }).stderr).toBe("");
    for (const medium of missing === undefined ? all() : []) {
      // Each is a command of its own, so one that leaves a quote open is noticed by the next.
      const commands = autoinstallOf(medium)["late-commands"].map((command) => `{ ${command}\n}\n`);
      expect(spawnSync("sh", ["-n"], { input: commands.join(""), encoding: "utf8" }).stderr).toBe("");
    }
  });

  it.runIf(has("openssl") && missing === undefined)(
    "opens the authorities with openssl and their passphrase, and with no other",
    () => {
      const [first] = media.get("on-prem") ?? [];
      interface File {
        readonly path: string;
        readonly content: string;
      }
      const { write_files: files } = autoinstallOf(first!)["user-data"] as { write_files: readonly File[] };
      const sealed = join(folder, "sealed");
      writeFileSync(sealed, Buffer.from(files.find(({ path }) => path.endsWith(".sealed"))!.content, "base64"));
      const open = (input: string) => {
        const args = ["enc", "-d", "-aes-256-cbc", "-pbkdf2", "-iter", String(sealIterations), "-md", "sha256"];
        const out = join(folder, randomBytes(6).toString("hex"));
        const { status } = spawnSync("openssl", [...args, "-pass", "stdin", "-in", sealed, "-out", out], { input });
        return { status, out };
      };
      const { status, out } = open(`${passphrase}\n`);
      expect(status).toBe(0);
      const target = join(folder, "opened");
      mkdirSync(target);
      expect(spawnSync("tar", ["-x", "-C", target, "-f", out], { encoding: "utf8" }).stderr).toBe("");
      const authorities = authorityFiles(clusterFilesOf(siteNamed("on-prem"), secrets));
      expect(Object.keys(authorities).filter((path) => !existsSync(join(target, path)))).toEqual([]);
      expect(readFileSync(join(target, Object.keys(authorities)[1]!), "utf8")).toContain("key of the authority server");
      // One wrong passphrase in 256 pads well by chance: then what came out is no archive.
      const wrong = open("another passphrase\n");
      expect(wrong.status === 0 && spawnSync("tar", ["-tf", wrong.out]).status === 0).toBe(false);
    },
  );
});
