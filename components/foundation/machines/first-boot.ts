import { asYaml } from "./as-yaml";
import type { OnSiteEnvironment } from "../on-site/on-site-plan";
import { auditLogFiles, auditLogManifests } from "./audit-log";
import { ciliumManifests } from "./cilium";
import { clusterFilesOf, documentPath } from "./cluster-files";
import type { ApiServerDocuments } from "./api-server-documents";
import { hardeningFiles, maskedUnits } from "./hardening";
import { kubeVipManifests } from "./kube-vip";
import { firstServer, type Machine } from "./machine";
import type { MachineSecrets } from "./machine-secrets";
import { operatorManifests } from "./operators";
import { registriesConfig, registryFiles } from "./registries";
import { rke2Config } from "./rke2-config";
import { rke2Paths } from "./rke2-paths";
import { siteMachine } from "./site-machine";
import { openerExecutables, openerFiles, openerUnit, sealedPath } from "./sealed-authorities";

export interface FirstBootArgs {
  readonly environment: OnSiteEnvironment;
  readonly machine: Machine;
  readonly secrets: MachineSecrets;
  /** Reference of kube-vip by digest. */
  readonly kubeVip: string;
  /** Reference of the collector by digest. */
  readonly collector: string;
  /** The cluster's authorities, sealed: the first server's seed carries them, and no other. */
  readonly sealedAuthorities?: Buffer;
}

/** A file that cloud-init writes. */
interface WrittenFile {
  readonly path: string;
  readonly permissions: string;
  readonly content: string;
  readonly encoding?: "b64";
}

const documents = (items: readonly object[]): string => items.map((item) => `---\n${asYaml(item)}`).join("");

const isFirst = ({ environment, machine }: FirstBootArgs) => firstServer(environment.footprint).name === machine.name;

/** What the control plane of one server reads, besides what every machine has. */
function serverFiles(args: FirstBootArgs): Record<string, string> {
  const { environment, secrets, kubeVip, collector } = args;
  const cluster = clusterFilesOf(environment, secrets);
  const names = Object.keys(cluster.documents) as (keyof ApiServerDocuments)[];
  const manifest = (name: string) => `${rke2Paths.manifests}/${name}.yaml`;
  return {
    ...Object.fromEntries(names.map((name) => [documentPath(name), cluster.documents[name]])),
    // Before the chart is installed; a server that joins later finds the same.
    [manifest("cloister-cilium")]: documents(ciliumManifests(environment)),
    [manifest("cloister-kube-vip")]: documents(kubeVipManifests(environment, kubeVip)),
    [manifest("cloister-audit-log")]: documents(auditLogManifests(collector)),
    ...auditLogFiles(secrets),
    [manifest("cloister-operators")]: documents(operatorManifests),
    ...(isFirst(args) ? openerFiles : {}),
  };
}

/** Every file of a machine that is text: absolute path to content. */
export function machineFiles(args: FirstBootArgs): Record<string, string> {
  const { environment, machine, secrets } = args;
  const { footprint } = environment;
  return {
    [rke2Paths.configuration]: asYaml(rke2Config(environment, machine, secrets)),
    [rke2Paths.registries]: asYaml(registriesConfig(footprint.registry.host)),
    ...registryFiles(secrets, machine.name),
    ...hardeningFiles(footprint.network.ntp),
    ...(machine.role === "server" ? serverFiles(args) : {}),
  };
}

const readable = /^\/etc\/(sysctl\.d|modprobe\.d|modules-load\.d|systemd|security)\//;

function permissionsOf(path: string): string {
  if (openerExecutables.includes(path)) return "0700";
  return readable.test(path) ? "0644" : "0600";
}

/**
 * What cloud-init does when the installed system first starts: lays down the files, makes etcd's user, shuts what reaches
 * out or lets in, starts RKE2 and forgets all that the installer was told. Nobody can log in: there is no account.
 */
export function firstBoot(args: FirstBootArgs): object {
  const { environment, machine, sealedAuthorities } = args;
  const service = machine.role === "server" ? "rke2-server.service" : "rke2-agent.service";
  const files = Object.entries(machineFiles(args)).map(([path, content]): WrittenFile => ({
    path,
    permissions: permissionsOf(path),
    content,
  }));
  const sealed: WrittenFile[] =
    isFirst(args) && sealedAuthorities !== undefined
      ? [{ path: sealedPath, permissions: "0600", encoding: "b64", content: sealedAuthorities.toString("base64") }]
      : [];
  const { units } = siteMachine(environment, machine);
  return {
    hostname: machine.name,
    fqdn: `${machine.name}.${environment.footprint.site}`,
    prefer_fqdn_over_hostname: false,
    manage_etc_hosts: true,
    disable_root: true,
    ssh_pwauth: false,
    // Named alone, so that the distribution's own account is not made.
    users: [{ name: "root", lock_passwd: true }],
    swap: { filename: "/swap.img", size: 0 },
    write_files: [...files, ...sealed],
    runcmd: [
      // Etcd runs as its own user under the CIS profile.
      ...(machine.role === "server"
        ? [["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", "--user-group", "etcd"]]
        : []),
      ["systemctl", "mask", "--now", ...maskedUnits],
      ["systemctl", "daemon-reload"],
      ["systemctl", "restart", "systemd-modules-load.service", "systemd-sysctl.service"],
      ["systemctl", "restart", "systemd-timesyncd.service", "systemd-resolved.service"],
      ...(units.length === 0 ? [] : [["systemctl", "enable", "--now", ...units]]),
      ...(isFirst(args) ? [["systemctl", "enable", openerUnit]] : []),
      ["systemctl", "enable", service],
      ["systemctl", "start", "--no-block", service],
      // The seed's secrets are where they belong; a medium that somebody plugs in later is not read.
      ["rm", "-rf", "/var/log/installer", "/etc/cloud/cloud.cfg.d/99-installer.cfg"],
      ["touch", "/etc/cloud/cloud-init.disabled"],
    ],
  };
}
