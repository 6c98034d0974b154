import { ledgerReplicas } from "../../certificates";
import type { GuardPolicy } from "../../../services/guard/policy/policy";
import { ports } from "../../flows";
import { usualEntities, type PresidioEntity } from "../../presidio-entities";
import { serviceTls } from "../workload/workload-plan";
import type { ModelRight } from "./envoy-rights";
import { routerSocket } from "./envoy-router";
import { rateLimitHost } from "./limits-config";
import { presidioLanguage } from "./presidio-config";

/** What runs beside requests and can stop one. */
export interface AnalysersArgs {
  /** Finds personal data by numbers and their checks. */
  readonly presidio: {
    /** It runs. */
    readonly enabled: boolean;
    /** What it looks for besides the usual. */
    readonly furtherEntities: readonly PresidioEntity[];
    /** Nothing is answered that it has not judged. */
    readonly required: boolean;
    /** What is done with a request in which it finds something. */
    readonly action: "block" | "quarantine";
  };
  /** A model that judges. Default: none does. */
  readonly classifier?: {
    /** Its name, one of those that serve. */
    readonly model: string;
    /** `guard-model` was trained to judge; an `instructed` one is told how. */
    readonly template: "guard-model" | "instructed";
    /** Nothing is answered that it has not judged. */
    readonly required: boolean;
    /** What is done with a request that it calls unsafe. */
    readonly action: "block" | "quarantine";
  };
}

export interface GuardConfigArgs {
  readonly access: readonly ModelRight[];
  /** age recipients of what is held back. */
  readonly recipients: readonly string[];
  /** The quarantine bucket. */
  readonly bucket: string;
  readonly region: string;
  /** Absent on AWS. */
  readonly endpoint?: string;
  /** Longest body of a request, bytes. */
  readonly requestBytes: number;
  readonly requestTimeoutSeconds: number;
  /** Groups whose tokens are counted; each person's are anyway. */
  readonly countedGroups: readonly string[];
  readonly analysers: AnalysersArgs;
}

/** What Presidio looks for: the usual, and what the environment names besides. */
export const entitiesOf = ({ presidio }: AnalysersArgs): PresidioEntity[] => [
  ...new Set([...usualEntities, ...presidio.furtherEntities]),
];

/** The analysers as the guard is told of them. Presidio is asked with the certificate that model servers are asked with. */
function analysersOf(args: AnalysersArgs): object[] {
  const { enabled, required, action } = args.presidio;
  const serverName = "presidio.gateway.svc";
  const presidio = {
    kind: "presidio",
    url: `https://${serverName}:${ports.presidio}`,
    serverName,
    tls: serviceTls("caller"),
    language: presidioLanguage,
    entities: entitiesOf(args),
    required,
    action,
  };
  return [
    ...(enabled ? [presidio] : []),
    ...(args.classifier === undefined ? [] : [{ kind: "classifier", ...args.classifier }]),
  ];
}

/** Where the kubelet asks: it has no certificate, and learns nothing there but whether the guard is ready. */
export const guardProbes = 9906;

/** A policy as an environment has it: with who answers for what is milder in it, which is nothing to the guard. */
export type PolicyArgs = GuardPolicy & { readonly loosened: readonly unknown[] };

/** The guard's policy, whole: who reads it sees what is done where nobody wrote anything, too. */
export function guardPolicy({ loosened: _, allowed, ...policy }: PolicyArgs): object {
  return {
    apiVersion: "cloister.dev/guard-policy/v1",
    ...policy,
    allowed: allowed.map(({ rule, texts }) => ({ rule, texts })),
  };
}

/** The guard's configuration: only the door may ask it, and it asks the replicas of the ledger by their own names. */
export function guardConfig(args: GuardConfigArgs): object {
  const at = (port: number) => ({ address: "0.0.0.0", port });
  const replicas = Array.from(
    { length: ledgerReplicas },
    (_, index) => `https://ledger-${index}.ledger.audit.svc:${ports.ledger}`,
  );
  const { access, recipients, bucket, region, endpoint, requestBytes, requestTimeoutSeconds } = args;
  const { countedGroups, analysers } = args;
  return {
    apiVersion: "cloister.dev/guard/v1",
    listen: at(ports.guard),
    probes: at(guardProbes),
    metrics: at(ports.guardMetrics),
    tls: serviceTls("guard"),
    callers: ["envoy.gateway.svc"],
    policy: "/etc/guard/policy.yaml",
    access: access.map(({ group, models }) => ({ group, models: [...models] })),
    ledger: { replicas, serverName: "ledger.audit.svc" },
    router: { socket: routerSocket },
    quarantine: {
      bucket,
      region,
      ...(endpoint === undefined ? {} : { endpoint }),
      recipients: [...recipients],
    },
    // The name leads to every pod of the service that counts, and the guard takes turns.
    tokenLimits: {
      address: `dns:///${rateLimitHost}:${ports.rateLimit}`,
      serverName: rateLimitHost,
      groups: countedGroups,
    },
    analysers: analysersOf(analysers),
    requestBytes,
    requestTimeoutSeconds,
  };
}
