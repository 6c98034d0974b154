import { topicStatements } from "../account";
import { everyoneRetunes, lifted } from "../organisation";
import { deliveriesOf, denials, policyOf } from "../policy-documents";
import { first, UNKNOWN, type Change, type RuleTables } from "./table";
import { collectorFiles, doorFiles, guardFiles, ledgerFiles } from "../recorded-door";
import type { Properties } from "../../../policies/rule";

const door = (change: Parameters<typeof doorFiles>[0]): Change => ({
  of: "door-configuration",
  path: "data",
  value: doorFiles(change),
});
const collector = (change: Parameters<typeof collectorFiles>[0]): Change => ({
  of: "collector-configuration",
  path: "data",
  value: collectorFiles(change),
});
const exporter = (change: Parameters<typeof collectorFiles>[0]): Change =>
  collector(({ exporters }) => change?.(exporters["otlp_http/door"]));

const guard = (change: Parameters<typeof guardFiles>[0]): Change => ({
  of: "guard-configuration",
  path: "data",
  value: guardFiles(change),
});
const router = (change: Parameters<typeof guardFiles>[0]): Change => ({
  of: "guard-configuration",
  path: "data",
  value: guardFiles(undefined, { "router.yaml": change }),
});
const ledger = (change: Parameters<typeof ledgerFiles>[0]): Change => ({
  of: "ledger-configuration",
  path: "data",
  value: ledgerFiles(change),
});

const managerOf = (listener: Properties): Properties => listener.filter_chains[0].filters[0].typed_config;
const routeOf = (listener: Properties): Properties => managerOf(listener).route_config.virtual_hosts[0].routes[0].route;
const named = (clusters: Properties, name: string): Properties =>
  (clusters as Properties[]).find((cluster) => cluster.name === name);
const contextOf = (clusters: Properties): Properties =>
  named(clusters, "collector").transport_socket.typed_config.common_tls_context;

export const audit: RuleTables = {
  "AUD-01": {
    judged: "trail",
    violations: [
      { of: "trail", path: "isMultiRegionTrail" },
      { of: "trail", path: "enableLogFileValidation", value: false },
      { of: "trail", path: "enableLogging", value: false },
      { of: "trail", path: "includeGlobalServiceEvents", value: false },
      { of: "trail", path: "kmsKeyId" },
      { of: "trail", path: "s3BucketName", value: "elsewhere" },
      { of: "trail", path: "s3BucketName", value: "weights" },
      { of: "trail", path: "", judged: "key" },
      { of: "trail", path: "kmsKeyId", value: "*", judged: "trail" },
      ...[
        { path: "bucket", value: "other" },
        { path: "rules", value: [] },
        { path: "rules.0.status", value: "Disabled" },
        { path: "rules.0.destination.bucket", value: "arn:aws:s3:::raw" },
        { path: "rules.0.destination.encryptionConfiguration.replicaKmsKeyId", value: undefined },
        { path: "rules.0.sourceSelectionCriteria.sseKmsEncryptedObjects.status", value: "Disabled" },
      ].map((one) => ({ of: "record-copies", judged: "delivery", ...one })),
      ...(["trailLooks", "trailWrites"] as const).map((one) => ({
        of: "vault-BucketPolicy",
        path: "policy",
        value: policyOf(...Object.values({ ...denials, ...deliveriesOf("vault"), [one]: denials.plaintext })),
      })),
    ],
    unknown: { of: "trail", path: "kmsKeyId", value: UNKNOWN },
  },
  "AUD-02": {
    judged: "trail",
    violations: [
      { of: "trail", path: "advancedEventSelectors" },
      {
        of: "trail",
        path: "advancedEventSelectors.0.fieldSelectors.2",
        value: { field: "readOnly", equals: ["false"] },
      },
      {
        of: "trail",
        path: "advancedEventSelectors.0.fieldSelectors.2",
        value: { field: "resources.ARN", startsWiths: ["arn:aws:s3:::vault/"] },
      },
      // What CloudTrail itself refuses records nothing.
      { of: "trail", path: "advancedEventSelectors.2.fieldSelectors.1.equals", value: [] },
      { of: "trail", path: "advancedEventSelectors.2.fieldSelectors.0.field", value: undefined },
      { of: "trail", path: "advancedEventSelectors.2.fieldSelectors.3.notEquals", value: ["GetObject"] },
      {
        of: "trail",
        path: "advancedEventSelectors.1.fieldSelectors.1",
        value: { field: "readOnly", equals: ["false"] },
        judged: "trail",
      },
    ],
    unknown: { of: "trail", path: "advancedEventSelectors", value: UNKNOWN },
  },
  "AUD-03": {
    judged: "cluster",
    violations: [
      { of: "cluster", path: "enabledClusterLogTypes", value: ["api", "audit", "authenticator", "scheduler"] },
      { of: "cluster", path: "enabledClusterLogTypes" },
    ],
    unknown: { of: "cluster", path: "enabledClusterLogTypes", value: UNKNOWN },
  },
  "AUD-04": {
    judged: "vpc",
    violations: [
      { of: "flows", path: "" },
      { of: "flows", path: "trafficType", value: "REJECT" },
      { of: "flows", path: "maxAggregationInterval", value: 600000 },
      { of: "flows", path: "logDestination", value: "*" },
      { of: "flows", path: "logDestination" },
    ],
    unknown: { of: "flows", path: "trafficType", value: UNKNOWN },
  },
  "AUD-05": {
    judged: "log-group",
    violations: [
      { of: "log-group", path: "retentionInDays", value: 90 },
      { of: "log-group", path: "retentionInDays" },
      { of: "log-group", path: "retentionInDays", value: 2192000, judged: "log-group" },
    ],
    unknown: { of: "log-group", path: "retentionInDays", value: UNKNOWN },
  },
  "AUD-07": {
    judged: "vllm",
    alongside: [
      ...["door-configuration", "guard-configuration", "ledger-configuration", "collector-configuration"],
      ...["ledger-set", "door-egress", "record-ingress"],
    ],
    violations: [
      door(({ static_resources: { listeners } }) => delete managerOf(listeners[0]).access_log),
      door(({ static_resources: { listeners } }) => (managerOf(listeners[0]).access_log[0].filter = { status: 500 })),
      door(({ static_resources: { clusters } }) => delete named(clusters, "collector").transport_socket),
      door(({ static_resources: { clusters } }) => delete contextOf(clusters).tls_certificates),
      door(({ static_resources: { clusters } }) => delete contextOf(clusters).validation_context),
      door(({ static_resources: { clusters } }) => (named(clusters, "collector").load_assignment.endpoints = [])),
      door(({ static_resources: { listeners } }) => (managerOf(listeners[1]).route_config = undefined)),
      door((envoy) => (envoy.dynamic_resources = { lds_config: {} })),
      { of: "door-configuration", path: "data", value: {} },
      { of: "door-configuration", path: "" },
      { of: "guard-configuration", path: "" },
      guard((document) => (document.ledger.replicas = (document.ledger.replicas as string[]).slice(1))),
      guard((document) => (document.ledger.replicas[0] = "http://ledger-0.ledger.audit.svc:8447")),
      guard((document) => (document.ledger.replicas[0] = "https://ledger-0.ledger.serving.svc:8447")),
      guard((document) => delete document.ledger.serverName),
      guard((document) => (document.callers = [])),
      { of: "ledger-configuration", path: "" },
      ledger((document) => (document.store.bucket = "elsewhere")),
      ledger((document) => (document.store.retainDays = 1)),
      ledger((document) => delete document.signer),
      ledger((document) => delete document.witness),
      ledger((document) => (document.store.region = "us-east-1")),
      ledger((document) => (document.store.endpoint = "http://store.example.internal")),
      ledger((document) => (document.unanchoredSeconds = 86_400)),
      ledger((document) => (document.interruptedSeconds = 600)),
      ledger((document) => delete document.data),
      ledger((document) => (document.data = "/tmp/data")),
      { of: "ledger-set", path: "" },
      { of: "ledger-set", path: "spec.replicas", value: 1 },
      { of: "ledger-set", path: "spec.volumeClaimTemplates", value: [] },
      { of: "ledger-set", path: `${first}.volumeMounts`, value: [] },
      ledger((document) => (document.seal = { afterMilliseconds: 60_000 })),
      ledger((document) => (document.writers = [])),
      ledger((document) => (document.writers[0].kinds = ["*"])),
      ledger((document) => (document.writers[0].name = "")),
      ledger((document) => (document.writers = (document.writers as unknown[]).toSpliced(1, 1))),
      ...["http://ledger.audit.svc:8447/v1/logs/door", "https://logs.example.com/v1/logs/door"].map((url) =>
        exporter((to) => (to.logs_endpoint = url)),
      ),
      exporter(({ tls }) => delete tls.ca_file),
      exporter(({ tls }) => delete tls.cert_file),
      exporter(({ tls }) => (tls.insecure_skip_verify = true)),
      ledger((document) => (document.writers[0].name = "anybody")),
      ledger((document) => (document.writers[0].name = "vllm.serving.svc")),
      ledger((document) => (document.writers[0].kinds = ["incident.raised"])),
      ledger((document) => (document.writers[0].kinds = ["request.*"])),
      ledger((document) =>
        (document.writers as unknown[]).push({ name: "mlflow.models.svc", kinds: ["request.answered"] }),
      ),
      ...["gateway-error", "5xx", "reset", "connect-failure,retriable-status-codes"].map((events) =>
        door(({ static_resources: { listeners } }) => (routeOf(listeners[0]).retry_policy.retry_on = events)),
      ),
      router(({ static_resources: { listeners } }) =>
        (routeOf(listeners[0]).retry_policy.retriable_status_codes as number[]).push(500),
      ),
      router(({ static_resources: { listeners } }) => {
        routeOf(listeners[0]).request_mirror_policies = [{ cluster: "another" }];
      }),
      ...["%REQ(AUTHORIZATION)%", "%REQ(X-REQUEST-ID?COOKIE)%", "%REQ(:PATH)%", "%PATH%", "%RESP(SET-COOKIE)%"].map(
        (text) =>
          door(({ static_resources: { listeners } }) => {
            const { attributes } = managerOf(listeners[0]).access_log[0].typed_config;
            (attributes.values as unknown[]).push({ key: "more", value: { string_value: text } });
          }),
      ),
      collector(({ extensions }) => (extensions.file_storage.fsync = false)),
      collector(({ service }) => (service.pipelines.logs.receivers = [])),
      ...[
        ...["request.id", "client.name", "client.certificate", "model", "response.code", "duration.milliseconds"],
        ...["bytes.received", "bytes.sent", "response.flags", "response.details", "refused"],
      ].map((keys) =>
        door(({ static_resources: { listeners } }) => {
          const { attributes } = managerOf(listeners[0]).access_log[0].typed_config;
          const values = attributes.values as { key: string }[];
          attributes.values = values.filter(({ key }) => !keys.split("|").includes(key));
        }),
      ),
      door(({ static_resources: { listeners } }) => {
        const { attributes, body } = managerOf(listeners[0]).access_log[0].typed_config;
        attributes.values = (attributes.values as { key: string }[]).filter(({ key }) => key !== "method");
        body.string_value = "a call";
      }),
      collector(({ receivers }) => delete receivers.otlp.protocols.grpc.tls.client_ca_file),
      exporter((to) => (to.retry_on_failure.max_elapsed_time = "300s")),
      exporter((to) => delete to.sending_queue.storage),
      exporter((to) => delete to.sending_queue.block_on_overflow),
      collector(({ service }) => (service.pipelines.logs.processors = ["filter"])),
      collector(({ service }) => (service.pipelines = { traces: service.pipelines.logs })),
      { of: "collector-configuration", path: "" },
      { of: "door-egress", path: "spec.egress.0.ports", value: [{ port: 4318 }] },
      { of: "record-ingress", path: "spec.ingress", value: [] },
    ],
    unknown: { of: "door-configuration", path: "data", value: UNKNOWN },
    beyond: { of: "vllm", path: "metadata.namespace", value: "models" },
  },
  "AUD-08": {
    judged: "detector",
    violations: [
      { of: "detector", path: "enable", value: false },
      { of: "detector", path: "findingPublishingFrequency", value: "SIX_HOURS" },
      { of: "alarm", path: "eventPattern", value: '{"detail":{"eventName":["StopLogging"]}}', judged: "alarm" },
      {
        of: "alarm",
        path: "eventPattern",
        value: '{"source":["aws.guardduty"],"detail":{"severity":[{"numeric":[">=",7]}]}}',
        judged: "alarm",
      },
      { of: "alarm", path: "state", value: "DISABLED", judged: "alarm" },
      { of: "detector-feature", path: "status", value: "DISABLED", judged: "detector-feature" },
      { of: "recorder", path: "recordingGroup.allSupported", value: false, judged: "recorder" },
      { of: "recording", path: "isEnabled", value: false, judged: "recording" },
      ...lifted("blinding", "retuning", "keys"),
      everyoneRetunes,
      { of: "alarms-policy", path: "policy", value: policyOf(topicStatements.plaintext), judged: "alarms-policy" },
      { of: "delivery", path: "s3BucketName", value: undefined, judged: "delivery" },
      { of: "delivery", path: "s3KmsKeyArn", value: undefined, judged: "delivery" },
      { of: "analyzer", path: "type", value: "ACCOUNT_UNUSED_ACCESS", judged: "analyzer" },
      { of: "alarm-target", path: "arn", value: undefined, judged: "alarm-target" },
      { of: "alarm-mail", path: "endpoint", value: "", judged: "alarm-mail" },
      { of: "alarm-mail", path: "protocol", value: undefined, judged: "alarm-mail" },
    ],
    unknown: { of: "detector", path: "enable", value: UNKNOWN },
  },
};
