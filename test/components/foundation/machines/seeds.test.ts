import { createHash, X509Certificate } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { auditLogPods } from "../../../../components/flows";
import { authorityFiles, clusterFilesOf } from "../../../../components/foundation/machines/cluster-files";
import { storageActions } from "../../../../components/foundation/machines/disks";
import { inStartOrder, type Machine } from "../../../../components/foundation/machines/machine";
import type { MachineSecrets } from "../../../../components/foundation/machines/machine-secrets";
import { clusterInterface, networkConfig } from "../../../../components/foundation/machines/network-config";
import { rke2Config, type Rke2Config } from "../../../../components/foundation/machines/rke2-config";
import { seedOf } from "../../../../components/foundation/machines/seeds";
import { makeMachineSecrets, siteNamed } from "./machine-secrets";
import { agentKeys, autoinstallSections, sameOnAllServers, serverKeys } from "./rke2-keys";

const names = ["on-prem", "colocation"] as const;
const secretsOf = new Map<string, MachineSecrets>();
const kubeVip = `registry.example.internal/kube-vip/kube-vip@sha256:${"0".repeat(64)}`;
const collector = `registry.example.internal/otel/opentelemetry-collector-contrib@sha256:${"1".repeat(64)}`;
const sealedAuthorities = Buffer.from("sealed");

beforeAll(async () => {
  for (const name of names) secretsOf.set(name, await makeMachineSecrets(siteNamed(name)));
});

const secrets = (name: string): MachineSecrets => secretsOf.get(name)!;
const machineOf = (name: (typeof names)[number], machine: string): Machine =>
  siteNamed(name).footprint.machines.find((candidate) => candidate.name === machine)!;
const seed = (name: (typeof names)[number], machine: string) =>
  seedOf({
    environment: siteNamed(name),
    machine: machineOf(name, machine),
    secrets: secrets(name),
    kubeVip,
    collector,
    sealedAuthorities,
  });

interface Autoinstall {
  readonly "user-data": {
    readonly write_files: readonly { readonly path: string; readonly permissions: string; readonly content: string }[];
    readonly runcmd: readonly (readonly string[])[];
  };
  readonly "late-commands": readonly string[];
  readonly [section: string]: unknown;
}
interface AuditLogPod {
  readonly containers: readonly {
    readonly volumeMounts: readonly { readonly name: string; readonly readOnly?: boolean }[];
  }[];
  readonly volumes: readonly { readonly hostPath?: { readonly path: string } }[];
}
const parsed = new Map<string, Autoinstall>();
function autoinstallOf(name: (typeof names)[number], machine: string): Autoinstall {
  const key = `${name} ${machine}`;
  const known =
    parsed.get(key) ?? (parse(seed(name, machine)["user-data"]) as { autoinstall: Autoinstall }).autoinstall;
  parsed.set(key, known);
  return known;
}
const filesOf = (name: (typeof names)[number], machine: string): Map<string, string> =>
  new Map(autoinstallOf(name, machine)["user-data"].write_files.map(({ path, content }) => [path, content]));
const manifests = (text = "") =>
  text
    .split(/^---\n/m)
    .slice(1)
    .map((part) => parse(part) as Record<string, unknown>);

describe("RKE2's configuration", () => {
  it.each(names)("uses keys of its documentation alone, in %s", (name) => {
    const environment = siteNamed(name);
    for (const machine of environment.footprint.machines) {
      const keys = Object.keys(rke2Config(environment, machine, secrets(name)));
      const documented = machine.role === "server" ? serverKeys : agentKeys;
      expect(keys.filter((key) => !documented.includes(key))).toEqual([]);
    }
  });

  it("is the same on every server where it must be", () => {
    const environment = siteNamed("on-prem");
    const servers = environment.footprint.machines.filter(({ role }) => role === "server");
    const shared = (config: Rke2Config) => sameOnAllServers.map((key) => config[key]);
    const [first, ...others] = servers.map((machine) => shared(rke2Config(environment, machine, secrets("on-prem"))));
    for (const other of others) expect(other).toEqual(first);
  });

  it("has the first server begin the cluster, and all others join by a token that names its root", () => {
    const environment = siteNamed("on-prem");
    const config = (machine: string) => rke2Config(environment, machineOf("on-prem", machine), secrets("on-prem"));
    expect([config("server-1").server, config("server-1").token]).toEqual([undefined, "the-server-token"]);
    const root = new X509Certificate(secrets("on-prem").clusterRoot).raw;
    const hash = createHash("sha256").update(root).digest("hex");
    expect([config("server-2").server, config("server-2").token]).toEqual([
      "https://10.20.0.10:9345",
      `K10${hash}::server:the-server-token`,
    ]);
    expect(config("gpu-1").token).toBe(`K10${hash}::node:the-agent-token`);
    expect(JSON.stringify(config("gpu-1"))).not.toContain("the-server-token");
  });

  it("marks machines so that pods find GPUs and keep off the control plane", () => {
    const config = (machine: string) =>
      rke2Config(siteNamed("on-prem"), machineOf("on-prem", machine), secrets("on-prem"));
    expect(config("gpu-1")["node-label"]).toContain("cloister.dev/pool=l40s");
    expect(config("gpu-1")["node-taint"]).toEqual(["nvidia.com/gpu=present:NoSchedule"]);
    expect(config("worker-1")["node-taint"]).toBeUndefined();
    expect(config("server-3")["node-taint"]).toEqual(["node-role.kubernetes.io/control-plane=true:NoSchedule"]);
  });
});

describe("the seed", () => {
  it.each(names)("uses sections of the installer's documentation alone, each of its type, in %s", (name) => {
    for (const machine of siteNamed(name).footprint.machines) {
      const sections = Object.entries(autoinstallOf(name, machine.name));
      const kind = (value: unknown) => (Array.isArray(value) ? "list" : typeof value);
      for (const [section, value] of sections)
        expect([section, kind(value)]).toEqual([section, autoinstallSections[section]]);
    }
  });

  it("lets nobody log in and nothing be fetched", () => {
    const install = autoinstallOf("on-prem", "worker-1");
    expect(install.ssh).toEqual({ "install-server": false, "allow-pw": false });
    expect(install.apt).toMatchObject({ fallback: "offline-install" });
    expect(install.identity).toBeUndefined();
    expect(install["user-data"]).toMatchObject({ users: [{ name: "root", lock_passwd: true }], disable_root: true });
    const masked = install["user-data"].runcmd.find((command) => command[1] === "mask");
    expect(masked).toEqual(expect.arrayContaining(["ssh.service", "unattended-upgrades.service"]));
  });

  it("carries the authorities on the first server's medium alone, and never in clear", () => {
    for (const { name } of siteNamed("on-prem").footprint.machines) {
      const { "user-data": text } = seed("on-prem", name);
      expect([name, text.includes("authorities.sealed")]).toEqual([name, name === "server-1"]);
      expect([name, /key of the (authority|service)/.test(text)]).toEqual([name, false]);
    }
  });

  it("gives a machine no other machine's secrets, and an agent nothing of the control plane", () => {
    const text = seed("on-prem", "gpu-1")["user-data"];
    expect(text).toContain("opens-the-disks-of-gpu-1");
    expect(text).not.toMatch(/opens-the-disks-of-(?!gpu-1)/);
    expect(text).not.toContain(secrets("on-prem").encryptionKey);
    expect([...filesOf("on-prem", "gpu-1").keys()].filter((path) => path.includes("/server/"))).toEqual([]);
  });

  it("hides whatever is secret from everybody but root", () => {
    const open = autoinstallOf("on-prem", "server-1")["user-data"].write_files.filter(
      ({ permissions }) => permissions.slice(2) !== "00",
    );
    const revealing = /token|PRIVATE KEY|secretbox/;
    expect(open.filter(({ content }) => revealing.test(content)).map(({ path }) => path)).toEqual([]);
  });

  it("lays the very documents that a rehearsal's control plane starts from", () => {
    const { documents } = clusterFilesOf(siteNamed("on-prem"), secrets("on-prem"));
    const files = filesOf("on-prem", "server-2");
    for (const [name, text] of Object.entries(documents)) {
      expect(files.get(`/etc/rancher/rke2/cloister/${name}.yaml`)).toBe(text);
    }
    const config = parse(files.get("/etc/rancher/rke2/config.yaml") ?? "") as Record<string, unknown>;
    const named = JSON.stringify([
      config["audit-policy-file"],
      config["pod-security-admission-config-file"],
      config["kube-apiserver-arg"],
    ]);
    for (const name of Object.keys(documents)) expect(named).toContain(`/etc/rancher/rke2/cloister/${name}.yaml`);
  });

  it("names the authorities as RKE2 looks for them", () => {
    const base = "/var/lib/rancher/rke2/server/tls/";
    const paths = Object.keys(authorityFiles(clusterFilesOf(siteNamed("on-prem"), secrets("on-prem"))));
    const pairs = ["server-ca", "client-ca", "request-header-ca", "etcd/server-ca", "etcd/peer-ca"];
    expect(paths).toEqual([
      ...pairs.flatMap((pair) => [`${base}${pair}.crt`, `${base}${pair}.key`]),
      `${base}service.key`,
    ]);
  });

  it("asks the private registry alone, with TLS on both sides", () => {
    const registries = parse(filesOf("on-prem", "gpu-1").get("/etc/rancher/rke2/registries.yaml") ?? "") as object;
    expect(registries).toEqual({
      mirrors: { "*": { endpoint: ["https://registry.ams1.example.internal:5000"] } },
      configs: {
        "registry.ams1.example.internal:5000": {
          tls: {
            ca_file: "/etc/rancher/rke2/registry/ca.crt",
            cert_file: "/etc/rancher/rke2/registry/machine.crt",
            key_file: "/etc/rancher/rke2/registry/machine.key",
          },
        },
      },
    });
  });

  it("gives the API's virtual address to kube-vip, which may touch one lease and nothing else", () => {
    const files = filesOf("on-prem", "server-1");
    const objects = manifests(files.get("/var/lib/rancher/rke2/server/manifests/cloister-kube-vip.yaml"));
    const role = objects.find(({ kind }) => kind === "Role") as { rules: { resources: string[]; verbs: string[] }[] };
    expect(new Set(role.rules.flatMap(({ resources }) => resources))).toEqual(new Set(["leases"]));
    expect(objects.map(({ kind }) => kind)).not.toContain("ClusterRole");
    expect(JSON.stringify(objects)).toContain(kubeVip);
    expect(JSON.stringify(objects)).toContain('{"name":"address","value":"10.20.0.10"}');
  });

  it("has the API server's log read on each server, by pods that see it and their own, and can do nothing else", () => {
    for (const machine of ["server-1", "server-2"]) {
      const files = filesOf("on-prem", machine);
      const objects = manifests(files.get("/var/lib/rancher/rke2/server/manifests/cloister-audit-log.yaml"));
      expect(objects.map(({ kind }) => kind)).toEqual(["ServiceAccount", "ConfigMap", "DaemonSet"]);
      const { template } = objects[2]!["spec"] as { template: { metadata: object; spec: AuditLogPod } };
      expect(template.metadata).toEqual({ labels: auditLogPods.labels });
      const [container] = template.spec.containers;
      expect(container).toMatchObject({
        image: collector,
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
      });
      expect(template.spec).toMatchObject({ automountServiceAccountToken: false });
      expect(template.spec).not.toHaveProperty("hostNetwork");
      const paths = template.spec.volumes.flatMap(({ hostPath }) => hostPath?.path ?? []);
      expect(paths).toEqual([
        "/etc/rancher/rke2/audit-log",
        "/var/lib/rancher/rke2/server/logs",
        "/var/lib/cloister/audit-log",
      ]);
      expect(container?.volumeMounts.filter(({ readOnly }) => readOnly !== true).map(({ name }) => name)).toEqual([
        "data",
      ]);
      expect(files.get("/etc/rancher/rke2/audit-log/collector.crt")).toContain("BEGIN CERTIFICATE");
    }
    expect([...filesOf("on-prem", "gpu-1").keys()].filter((path) => path.includes("audit-log"))).toEqual([]);
  });
});

describe("the disks", () => {
  const layout = (machine: Machine) => storageActions(machine, "the-passphrase");
  const machine = {
    ...machineOf("on-prem", "gpu-1"),
    dataDisks: ["DISK-2", "/dev/disk/by-path/pci-0000:01:00.0-nvme-1"],
  };

  it("are encrypted but for what starts the machine", () => {
    const actions = new Map(layout(machine).map((action) => [action.id, action]));
    const mounts = [...actions.values()].filter(({ type }) => type === "mount");
    const within = (id: unknown): boolean => {
      const action = actions.get(String(id));
      if (action === undefined) return false;
      if (action.type === "dm_crypt") return true;
      const below = [
        action.device,
        action.volume,
        action.volgroup,
        ...((action.devices as unknown[] | undefined) ?? []),
      ];
      return below.some((next) => next !== undefined && within(next));
    };
    expect(mounts.filter(({ id }) => !within(id)).map(({ path }) => path)).toEqual(["/boot/efi", "/boot"]);
    expect(actions.get("data-group")?.devices).toEqual(["cloister-data-1-crypt", "cloister-data-2-crypt"]);
    expect(within("data-group")).toBe(true);
  });

  it("refer to what stands before them, once", () => {
    const seen = new Set<string>();
    for (const action of layout(machine)) {
      const below = [
        action.device,
        action.volume,
        action.volgroup,
        ...((action.devices as unknown[] | undefined) ?? []),
      ];
      for (const id of below) if (id !== undefined) expect(seen).toContain(id);
      expect(seen).not.toContain(action.id);
      seen.add(action.id);
    }
  });

  it("are bound to what opens them: the machine's TPM in a rack, the company's key servers in a cage", () => {
    const binding = (name: (typeof names)[number]) =>
      autoinstallOf(name, "server-1")["late-commands"].filter((command) => command.includes("clevis luks bind"));
    expect(binding("on-prem")).toHaveLength(1);
    expect(binding("on-prem")[0]).toMatch(/by-partlabel\/cloister-system.* tpm2 .*pcr_ids/);
    expect(binding("colocation")[0]).toMatch(/by-partlabel\/cloister-system.* sss .*tang/);
  });
});

describe("the network", () => {
  const footprint = siteNamed("on-prem").footprint;
  const machine = machineOf("on-prem", "gpu-1");

  it("has no default route but the one to nowhere", () => {
    const config = networkConfig(footprint, machine);
    const { nowhere, ...bridges } = config.bridges;
    expect(nowhere).toMatchObject({ interfaces: [] });
    expect(JSON.stringify([bridges, config.ethernets])).not.toMatch(/default|0\.0\.0\.0\/0|gateway/);
  });

  it("bonds two cards, and tags where the switches expect it", () => {
    const tagged = {
      ...footprint,
      network: { ...footprint.network, vlan: 20, storage: { cidr: "10.22.0.0/24", vlan: 40 } },
    };
    const two = { ...machine, macs: ["02:00:00:00:00:01", "02:00:00:00:00:02"], storageAddress: "10.22.0.31" };
    const config = networkConfig(tagged, two);
    expect(config.bonds?.lanbond).toMatchObject({ interfaces: ["lan0", "lan1"] });
    expect(config.bonds?.lanbond).not.toHaveProperty("addresses");
    expect(config.vlans).toMatchObject({
      "lanbond.20": { id: 20, link: "lanbond", addresses: ["10.20.0.31/22"] },
      "lanbond.40": { id: 40, link: "lanbond", addresses: ["10.22.0.31/24"] },
    });
    expect(clusterInterface(tagged, two)).toBe("lanbond.20");
  });
});

it("starts the first server first, then the others, then the agents", () => {
  const shuffled = {
    ...siteNamed("on-prem").footprint,
    machines: [...siteNamed("on-prem").footprint.machines].reverse(),
  };
  expect(inStartOrder(shuffled).map(({ role }) => role)).toEqual([
    ...Array<string>(3).fill("server"),
    ...Array<string>(4).fill("agent"),
  ]);
});
