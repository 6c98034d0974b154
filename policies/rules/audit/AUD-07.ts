import { controlsOf } from "../../catalogue";
import { CONFIG_MAP, documentsOf } from "../../reading/configuration";
import { indiscreet, recordOf, untold } from "../../reading/door-record";
import { doorsOf, envoysIn, hiddenIn, reachesModels, type Address } from "../../reading/envoy";
import { leadsToServers, repeated } from "../../reading/envoy-routes";
import { hasty, unkept, unrecordedBy, unsoundLedger } from "../../reading/ledger";
import { networkPolicyTypes, openingsOf, opensTo } from "../../reading/network-policy";
import { podOf, workloadTypes, zoneOf } from "../../reading/workload";
import { AUDIT, GATEWAY, SERVING, zoneOfHost } from "../../reading/zones";
import { need } from "../../settings";
import { matches, type Context, type Properties, type Rule, type Subject } from "../../rule";

const mapsOf = (zone: string, { resources }: Context) =>
  resources.filter((resource) => resource.type === CONFIG_MAP && zoneOf(resource) === zone);

/** Whether an exporter hands logs to the audit zone, over TLS, and shows who it is. */
function toTheLedger({ logs_endpoint: url, tls }: Properties): boolean {
  const [, host = ""] = /^https:\/\/([^:/]+)/.exec(String(url)) ?? [];
  const trusts = Boolean(tls?.ca_file) && tls.insecure !== true && tls.insecure_skip_verify !== true;
  return zoneOfHost(host) === AUDIT && trusts && Boolean(tls.cert_file && tls.key_file);
}

/** What is wrong with a collector on the way to the record: clear text, another end, or a way to lose records. */
function unsound(collector: Properties): string | undefined {
  const pipelines = Object.entries((collector.service?.pipelines ?? {}) as Record<string, Properties>);
  const logs = pipelines.filter(([name]) => /^logs(\/|$)/.test(name)).map(([, pipeline]): Properties => pipeline);
  if (logs.length === 0) return "its collector takes no logs";
  for (const { receivers, exporters, processors } of logs) {
    if (((receivers ?? []) as unknown[]).length === 0) return "a pipeline of its collector takes nothing in";
    const open = ((receivers ?? []) as string[]).find((name) => {
      const tls = collector.receivers?.[name]?.protocols?.grpc?.tls;
      return !(tls?.cert_file && tls.client_ca_file);
    });
    if (open !== undefined) return `its receiver ${open} asks for no client certificate`;
    if (((processors ?? []) as string[]).length > 0) return "its processors may drop or change records";
    const ends = ((exporters ?? []) as string[]).map((name): Properties => collector.exporters?.[name] ?? {});
    const sink = ends.find(toTheLedger);
    if (sink === undefined) return `its records do not go to the zone ${AUDIT} over mutual TLS`;
    if (sink.retry_on_failure?.enabled !== true || sink.retry_on_failure.max_elapsed_time !== "0s")
      return "it gives records up while the ledger is away";
    if (!(sink.sending_queue?.enabled === true && sink.sending_queue.storage && sink.sending_queue.block_on_overflow))
      return "its queue is lost with the pod, or drops what does not fit";
    const storage = String(sink.sending_queue.storage);
    const kept = collector.extensions?.[storage]?.fsync === true;
    if (!kept || !((collector.service?.extensions ?? []) as string[]).includes(storage))
      return "its queue is not on the disk before a record is taken: fsync is off";
  }
  return undefined;
}

function unrecorded(context: Context): string | undefined {
  const envoys = mapsOf(GATEWAY, context).flatMap(envoysIn);
  const ways = envoys.flatMap((envoy) =>
    doorsOf(envoy)
      .filter((door) => reachesModels(envoy, door))
      .map((door) => ({ door, record: recordOf(envoy, door) })),
  );
  const hidden = envoys.map(hiddenIn).find((why) => why !== undefined);
  if (hidden !== undefined) return hidden;
  if (ways.length === 0) return "no gateway is seen that brings requests to it and records them";
  const silent = ways.find(({ record }) => record === undefined);
  if (silent) return `listener ${silent.door.name} writes no record to the zone ${AUDIT} over mutual TLS`;
  const left = ways.flatMap(({ door, record }) => untold(record?.log, door));
  if (left.length > 0) return `its record does not tell ${[...new Set(left)].join(", ")}`;
  const secret = ways.map(({ record }) => indiscreet(record?.log)).find((what) => what !== undefined);
  if (secret !== undefined) return `its record tells ${secret}, which nobody could erase`;
  // The way on from the guard is among them: what reached a model must not reach another as well.
  return envoys
    .flatMap((envoy) =>
      doorsOf(envoy)
        .filter((door) => reachesModels(envoy, door) || leadsToServers(envoy, door))
        .map((door) => repeated(envoy, door)),
    )
    .find((why) => why !== undefined);
}

const documentsIn = (zone: string, kind: string, context: Context): Properties[] =>
  mapsOf(zone, context)
    .flatMap((map): Properties[] => [...documentsOf(map).values()])
    .filter(({ apiVersion }) => String(apiVersion).startsWith(kind));

const GUARD = "cloister.dev/guard/";
/** The longest answer that any guard lets run, seconds. */
const longestAnswer = (context: Context): number =>
  Math.max(0, ...documentsIn(GATEWAY, GUARD, context).map((guard) => Number(guard?.requestTimeoutSeconds ?? 0)));

/** What is wrong with the documents of a kind in a zone: the first of it, or that there is none. */
function judged(
  zone: string,
  kind: string,
  context: Context,
  faultOf: (document: Properties) => string | undefined,
): string | undefined {
  const documents = documentsIn(zone, kind, context);
  if (documents.length === 0) return `no ${kind.split("/")[1] ?? ""} is seen in the zone ${zone}`;
  return documents.map(faultOf).find((why) => why !== undefined);
}

/** What runs a ledger: the workloads of the zone that have a file of this kind mounted. */
function runnersOf(map: Subject, { resources }: Context): Subject[] {
  const name: unknown = map.props.metadata?.name;
  return resources.filter(
    (one) =>
      matches(workloadTypes, one.type) &&
      zoneOf(one) === AUDIT &&
      ((podOf(one).spec.volumes ?? []) as Properties[]).some(({ configMap }) => configMap && configMap.name === name),
  );
}

/** Whether each ledger's record outlives its pod, and one ledger the other. */
function fleeting(context: Context): string | undefined {
  for (const map of mapsOf(AUDIT, context)) {
    const ledger = [...documentsOf(map).values()].find((one) =>
      String(one?.apiVersion).startsWith("cloister.dev/ledger/"),
    );
    if (ledger === undefined) continue;
    const runners = runnersOf(map, context);
    if (runners.length === 0) return "nothing is seen that runs the ledger";
    const why = runners.map(({ props }) => unkept(ledger, props.spec)).find((one) => one !== undefined);
    if (why !== undefined) return why;
  }
  return undefined;
}

/** The ends to which records go, once each. */
const endsOf = (context: Context): Address[] =>
  mapsOf(GATEWAY, context)
    .flatMap(envoysIn)
    .flatMap((envoy) => doorsOf(envoy).map((door) => recordOf(envoy, door)?.end))
    .filter((end) => end !== undefined)
    .filter((end, index, all) => all.findIndex((other) => other.host === end.host) === index);

function unopened({ port }: Address, context: Context): string | undefined {
  const opened = (zone: string, direction: "ingress" | "egress", other: string) =>
    context.resources.some(
      (policy) =>
        matches(networkPolicyTypes, policy.type) &&
        zoneOf(policy) === zone &&
        openingsOf(policy.props, direction).some((opening) => opensTo(opening, other, port)),
    );
  if (!opened(GATEWAY, "egress", AUDIT)) return `no policy lets the gateway reach the record at port ${port}`;
  return opened(AUDIT, "ingress", GATEWAY) ? undefined : `no policy lets the record be reached at port ${port}`;
}

export const aud07: Rule = {
  id: "AUD-07",
  title: "Every serving workload writes to the append-only audit record",
  severity: "critical",
  scope: "stack",
  types: workloadTypes,
  remediation:
    "Give each listener that leads to models an access log to the audit zone over mutual TLS, and let the collector hand it to the ledger.",
  supports: controlsOf("AUD-07"),
  check(workload, examination, context) {
    if (zoneOf(workload) !== SERVING) return examination.notApplicable(`the workload is not in the zone ${SERVING}`);
    examination.ask("gateway", () => unrecorded(context));
    examination.within("ledger", () => {
      const bucket = need(context.settings, "auditBucket");
      examination.ask("guard", () => judged(GATEWAY, GUARD, context, unrecordedBy));
      examination.ask("ledger", () =>
        judged(
          AUDIT,
          "cloister.dev/ledger/",
          context,
          (ledger) => unsoundLedger(ledger, bucket, context.settings) ?? hasty(ledger, longestAnswer(context)),
        ),
      );
      examination.ask("ledger disks", () => fleeting(context));
    });
    examination.within("record", () => {
      for (const end of endsOf(context)) {
        examination.ask(`record ${end.host}`, () => {
          const documents = mapsOf(AUDIT, context).flatMap((map): Properties[] => [...documentsOf(map).values()]);
          const collectors = documents.filter((one) => one.service?.pipelines !== undefined);
          if (collectors.length === 0) return `nothing is seen that keeps what ${end.host} is sent`;
          return collectors.map(unsound).find((why) => why !== undefined);
        });
        examination.ask(`record ${end.host}`, () => unopened(end, context));
      }
    });
  },
};
