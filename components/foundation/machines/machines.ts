import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { FoundationArgs } from "../foundation-args";
import type { OnSiteEnvironment } from "../on-site/on-site-plan";
import { auditLogName } from "../../certificates";
import { issueLeaf } from "../pki/leaf";
import type { Authority } from "../pki/pki-plan";
import { auditPolicy, sealedEncryptionConfiguration } from "./api-server-documents";
import { ClusterAuthorities } from "./cluster-authorities";
import type { KeyPair, MachineSecrets } from "./machine-secrets";
import { operatorManifests } from "./operators";
import { shownApiServerArguments } from "./rke2-config";
import { clusterCircle, machineNames, machineCertificateDays } from "./machines-plan";

/** A changed one would lock out machines or data that stand: it is drawn once. */
const drawnOnce = { protect: true, retainOnDelete: true, ignoreChanges: ["length", "special"] };

const formerName = (name: string): string => name.replace(/machines$/, "join-token");

/** What is no secret of what the machines boot with: shown as inputs, so that a preview is judged by it. */
const shown = (environment: OnSiteEnvironment) => ({
  auditPolicy,
  encryptionConfiguration: sealedEncryptionConfiguration,
  apiServerArguments: shownApiServerArguments(environment),
  manifests: operatorManifests,
});

/** What the machines of a site boot with: authorities, join tokens, the key at rest, disk passphrases, certificates. */
export class Machines extends pulumi.ComponentResource {
  /** Secret. All that `cloister boot-media` renders from, besides the environment file. */
  public readonly secrets: pulumi.Output<MachineSecrets>;

  public constructor(name: string, args: FoundationArgs<OnSiteEnvironment>, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:Machines", name, shown(args.environment), options);
    const { environment, authorities } = args;
    const machines = machineNames(environment.footprint);
    const organisation = environment.organisation.slug;
    const issuer = authorities[clusterCircle];
    const cluster = new ClusterAuthorities(
      `${name}-cluster`,
      { environment: environment.name, organisation, issuer },
      { parent: this },
    );
    const each = <Value>(make: (machine: string) => pulumi.Output<Value>): pulumi.Output<Record<string, Value>> =>
      pulumi.output(Object.fromEntries(machines.map((machine) => [machine, make(machine)]))) as pulumi.Output<
        Record<string, Value>
      >;
    this.secrets = pulumi.secret(
      pulumi.output({
        authorities: cluster.pairs,
        clusterRoot: issuer.root,
        serviceAccountKey: cluster.serviceAccountKey,
        joinTokens: {
          // Before there was an agents' token, the site itself drew the one that there was.
          server: this.token(`${name}-join-token`, [{ name: formerName(name), parent: options?.parent }]),
          agent: this.token(`${name}-agent-token`),
        },
        encryptionKey: this.encryptionKey(`${name}-encryption-key`),
        registry: {
          authority: authorities.services.root,
          machines: each((machine) => this.registryCertificate(`${name}-${machine}-registry`, machine, args)),
        },
        auditLog: this.auditLogCertificate(`${name}-audit-log`, args),
        diskPassphrases: each((machine) => this.token(`${name}-${machine}-disk`)),
      }),
    );
    this.registerOutputs({});
  }

  private token(name: string, aliases: pulumi.Alias[] = []): pulumi.Output<string> {
    const options = { parent: this, ...drawnOnce, aliases };
    return new random.RandomPassword(name, { length: 64, special: false }, options).result;
  }

  private encryptionKey(name: string): pulumi.Output<string> {
    return new random.RandomBytes(name, { length: 32 }, { parent: this, ...drawnOnce }).base64;
  }

  /** Issued by the cluster's intermediate: the registry that trusts the circle's root serves its machines and nobody else. */
  private registryCertificate(
    prefix: string,
    machine: string,
    { environment, authorities }: FoundationArgs<OnSiteEnvironment>,
  ): pulumi.Output<KeyPair> {
    return this.certificate(
      prefix,
      `${machine}.${environment.footprint.site}`,
      authorities[clusterCircle],
      environment,
    );
  }

  /** One for all servers: each may be asked in the others' place. */
  private auditLogCertificate(
    prefix: string,
    { environment, authorities }: FoundationArgs<OnSiteEnvironment>,
  ): pulumi.Output<KeyPair> {
    return this.certificate(prefix, auditLogName, authorities.services, environment);
  }

  private certificate(
    prefix: string,
    commonName: string,
    issuer: Authority,
    { organisation }: OnSiteEnvironment,
  ): pulumi.Output<KeyPair> {
    const leaf = issueLeaf(
      prefix,
      {
        issuer,
        commonName,
        organisation: organisation.slug,
        dnsNames: [commonName],
        uses: ["client_auth"],
        lifeDays: machineCertificateDays.life,
        renewBeforeDays: machineCertificateDays.renewBefore,
      },
      this,
    );
    return leaf.apply(({ chain, privateKey }) => ({ certificate: chain, key: privateKey }));
  }
}
