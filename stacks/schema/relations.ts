import { parametersOf } from "../../policies/controls/parameters";
import { modelNames } from "../../components/images";
import type { Environment } from "./environment";
import { narrow } from "./address-space";
import { unique, type BrokenRelation, type Path } from "./networks";
import { colocationRelations } from "./relations-colocation";
import { objectStoreRelations } from "./relations-object-store";
import { guardAnalyserRelations } from "./relations-guard-analysers";
import { guardPolicyRelations } from "./relations-guard-policy";
import { machineRelations, networkRelations, routesBack } from "./relations-on-site";
import { privateCloudRelations } from "./relations-private-cloud";
import { clientNetworkRelations } from "./relations-private-network";
import { registryRelations } from "./relations-registry";

/** GPUs by pool, whatever the footprint calls the machines that hold them. */
export function gpuPoolsOf({
  footprint,
}: Environment): { name: string; product: string; gpusPerNode: number; nodes: number }[] {
  if (footprint.kind === "private-cloud") {
    return footprint.gpuPools.map(({ name, product, gpusPerNode, nodes }) => ({ name, product, gpusPerNode, nodes }));
  }
  const names = [...new Set(footprint.machines.flatMap((machine) => machine.gpu?.pool ?? []))];
  return names.map((name) => {
    const gpus = footprint.machines.flatMap((machine) => (machine.gpu?.pool === name ? [machine.gpu] : []));
    return {
      name,
      product: gpus[0]?.product ?? "",
      gpusPerNode: Math.min(...gpus.map((gpu) => gpu.count)),
      nodes: gpus.length,
    };
  });
}

function models(environment: Environment): BrokenRelation[] {
  const pools = gpuPoolsOf(environment);
  const free = new Map(pools.map((pool) => [pool.name, pool.gpusPerNode * pool.nodes]));
  const named = unique(
    environment.platform.models.map((model, index) => ({
      path: ["platform", "models", index, "name"],
      value: model.name,
    })),
    "model",
  );
  const placed = environment.platform.models.flatMap((model, index): BrokenRelation[] => {
    const at = (field: string): Path => ["platform", "models", index, field];
    const pool = pools.find((candidate) => candidate.name === model.pool);
    if (pool === undefined) {
      const names = pools.map((candidate) => candidate.name).join(", ") || "none: the footprint has no GPU";
      return [
        { path: at("pool"), found: model.pool, allowed: `a GPU pool: ${names}`, mend: "name a pool of the footprint" },
      ];
    }
    if (model.gpusPerReplica > pool.gpusPerNode) {
      return [
        {
          path: at("gpusPerReplica"),
          found: `${model.gpusPerReplica}`,
          allowed: `at most ${pool.gpusPerNode}, what a node of ${pool.name} has`,
          mend: "use a pool with more GPUs in a node, or a smaller model",
        },
      ];
    }
    // One copy more than the replicas: an upgrade starts the new one before the old one drains.
    const wanted = (model.replicas + 1) * model.gpusPerReplica;
    const left = free.get(pool.name) ?? 0;
    free.set(pool.name, left - wanted);
    if (wanted <= left) return [];
    return [
      {
        path: at("replicas"),
        found: `${wanted} GPUs wanted: ${model.replicas} replicas and one for upgrades, ${model.gpusPerReplica} GPU each`,
        allowed: `${Math.max(0, left)} GPUs, what pool ${pool.name} has left`,
        mend: "add a node to the pool, or lower the replicas",
      },
    ];
  });
  return [...named, ...placed, ...unverifiable(environment)];
}

/** Groups use models that are there; and each key and each group is named once. */
function rights({ platform }: Environment): BrokenRelation[] {
  const served = platform.models.map((model) => model.name).filter((name) => modelNames.includes(name));
  const { groups, keys } = platform.people;
  return [
    ...unique(
      groups.map((group, index) => ({ path: ["platform", "people", "groups", index, "name"], value: group.name })),
      "group",
    ),
    ...unique(
      keys.map((key, index) => ({ path: ["platform", "people", "keys", index, "kid"], value: key.kid })),
      "key",
    ),
    ...groups.flatMap((group, index) =>
      group.models.flatMap((name, at): BrokenRelation[] =>
        served.includes(name) || served.length === 0
          ? []
          : [
              {
                path: ["platform", "people", "groups", index, "models", at],
                found: name,
                allowed: `a model that serves: ${served.join(", ")}`,
                mend: "name one of them, or add it to platform.models",
              },
            ],
      ),
    ),
  ];
}

/** A limit of a group that nobody can be in counts nothing, and would look as if it did. */
function limitedGroups({ platform }: Environment): BrokenRelation[] {
  const named = platform.people.groups.map((group) => group.name);
  const at = (index: number): Path => ["platform", "limits", "groups", index, "group"];
  const limited = platform.limits.groups.map(({ group }, index) => ({ path: at(index), value: group }));
  return [
    ...unique(limited, "group"),
    ...limited.flatMap(({ path, value }): BrokenRelation[] =>
      named.includes(value) || named.length === 0
        ? []
        : [
            {
              path,
              found: value,
              allowed: `a group that may use a model: ${named.join(", ")}`,
              mend: "name one of them, or add it to platform.people.groups",
            },
          ],
    ),
  ];
}

/** A signature that nobody can verify proves nothing. */
function unverifiable({ platform }: Environment): BrokenRelation[] {
  if (platform.leakGateKey !== undefined) return [];
  return platform.models.flatMap(({ leakGate }, index) =>
    leakGate === undefined
      ? []
      : [
          {
            path: ["platform", "models", index, "leakGate"],
            found: "a signed report, and no key to verify it by",
            allowed: "a report whose signer the environment names",
            mend: "write the leak gate's public key as platform.leakGateKey",
          },
        ],
  );
}

function retention(environment: Environment): BrokenRelation[] {
  return environment.frameworks.flatMap((framework) => {
    const least = parametersOf([framework]).auditLockLeast;
    if (least.framework === undefined || environment.auditRetentionDays >= least.value) return [];
    return [
      {
        path: ["auditRetentionDays"],
        found: `${environment.auditRetentionDays}`,
        allowed: `${least.value} or more (${least.source})`,
        mend: `raise it, or remove ${framework} from the frameworks`,
      },
    ];
  });
}

function clients({ platform: { door } }: Environment): BrokenRelation[] {
  const at = (index: number, field: string): Path => ["platform", "door", "clients", index, field];
  return [
    ...unique(
      door.clients.map((client, index) => ({ path: at(index, "name"), value: client.name })),
      "client",
    ),
    ...narrow(
      door.clients.map((client, index) => ({ path: at(index, "cidr"), cidr: client.cidr })),
      "name the network that the application calls from: the door must not open to everybody",
    ),
  ];
}

function renewal({ platform: { door } }: Environment): BrokenRelation[] {
  if (door.renewBeforeDays < door.certificateDays) return [];
  return [
    {
      path: ["platform", "door", "renewBeforeDays"],
      found: `${door.renewBeforeDays}`,
      allowed: `fewer than certificateDays, ${door.certificateDays}`,
      mend: "renew at about a third of the lifetime before its end",
    },
  ];
}

type Relation = (environment: Environment) => BrokenRelation[];

const onSite =
  (relation: (footprint: Exclude<Environment["footprint"], { kind: "private-cloud" }>) => BrokenRelation[]): Relation =>
  ({ footprint }) =>
    footprint.kind === "private-cloud" ? [] : relation(footprint);

const relations: readonly Relation[] = [
  ({ footprint }) => (footprint.kind === "private-cloud" ? privateCloudRelations(footprint) : []),
  ({ footprint, platform }) =>
    footprint.kind === "private-cloud" ? clientNetworkRelations(footprint, platform.door.clients) : [],
  onSite(machineRelations),
  onSite(networkRelations),
  onSite(objectStoreRelations),
  onSite(registryRelations),
  ...colocationRelations,
  routesBack,
  clients,
  renewal,
  models,
  rights,
  limitedGroups,
  (environment) => guardAnalyserRelations(environment, Date.now()),
  ({ platform }) => guardPolicyRelations(platform.guard.policy, Date.now()),
  retention,
];

/** Every relation between values that the shape alone cannot state. Pure; the list is empty when all is well. */
export function brokenRelations(environment: Environment): BrokenRelation[] {
  return relations.flatMap((relation) => relation(environment));
}

/** A sentence with these words compared a value that is not there, or is of another kind: the shape tells that. */
const isJudged = ({ found, allowed }: BrokenRelation): boolean =>
  !/\b(undefined|NaN)\b|\[object /.test(`${found} ${allowed}`);

/**
 * The same for a file whose shape is wrong somewhere, so that a person sees all mistakes in one run: a relation that
 * cannot be judged on such values is left for the next.
 */
export function brokenRelationsOfPart(part: unknown): BrokenRelation[] {
  return relations.flatMap((relation) => {
    try {
      return relation(part as Environment).filter(isJudged);
    } catch {
      return [];
    }
  });
}
