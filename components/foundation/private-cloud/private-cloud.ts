import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { storeCapabilities, type SubstrateFacts } from "../../substrate";
import { Cluster } from "../cluster/cluster";
import { controlPlaneLogGroup } from "../cluster/cluster-plan";
import type { FoundationArgs } from "../foundation-args";
import { planDeliveries } from "../guardrails/deliveries-plan";
import { Guardrails } from "../guardrails/guardrails";
import { planKeyUsage } from "../guardrails/key-usage-plan";
import { Keys } from "../keys/keys";
import { vpnLogGroup } from "../network/attachment-plan";
import { logRetention } from "../network/network-plan";
import { Network } from "../network/network";
import { Pki } from "../pki/pki";
import { pkiArgsOf } from "../pki/planned-certificates";
import { Registry } from "../registry/registry";
import { Secrets } from "../secrets/secrets";
import { planSecretKeyUsage, rotationLogGroup } from "../secrets/secrets-plan";
import { ObjectStore, storeArgsOf } from "../storage/object-store";
import { partitionOf, type Place } from "./place";
import { flowLogGroup, placeOf, planPrivateCloud, type PrivateCloudEnvironment } from "./private-cloud-plan";

export type PrivateCloudArgs = FoundationArgs<PrivateCloudEnvironment>;

/** A single-tenant AWS account: one VPC that has no way out, and what stands in it. */
export class PrivateCloud extends pulumi.ComponentResource {
  /** What this ground offers the platform. */
  public readonly substrate: pulumi.Output<SubstrateFacts>;
  /** What else the stack hands out; none of it reaches the platform. */
  public readonly outputs: Readonly<Record<"serviceControlPolicies", pulumi.Output<unknown>>>;

  public constructor(name: string, args: PrivateCloudArgs, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:PrivateCloud", name, {}, options);
    const { environment } = args;
    const place = placeOf(environment);
    const provider = this.bindToAccount(name, environment);
    const inAccount = { parent: this, provider };
    const keys = this.layKeys(name, place, environment, inAccount);
    const network = this.layNetwork(name, place, environment, keys, inAccount);
    const store = this.layStore(name, environment, keys, inAccount);
    const guardrails = this.layGuardrails(name, place, environment, keys, store, inAccount);
    const { administrators } = environment.footprint;
    new Registry(`${name}-registry`, { place, keyArn: keys.arns.registry, administrators }, inAccount);
    const cluster = new Cluster(
      `${name}-cluster`,
      {
        place,
        footprint: environment.footprint,
        organisation: environment.organisation.slug,
        logRetentionDays: logRetention(environment.auditRetentionDays),
        keyArns: keys.arns,
        vpcId: network.vpcId,
        subnetIds: network.subnetIds,
      },
      inAccount,
    );
    this.laySecrets(name, place, environment, keys, network, cluster, inAccount);
    const pki = new Pki(`${name}-pki`, pkiArgsOf(args), { parent: this });
    this.outputs = { serviceControlPolicies: pulumi.output(guardrails.serviceControlPolicies) };
    this.substrate = this.overlay(planPrivateCloud(environment), keys, cluster, pki);
    this.registerOutputs({ substrate: this.substrate });
  }

  /** Credentials of another account are refused, and every resource says whose it is. */
  private bindToAccount(name: string, { footprint, organisation, ...environment }: PrivateCloudEnvironment) {
    return new aws.Provider(
      `${name}-account`,
      {
        region: footprint.region as aws.Region,
        allowedAccountIds: [footprint.account],
        defaultTags: {
          tags: { "cloister.dev/environment": environment.name, "cloister.dev/owner": organisation.owner },
        },
      },
      { parent: this },
    );
  }

  private layKeys(
    name: string,
    place: Place,
    { footprint }: PrivateCloudEnvironment,
    options: pulumi.ComponentResourceOptions,
  ): Keys {
    return new Keys(
      `${name}-keys`,
      {
        place,
        administrators: footprint.administrators,
        autoScalingRole: footprint.autoScalingRole,
        logGroups: [
          flowLogGroup(place),
          controlPlaneLogGroup(place),
          rotationLogGroup(place),
          ...(footprint.network.attachment?.kind === "client-vpn" ? [vpnLogGroup(place)] : []),
        ],
        usage: { ...planKeyUsage(place), ...planSecretKeyUsage(place) },
      },
      options,
    );
  }

  private layNetwork(
    name: string,
    place: Place,
    { footprint, auditRetentionDays }: PrivateCloudEnvironment,
    keys: Keys,
    options: pulumi.ComponentResourceOptions,
  ): Network {
    return new Network(
      `${name}-network`,
      {
        place,
        settings: footprint.network,
        organisationId: footprint.organisationId,
        agentRegistry: footprint.runtimeAgent?.registry,
        availabilityZones: footprint.availabilityZones,
        flowLogGroup: flowLogGroup(place),
        logRetentionDays: logRetention(auditRetentionDays),
        logKeyArn: keys.arns.logs,
      },
      options,
    );
  }

  private layStore(
    name: string,
    environment: PrivateCloudEnvironment,
    keys: Keys,
    options: pulumi.ComponentResourceOptions,
  ): ObjectStore {
    return new ObjectStore(
      `${name}-object-store`,
      {
        ...storeArgsOf(environment),
        capabilities: storeCapabilities,
        keyArns: keys.arns,
        partition: partitionOf(environment.footprint.region),
        deployers: environment.footprint.administrators,
        deliveries: planDeliveries(placeOf(environment), environment.organisation.slug),
      },
      options,
    );
  }

  private layGuardrails(
    name: string,
    place: Place,
    { footprint, organisation }: PrivateCloudEnvironment,
    keys: Keys,
    store: ObjectStore,
    options: pulumi.ComponentResourceOptions,
  ): Guardrails {
    return new Guardrails(
      `${name}-guardrails`,
      {
        place,
        organisation: organisation.slug,
        owner: organisation.owner,
        administrators: footprint.administrators,
        settings: footprint.guardrails,
        keyArns: keys.arns,
        store,
      },
      options,
    );
  }

  private laySecrets(
    name: string,
    place: Place,
    { footprint, auditRetentionDays }: PrivateCloudEnvironment,
    keys: Keys,
    network: Network,
    cluster: Cluster,
    options: pulumi.ComponentResourceOptions,
  ): Secrets {
    return new Secrets(
      `${name}-secrets`,
      {
        place,
        keyArns: keys.arns,
        logRetentionDays: logRetention(auditRetentionDays),
        vpcId: network.vpcId,
        vpcCidr: footprint.network.cidr,
        subnetIds: network.subnetIds.nodes,
        after: [cluster],
      },
      options,
    );
  }

  /** Puts what only an `up` can tell where the plan left its marks. */
  private overlay(facts: SubstrateFacts, keys: Keys, cluster: Cluster, pki: Pki): pulumi.Output<SubstrateFacts> {
    return pulumi
      .all([keys.arns, cluster.issuer, cluster.roleArns, pki.leaves])
      .apply(([keyArns, issuer, roleArns, leaves]) => ({
        ...facts,
        keys: {
          ...facts.keys,
          byDataClass: mapValues(facts.keys.byDataClass, (name) => keyArns[name]),
        },
        storageClass: {
          ...facts.storageClass,
          parameters: { ...facts.storageClass.parameters, kmsKeyId: keyArns.volumes },
        },
        identityIssuer: { ...facts.identityIssuer, url: issuer },
        grants: facts.grants.map((grant) => ({ ...grant, role: roleArns[grant.identity] ?? grant.role })),
        certificates: { authorities: pki.authorities, leaves },
      }));
  }
}

const mapValues = <Key extends string>(record: Record<Key, string>, value: (key: Key) => string) =>
  Object.fromEntries((Object.keys(record) as Key[]).map((key) => [key, value(key)])) as Record<Key, string>;
