import type { MachineSecrets } from "./machine-secrets";
import { rke2Paths } from "./rke2-paths";

const at = (file: string) => `${rke2Paths.registryTls}/${file}`;

/** RKE2's `registries.yaml`: whatever a pod names is asked of the private registry, with TLS on both sides, and of nobody else. */
export const registriesConfig = (host: string) => ({
  mirrors: { "*": { endpoint: [`https://${host}`] } },
  configs: { [host]: { tls: { ca_file: at("ca.crt"), cert_file: at("machine.crt"), key_file: at("machine.key") } } },
});

/** The certificates that it names: absolute path to PEM. */
export function registryFiles({ registry }: MachineSecrets, machine: string): Record<string, string> {
  const own = registry.machines[machine];
  if (own === undefined) throw new Error(`the foundation made no certificate for ${machine}: run \`up\` first`);
  return { [at("ca.crt")]: registry.authority, [at("machine.crt")]: own.certificate, [at("machine.key")]: own.key };
}
