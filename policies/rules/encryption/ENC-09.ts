import { controlsOf } from "../../catalogue";
import type { Examination } from "../../examination";
import { askArgument, documentsOfKind, MACHINES, typesWith } from "../../reading/api-server";
import type { Properties, Rule } from "../../rule";

const group = "apiserver.config.k8s.io";
const kind = "EncryptionConfiguration";
/**
 * Providers that may write. `identity` writes in clear, and of `aesgcm` Kubernetes says that a key must be replaced after
 * 200,000 writes, which nothing here counts.
 */
const sealing = ["secretbox", "kms", "aescbc"];
/** Which resources a row takes in that stand for secrets: the kind itself, all of the core group, all there are. */
const secrets = ["secrets", "*.", "*.*"];

const providersOf = (row: Properties): Properties[] => (row?.providers ?? []) as Properties[];
const nameOf = (provider: Properties): string => Object.keys((provider ?? {}) as object)[0] ?? "absent";

function row(path: string, given: Properties, examination: Examination): void {
  examination.ask(`${path}.providers`, () => {
    const [first, ...others] = providersOf(given).map(nameOf);
    if (first === undefined) return "it names no provider";
    if (!sealing.includes(first)) return `${first} writes first; wanted ${sealing.join(", ")}`;
    const later = others.slice(0, -1).includes("identity");
    return later ? "identity reads before a provider that decrypts" : undefined;
  });
}

/** A key belongs into the file on a machine's encrypted disk, not into what everybody may read. */
const holdsKey = (document: Properties): boolean =>
  ((document?.resources ?? []) as Properties[])
    .flatMap(providersOf)
    .some((provider) =>
      Object.values((provider ?? {}) as Record<string, Properties>).some((settings) =>
        ((settings?.keys ?? []) as Properties[]).some((key) => Boolean(key?.secret)),
      ),
    );

export const enc09: Rule = {
  id: "ENC-09",
  title: "The API server's encryption configuration never writes in clear",
  severity: "high",
  scope: "resource",
  types: typesWith(group, kind),
  remediation:
    "Let secretbox, kms or aescbc stand first for secrets, identity last or nowhere, name the file in encryption-provider-config, and keep its keys out of the cluster.",
  supports: controlsOf("ENC-09"),
  check(subject, examination) {
    examination.within("", () => {
      for (const { path, value } of documentsOfKind(subject, group, kind, "encryptionConfiguration")) {
        const at = path === "" ? "" : `${path}.`;
        examination.within(`${at}resources`, () => {
          const rows = (value?.resources ?? []) as Properties[];
          examination.ask(`${at}resources`, () =>
            rows.some((one) => ((one?.resources ?? []) as string[]).some((name) => secrets.includes(name)))
              ? undefined
              : "secrets are not among what is encrypted",
          );
          rows.forEach((one, index) => row(`${at}resources[${index}]`, one, examination));
        });
        examination.ask(`${at}resources`, () => (holdsKey(value) ? "a key stands in it in clear" : undefined));
      }
    });
    if (subject.type !== MACHINES) return;
    askArgument(subject, examination, /^encryption-provider-config=./, "the API server is not told to read it");
  },
};
