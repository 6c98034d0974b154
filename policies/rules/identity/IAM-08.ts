import { controlsOf } from "../../catalogue";
import type { Examination } from "../../examination";
import type { Properties, Rule } from "../../rule";

/** What leads further than a role says: in an API group, on resources, by verbs. */
interface Danger {
  readonly group: string;
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly wrong: string;
  /** Harmless where the role names the objects. */
  readonly unlessNamed?: true;
}

const rights = ["roles", "clusterroles"];
const changes = ["create", "update", "patch"];
const dangers: readonly Danger[] = [
  {
    group: "",
    resources: ["secrets"],
    verbs: ["get", "list", "watch"],
    wrong: "it reads every secret; name those it needs in resourceNames",
    unlessNamed: true,
  },
  {
    group: "",
    resources: ["pods/exec", "pods/attach", "pods/portforward", "pods/proxy", "services/proxy"],
    verbs: ["get", "create"],
    wrong: "it gets into running pods, past the door and its record",
  },
  {
    group: "",
    resources: ["pods/ephemeralcontainers"],
    verbs: ["update", "patch"],
    wrong: "it puts a container of its own beside one that runs",
  },
  {
    group: "",
    resources: ["nodes/proxy"],
    verbs: ["get", "create", "update", "patch", "delete"],
    wrong: "it talks to the kubelets, which ask for no other right",
  },
  { group: "", resources: ["serviceaccounts/token"], verbs: ["create"], wrong: "it makes tokens of other accounts" },
  {
    group: "",
    resources: ["users", "groups", "serviceaccounts"],
    verbs: ["impersonate"],
    wrong: "it speaks as somebody else",
  },
  {
    group: "authentication.k8s.io",
    resources: ["users", "groups", "uids", "userextras"],
    verbs: ["impersonate"],
    wrong: "it speaks as somebody else",
  },
  {
    group: "rbac.authorization.k8s.io",
    resources: rights,
    verbs: ["escalate", "bind"],
    wrong: "it gives rights that it does not have",
  },
  {
    group: "certificates.k8s.io",
    resources: ["certificatesigningrequests/approval", "certificatesigningrequests/status"],
    verbs: ["update", "patch"],
    wrong: "it makes certificates, and so identities",
  },
  { group: "certificates.k8s.io", resources: ["signers"], verbs: ["approve", "sign"], wrong: "it makes certificates" },
  {
    group: "admissionregistration.k8s.io",
    resources: ["validatingwebhookconfigurations", "mutatingwebhookconfigurations"],
    verbs: changes,
    wrong: "it reads and rewrites whatever is created",
  },
  {
    group: "admissionregistration.k8s.io",
    resources: ["validatingadmissionpolicies", "validatingadmissionpolicybindings"],
    verbs: [...changes.slice(1), "delete"],
    wrong: "it lifts every admission policy, its own bounds among them; name those it keeps in resourceNames",
    unlessNamed: true,
  },
];

/** A star is everything; before the slash it is every kind, behind it every subresource. */
const holds = (list: readonly string[], wanted: string): boolean => {
  const [kind = "", sub] = wanted.split("/");
  const also = sub === undefined ? [] : [`*/${sub}`, `${kind}/*`, "*/*"];
  return ["*", wanted, ...also].some((pattern) => list.includes(pattern));
};

function dangerOf(rule: Properties): string | undefined {
  const listOf = (part: string) => ((rule?.[part] ?? []) as unknown[]).map(String);
  const found = dangers.find(
    ({ group, resources, verbs, unlessNamed }) =>
      holds(listOf("apiGroups"), group) &&
      resources.some((resource) => holds(listOf("resources"), resource)) &&
      verbs.some((verb) => holds(listOf("verbs"), verb)) &&
      !(unlessNamed === true && listOf("resourceNames").length > 0),
  );
  return found && `${listOf("verbs").join(", ")} on ${listOf("resources").join(", ")}: ${found.wrong}`;
}

function role(path: string, given: Properties, examination: Examination): void {
  if (given?.aggregationRule) {
    examination.undecided(`${path}aggregationRule`, "the role's rights are whatever other roles' labels bring");
  }
  examination.within(`${path}rules`, () => {
    const rules = (given?.rules ?? []) as Properties[];
    for (let index = 0; index < rules.length; index += 1) {
      examination.ask(`${path}rules[${index}]`, () => dangerOf(rules[index]));
    }
    if (rules.length === 0) examination.ask(`${path}rules`, () => undefined);
  });
}

export const iam08: Rule = {
  id: "IAM-08",
  title: "No role lists secrets, executes in pods, escalates, impersonates or mints tokens",
  severity: "high",
  scope: "resource",
  types: [
    "kubernetes:rbac.authorization.k8s.io/*:Role",
    "kubernetes:rbac.authorization.k8s.io/*:ClusterRole",
    "cloister:index:Machines",
  ],
  remediation:
    "Take the verbs out that lead further; who must read a secret names it in resourceNames, and who needs a shell asks the broker for one.",
  supports: controlsOf("IAM-08"),
  check(subject, examination) {
    if (subject.type !== "cloister:index:Machines") return role("", subject.props, examination);
    // What the first server applies before anybody can ask the API server for anything.
    examination.within("manifests", () => {
      const manifests = (subject.props.manifests ?? []) as Properties[];
      manifests.forEach((manifest, index) => {
        if (/^(Cluster)?Role$/.test(String(manifest?.kind))) role(`manifests[${index}].`, manifest, examination);
      });
      examination.ask("manifests", () => (manifests.length > 0 ? undefined : "what operators may do is not said"));
    });
  },
};
