import { holdCeremony, makeRoots } from "../../../../scripts/pki/ceremony";
import { clusterAuthorityNames, type MachineSecrets } from "../../../../components/foundation/machines/machine-secrets";
import type { OnSiteEnvironment } from "../../../../components/foundation/on-site/on-site-plan";
import { readEnvironment } from "../../../../stacks/environment";

/** An example environment that has machines. */
export const siteNamed = (name: "on-prem" | "colocation") => readEnvironment(name) as OnSiteEnvironment;

/** What stands for a private key, so that a test finds it wherever it went. */
const keyOf = (what: string) => `-----BEGIN PRIVATE KEY-----\nkey of the ${what}\n-----END PRIVATE KEY-----\n`;

/** Secrets as a foundation hands them out; certificates are the ceremony's own. */
export async function makeMachineSecrets({ footprint }: OnSiteEnvironment): Promise<MachineSecrets> {
  const now = new Date("2026-11-01T00:00:00Z");
  const { cluster, services } = await holdCeremony(await makeRoots("example", "test", now), "example", now);
  const pair = { certificate: cluster.certificate, key: cluster.privateKey };
  const each = <Value>(value: (machine: string) => Value) =>
    Object.fromEntries(footprint.machines.map(({ name }) => [name, value(name)]));
  return {
    authorities: Object.fromEntries(
      clusterAuthorityNames.map((name) => [
        name,
        { certificate: cluster.certificate, key: keyOf(`authority ${name}`) },
      ]),
    ) as unknown as MachineSecrets["authorities"],
    clusterRoot: cluster.root,
    serviceAccountKey: keyOf("service accounts"),
    joinTokens: { server: "the-server-token", agent: "the-agent-token" },
    encryptionKey: Buffer.alloc(32, 7).toString("base64"),
    registry: { authority: services.root, machines: each(() => pair) },
    auditLog: pair,
    diskPassphrases: each((machine) => `opens-the-disks-of-${machine}`),
  };
}
