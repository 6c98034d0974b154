import { controlsOf } from "../../catalogue";
import type { Examination } from "../../examination";
import { askArgument, documentsOfKind, MANAGED_CLUSTER, typesWith } from "../../reading/api-server";
import { levelsFor, type Level, type Probe } from "../../reading/audit-policy";
import type { Properties, Rule } from "../../rule";

const group = "audit.k8s.io";
const kind = "Policy";

interface Wanted {
  readonly probes: readonly Probe[];
  readonly levels: readonly Level[];
  readonly wrong: (level: Level, what: string) => string;
}

const changes = ["create", "update", "patch", "delete", "deletecollection"];
const probesOf = (group: string, resources: readonly string[], verbs: readonly string[]): Probe[] =>
  resources.flatMap((resource) => verbs.map((verb) => ({ group, resource, verb })));

const unseen = (level: Level, what: string) => `${what} is recorded as ${level}`;
const onRecord: readonly Level[] = ["Metadata", "Request", "RequestResponse"];

/** What must be on the record, and how much of it. */
const wanted: readonly Wanted[] = [
  {
    // Who gave whom which rights: not only that somebody did.
    probes: [
      ...probesOf(
        "rbac.authorization.k8s.io",
        ["roles", "rolebindings", "clusterroles", "clusterrolebindings"],
        changes,
      ),
      ...probesOf(
        "admissionregistration.k8s.io",
        ["validatingadmissionpolicies", "mutatingwebhookconfigurations"],
        changes,
      ),
    ],
    levels: ["Request", "RequestResponse"],
    wrong: (level, what) => `${what} is recorded as ${level}: what was given or let through is not told`,
  },
  {
    probes: [
      ...probesOf("", ["pods/exec", "pods/attach", "pods/portforward"], ["get", "create"]),
      ...probesOf("", ["pods/ephemeralcontainers"], ["update", "patch"]),
    ],
    levels: onRecord,
    wrong: unseen,
  },
  {
    probes: [
      ...probesOf("", ["secrets"], ["get", "list", "watch", ...changes]),
      ...probesOf("", ["serviceaccounts/token"], ["create"]),
      ...probesOf("authentication.k8s.io", ["tokenreviews"], ["create"]),
    ],
    levels: ["Metadata"],
    wrong: (level, what) =>
      level === "None" ? unseen(level, what) : `${what} is recorded as ${level}, which writes the secret into the log`,
  },
  {
    probes: [
      ...probesOf("", ["configmaps"], changes),
      ...probesOf("apps", ["deployments"], changes),
      ...probesOf("certificates.k8s.io", ["certificatesigningrequests/approval"], ["update", "patch"]),
    ],
    levels: onRecord,
    wrong: unseen,
  },
];

/** What people look at. That the system's own parts read without a record is left to the policy: they read all the time. */
const reads: readonly Probe[] = [
  ...probesOf("", ["pods", "pods/log", "configmaps", "namespaces"], ["get", "list", "watch"]),
  ...probesOf("apps", ["deployments"], ["get", "list", "watch"]),
];

function judge(path: string, policy: Properties, examination: Examination): void {
  for (const { probes, levels, wrong } of wanted) {
    for (const probe of probes) {
      examination.ask(`${path}rules`, () => {
        const level = levelsFor(policy, probe).find((one) => !levels.includes(one));
        return level && wrong(level, `${probe.verb} ${probe.resource}`);
      });
    }
  }
  for (const probe of reads) {
    examination.ask(`${path}rules`, () =>
      levelsFor(policy, probe).at(-1) === "None"
        ? `${probe.verb} ${probe.resource} by whoever it is leaves no trace`
        : undefined,
    );
  }
  examination.ask(`${path}omitStages`, () => {
    const rules = (policy?.rules ?? []) as Properties[];
    const omitted = [policy, ...rules].flatMap((one) => (one?.omitStages ?? []) as string[]);
    const last = omitted.find((stage) => stage !== "RequestReceived");
    return last && `${last} is left out, and with it how requests ended`;
  });
}

export const aud06: Rule = {
  id: "AUD-06",
  title: "The API server's audit policy records rights, executions and secrets",
  severity: "critical",
  scope: "resource",
  types: [...typesWith(group, kind), MANAGED_CLUSTER],
  remediation:
    "Let the audit policy record changes of rights with their bodies, executions in pods, and secrets as metadata alone, before any rule of level None that could match them.",
  supports: controlsOf("AUD-06"),
  check(subject, examination) {
    if (subject.type === MANAGED_CLUSTER) {
      return examination.notApplicable("the cloud keeps its clusters' audit policy; AUD-03 asks for the log");
    }
    examination.within("", () => {
      for (const { path, value } of documentsOfKind(subject, group, kind, "auditPolicy")) {
        judge(path === "" ? "" : `${path}.`, value, examination);
      }
    });
    askArgument(subject, examination, /^audit-policy-file=./, "the API server is not told to read it");
    askArgument(subject, examination, /^audit-log-mode=blocking(-strict)?$/, "an answer does not wait for its record");
  },
};
