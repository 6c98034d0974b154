import { ledgerReplicas } from "../../certificates";
import { ports } from "../../flows";
import { tlsPath } from "../workload/workload-plan";
import type { ModelRight } from "./envoy-rights";
import { routerSocket } from "./envoy-router";
import { rateLimitHost } from "./limits-config";

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
}

/** Where the kubelet asks: it has no certificate, and learns nothing there but whether the guard is ready. */
export const guardProbes = 9906;

/** The guard's policy where nobody wrote one: the safest. */
export const guardPolicy = { apiVersion: "cloister.dev/guard-policy/v1" };

/** The guard's configuration: only the door may ask it, and it asks the replicas of the ledger by their own names. */
export function guardConfig(args: GuardConfigArgs): object {
  const at = (port: number) => ({ address: "0.0.0.0", port });
  const replicas = Array.from(
    { length: ledgerReplicas },
    (_, index) => `https://ledger-${index}.ledger.audit.svc:${ports.ledger}`,
  );
  const { access, recipients, bucket, region, endpoint, requestBytes, requestTimeoutSeconds, countedGroups } = args;
  return {
    apiVersion: "cloister.dev/guard/v1",
    listen: at(ports.guard),
    probes: at(guardProbes),
    metrics: at(ports.guardMetrics),
    tls: { certificate: `${tlsPath}/guard.crt`, key: `${tlsPath}/guard.key`, authority: `${tlsPath}/services.pem` },
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
    requestBytes,
    requestTimeoutSeconds,
  };
}
