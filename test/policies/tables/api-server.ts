import { UNKNOWN, type Change, type RuleTables } from "./table";

const encryption = "encryptionConfiguration.resources.0";
const machines = (path: string, value?: unknown): Change => ({ of: "machines", path, value });
const rule = (level: string, more: object) => ({ level, ...more });
/** The policy with one rule before all the others. */
const before = (...first: object[]): Change =>
  machines("auditPolicy.rules", [...first, { level: "Metadata" }, { level: "None" }]);
const rights = rule("RequestResponse", { resources: [{ group: "rbac.authorization.k8s.io" }] });
const secrets = { group: "", resources: ["secrets"] };

export const apiServer: RuleTables = {
  "ENC-09": {
    judged: "machines",
    violations: [
      machines(`${encryption}.providers`, [{ identity: {} }, { secretbox: {} }]),
      machines(`${encryption}.providers`, [{ aesgcm: {} }]),
      machines(`${encryption}.providers`, []),
      machines(`${encryption}.providers`, [{ secretbox: {} }, { identity: {} }, { aescbc: {} }]),
      machines(`${encryption}.providers`, [{ secretbox: { keys: [{ name: "one", secret: "a2V5" }] } }]),
      machines(`${encryption}.resources`, ["configmaps"]),
      machines("encryptionConfiguration"),
      machines("apiServerArguments", []),
    ],
    unknown: machines("encryptionConfiguration", UNKNOWN),
  },
  "AUD-06": {
    judged: "machines",
    violations: [
      before(rule("None", {})),
      before(rights, rule("None", { verbs: ["get", "list", "watch"] })),
      before(rights, rule("Metadata", { resources: [{ group: "admissionregistration.k8s.io" }] })),
      before(rights, rule("None", { resources: [secrets] })),
      before(rights, rule("None", { userGroups: ["system:nodes"], verbs: ["get"] })),
      before(rights, rule("Request", { resources: [secrets] })),
      before(rights, rule("None", { resources: [{ group: "", resources: ["pods/*"] }] })),
      before(rights, rule("None", { resources: [{ group: "", resources: ["*/portforward"] }] })),
      before(rule("Metadata", { resources: [{ group: "rbac.authorization.k8s.io" }] })),
      machines("auditPolicy.rules", [rights, rule("Metadata", { resources: [secrets] })]),
      machines("auditPolicy.omitStages", ["RequestReceived", "ResponseComplete"]),
      machines("auditPolicy"),
      machines("apiServerArguments", ["audit-log-mode=blocking"]),
      machines("apiServerArguments", ["audit-policy-file=/etc/audit.yaml", "audit-log-mode=batch"]),
    ],
    unknown: machines("auditPolicy.rules", UNKNOWN),
  },
};
