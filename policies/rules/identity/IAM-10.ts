import { controlsOf } from "../../catalogue";
import type { Examination } from "../../examination";
import { namesSecret, secretArgument, secretIn } from "../../reading/secrets";
import { eachContainer, podOf, workloadTypes, type Container } from "../../reading/workload";
import type { Properties, Rule, Subject } from "../../rule";

const ISSUER = "cloister.dev/issued-by";
const END = "cloister.dev/not-after";
/** The kit's circles of trust; what they issue has an end, and is the one secret that a program hands on. */
const circles = ["services", "clients", "callers", "cluster"];

/** What stands where the end is not known before an `up` of the foundation. */
const isPlanned = (text: string): boolean => text.startsWith("planned: ");

function variables({ value, path }: Container, examination: Examination): void {
  examination.within(`${path}.env`, () => {
    ((value.env ?? []) as Properties[]).forEach((one, index) =>
      examination.ask(`${path}.env[${index}]`, () => {
        if (one?.valueFrom?.secretKeyRef) {
          return `${one.name} is a secret that every child process inherits; mount it as a file`;
        }
        const text = String(one?.value ?? "");
        const shape = secretIn(text) ?? (namesSecret(String(one?.name), text) ? "a secret" : undefined);
        return shape && `${one.name} holds ${shape} in clear`;
      }),
    );
  });
  examination.ask(`${path}.envFrom`, () =>
    ((value.envFrom ?? []) as Properties[]).some(({ secretRef }) => Boolean(secretRef))
      ? "a whole secret becomes variables, which every child process inherits; mount it as files"
      : undefined,
  );
  for (const part of ["command", "args"]) {
    examination.ask(`${path}.${part}`, () => secretArgument(((value[part] ?? []) as unknown[]).map(String)));
  }
}

function configuration({ props }: Subject, examination: Examination): void {
  examination.within("data", () => {
    const data = (props.data ?? {}) as Record<string, unknown>;
    for (const name of Object.keys(data)) {
      examination.ask(`data.${name}`, () => {
        const shape = secretIn(String(data[name]));
        return shape && `it holds ${shape}, and everybody who may read the namespace reads it`;
      });
    }
  });
}

/** Values are never read: the names of what is there, and what is said of it, are enough. */
function secret({ props }: Subject, examination: Examination): void {
  examination.ask("type", () =>
    props.type === "kubernetes.io/service-account-token" ? "it is a token without an end" : undefined,
  );
  examination.ask("stringData", () =>
    Object.keys((props.stringData ?? {}) as object).length > 0 ? "the program writes it in clear" : undefined,
  );
  examination.within("data", () => {
    const names = Object.keys((props.data ?? {}) as object);
    if (names.length === 0) return;
    examination.ask("data", () => {
      const others = names.filter((name) => !/\.(crt|key|pem)$/.test(name));
      if (others.length > 0) return `${others.join(", ")}: the external store hands such secrets out, not a program`;
      const alone = names.filter((name) => name.endsWith(".key") && !names.includes(name.replace(/\.key$/, ".crt")));
      return alone.length === 0 ? undefined : `${alone.join(", ")} belongs to no certificate`;
    });
    const said = (name: string) => props.metadata?.annotations?.[name] as string | undefined;
    examination.ask(`metadata.annotations.${ISSUER}`, () => {
      const issuers = (said(ISSUER) ?? "").split(",");
      return issuers.every((issuer) => circles.includes(issuer)) ? undefined : "who issued it is not said";
    });
    examination.within(`metadata.annotations.${END}`, () => {
      const end = said(END) ?? "";
      if (isPlanned(end)) {
        return examination.undecided(`metadata.annotations.${END}`, "its end is known once it is issued");
      }
      examination.ask(`metadata.annotations.${END}`, () => {
        const time = Date.parse(end);
        if (Number.isNaN(time)) return "it has no end";
        return time > Date.now() ? undefined : `it ended on ${end}`;
      });
    });
  });
}

export const iam10: Rule = {
  id: "IAM-10",
  title: "No secret is written in clear; secrets come from the external store",
  severity: "high",
  scope: "resource",
  types: [
    "kubernetes:core/v1:Secret",
    "kubernetes:core/v1:SecretPatch",
    "kubernetes:core/v1:ConfigMap",
    "aws:secretsmanager/secretVersion:SecretVersion",
    ...workloadTypes,
  ],
  remediation:
    "Let the external store draw the secret and mount it as a file; what the kit's authorities issue says who issued it and when it ends.",
  supports: controlsOf("IAM-10"),
  check(subject, examination) {
    if (subject.type.startsWith("kubernetes:core/v1:Secret")) return secret(subject, examination);
    if (subject.type === "kubernetes:core/v1:ConfigMap") return configuration(subject, examination);
    if (subject.type.startsWith("aws:")) {
      return examination.ask("secretString", () =>
        subject.props.secretString || subject.props.secretBinary
          ? "the program writes the value, so its state holds it; let it be drawn where it is kept"
          : undefined,
      );
    }
    eachContainer(podOf(subject), examination, (container) => variables(container, examination));
  },
};
