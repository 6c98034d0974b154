import type { Properties, Subject } from "../../policies/rule";
import { at, replaced, type Path } from "./leaves";

/** Something dangerous that a resource does not have, and could be given. */
interface Addition {
  readonly pattern: string;
  readonly what: string;
  readonly props: (props: Properties) => Properties;
}

const everything = { Effect: "Allow", Action: "*", Resource: "*" };
const everyone = { ...everything, Principal: "*" };

const podPaths: readonly Path[] = [
  ["spec"],
  ["spec", "template", "spec"],
  ["spec", "jobTemplate", "spec", "template", "spec"],
];

const add = (pattern: string, path: Path, value: unknown): Addition => ({
  pattern: `+ ${pattern}`,
  what: `${pattern} is added`,
  props: (props: Properties): Properties =>
    at(props, path.slice(0, -1)) === undefined ? props : replaced(props, { path }, value),
});

/** A statement more in a policy that is kept as text. */
const statement = (path: Path, more: object): Addition => ({
  pattern: `+ ${path.join(".")} » Statement`,
  what: "a statement that allows everything is added",
  props: (props: Properties): Properties => {
    const document = JSON.parse(String(at(props, path))) as { Statement: object[] };
    return replaced(props, { path }, JSON.stringify({ ...document, Statement: [...document.Statement, more] }));
  },
});

/** What mutants add: absent fields are no leaves, and the absence of some is what keeps a plan safe. */
export function additions({ type, props }: Subject): Addition[] {
  const found: Addition[] = [];
  for (const field of ["policy", "assumeRolePolicy"] as const) {
    if (typeof props[field] === "string" && (props[field] as string).includes('"Statement"')) {
      found.push(statement([field], type.startsWith("aws:iam/") && field === "policy" ? everything : everyone));
    }
  }
  const pod = type.startsWith("kubernetes:")
    ? podPaths.find((path) => Array.isArray(at(props, [...path, "containers"])))
    : undefined;
  if (pod !== undefined) {
    const container: Path = [...pod, "containers", 0];
    for (const host of ["hostNetwork", "hostPID", "hostIPC"]) found.push(add(host, [...pod, host], true));
    found.push(
      add("securityContext.privileged", [...container, "securityContext", "privileged"], true),
      add("securityContext.capabilities.add", [...container, "securityContext", "capabilities", "add"], ["SYS_ADMIN"]),
      add(
        "volumes hostPath",
        [...pod, "volumes"],
        [...list(at(props, [...pod, "volumes"])), { name: "host", hostPath: { path: "/" } }],
      ),
      add(
        "an image from outside",
        [...pod, "containers"],
        [
          ...list(at(props, [...pod, "containers"])),
          { ...(at(props, container) as object), name: "more", image: "docker.io/library/more:latest" },
        ],
      ),
      add(
        "env with a secret",
        [...container, "env"],
        [...list(at(props, [...container, "env"])), { name: "API_PASSWORD", value: "hunter2-hunter2" }],
      ),
    );
  }
  if (type.endsWith(":NetworkPolicy")) {
    found.push(
      add("spec.ingress from everywhere", ["spec", "ingress"], [...list(at(props, ["spec", "ingress"])), {}]),
      add(
        "spec.egress to everywhere",
        ["spec", "egress"],
        [...list(at(props, ["spec", "egress"])), { to: [{ ipBlock: { cidr: "0.0.0.0/0" } }] }],
      ),
    );
  }
  if (/:(Cluster)?Role$/.test(type) && type.startsWith("kubernetes:")) {
    found.push(
      add(
        "rules for everything",
        ["rules"],
        [...list(at(props, ["rules"])), { apiGroups: ["*"], resources: ["*"], verbs: ["*"] }],
      ),
    );
  }
  if (type === "kubernetes:core/v1:Service")
    found.push(add("spec.externalIPs", ["spec", "externalIPs"], ["203.0.113.9"]));
  if (type === "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup") {
    found.push(add("ingress", ["ingress"], [{ cidrBlocks: ["0.0.0.0/0"], protocol: "-1", fromPort: 0, toPort: 0 }]));
  }
  return found;
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
