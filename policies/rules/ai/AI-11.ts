import { controlsOf } from "../../catalogue";
import { namesPods, networkPolicyTypes, openingsOf, zoneOfPeer } from "../../reading/network-policy";
import { podOf, workloadTypes } from "../../reading/workload";
import { matches, type Properties, type Rule, type Subject } from "../../rule";
import type { Examination } from "../../examination";

/** Pods with this label act on what a model says. */
const agent = "cloister.dev/agent";
/** Service accounts of agents are named so, and of nobody else: a binding can then be judged by itself. */
const account = /^agent-/;

const bindings = [
  "kubernetes:rbac.authorization.k8s.io/*:RoleBinding",
  "kubernetes:rbac.authorization.k8s.io/*:ClusterRoleBinding",
];

function examineAgent(subject: Subject, examination: Examination): void {
  const { metadata, spec, path } = podOf(subject);
  const labels = { ...subject.props.metadata?.labels, ...metadata.labels };
  const name = spec.serviceAccountName as string | undefined;
  if (labels[agent] === undefined && !account.test(name ?? "")) {
    return examination.notApplicable("the workload is no agent");
  }
  examination.ask(`${path}.serviceAccountName`, () =>
    account.test(name ?? "") ? undefined : `${name ?? "default"} is not an account of agents alone: agent-<name>`,
  );
  examination.ask("labels", () =>
    metadata.labels?.[agent] === undefined ? "its pods do not say that they are an agent's" : undefined,
  );
  examination.ask(`${path}.automountServiceAccountToken`, () =>
    spec.automountServiceAccountToken === false ? undefined : "it is given a token of the cluster",
  );
  examination.ask(`${path}.volumes`, () => {
    const volumes = (spec.volumes ?? []) as Properties[];
    const token = volumes.find(({ projected }) =>
      ((projected?.sources ?? []) as Properties[]).some((source) => source?.serviceAccountToken),
    );
    return token === undefined ? undefined : `volume ${token.name} holds a token`;
  });
}

function examinePolicy({ props }: Subject, examination: Examination): void {
  const selector = props.spec?.podSelector ?? {};
  const keys = [
    ...Object.keys((selector.matchLabels ?? {}) as object),
    ...((selector.matchExpressions ?? []) as Properties[]).map(({ key }) => String(key)),
  ];
  if (!keys.includes(agent)) return examination.notApplicable("the policy does not speak of agents");
  examination.ask("spec.policyTypes", () =>
    ((props.spec?.policyTypes ?? []) as string[]).includes("Egress") ? undefined : "it leaves the agents' way out open",
  );
  for (const { peers, ports, path } of openingsOf(props, "egress")) {
    examination.ask(path, () => {
      if (ports.length === 0) return "every port may be reached";
      const wide = peers.find((peer) =>
        peer?.ipBlock ? !/\/32$|\/128$/.test(String(peer.ipBlock.cidr)) : !namesPods(peer) || !zoneOfPeer(peer),
      );
      if (peers.length === 0 || wide) return "an agent may reach more than named pods of one zone, or single addresses";
      return undefined;
    });
  }
}

/** That nothing else lets an agent out is asked of every namespace: NET-01 closes it, and NET-02 allows no empty peer. */
export const ai11: Rule = {
  id: "AI-11",
  title: "Agents have no cluster rights and an egress allowlist",
  severity: "high",
  scope: "resource",
  types: [...workloadTypes, ...bindings, ...networkPolicyTypes],
  remediation:
    "Give the agent an account agent-<name> with no binding and no token, and a policy that names each pod or address it may reach.",
  supports: controlsOf("AI-11"),
  check(subject, examination) {
    if (matches(networkPolicyTypes, subject.type)) return examinePolicy(subject, examination);
    if (!matches(bindings, subject.type)) return examineAgent(subject, examination);
    const subjects = (subject.props.subjects ?? []) as Properties[];
    const agents = subjects.filter((one) => one?.kind === "ServiceAccount" && account.test(String(one.name)));
    const everyone = subjects.filter((one) => /^system:serviceaccounts(:|$)/.test(String(one?.name)));
    if (agents.length + everyone.length === 0) return examination.notApplicable("no agent is bound");
    for (const one of agents) examination.ask("subjects", () => `the agent ${one.name} is given rights in the cluster`);
    for (const one of everyone) examination.ask("subjects", () => `${one.name} holds the agents' accounts too`);
  },
};
