import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { resourcesOfEvents, resourcesOfState } from "../../../scripts/export/engine-resource";
import { kubernetesObjects, objectName } from "../../../scripts/export/kubernetes-objects";
import { kubernetesYaml } from "../../../scripts/export/kubernetes-yaml";
import { eventLog, secret, stackState, unknownText, type LoggedStep } from "./engine-logs";

const object = (kind: string, name: string, more: object = {}, apiVersion = "v1"): LoggedStep => ({
  type: `kubernetes:core/v1:${kind}`,
  name: `platform-${name}`,
  inputs: { apiVersion, kind, metadata: { name, namespace: "gateway" }, ...more },
});

const exported = (...steps: LoggedStep[]) => kubernetesObjects(resourcesOfEvents(eventLog(steps)));

describe("kubernetesObjects", () => {
  it("gives whole objects without what the engine and the API server add", () => {
    const metadata = {
      namespace: "gateway",
      name: "envoy",
      annotations: { "pulumi.com/skipAwait": "true", "cloister.dev/purpose": "the door" },
      labels: { b: "2", a: "1" },
      resourceVersion: "7",
      uid: "u",
      managedFields: [],
    };
    const { objects, placeholders } = exported(
      object("Service", "envoy", {
        __internal: {},
        metadata,
        status: { loadBalancer: {} },
        spec: { type: "ClusterIP" },
      }),
    );
    expect(objects).toEqual([
      {
        apiVersion: "v1",
        kind: "Service",
        metadata: {
          name: "envoy",
          namespace: "gateway",
          annotations: { "cloister.dev/purpose": "the door" },
          labels: { a: "1", b: "2" },
        },
        spec: { type: "ClusterIP" },
      },
    ]);
    expect(placeholders).toEqual([]);
  });

  it("hides each value of a Secret, whether or not the engine knows it for one, and keeps its keys", () => {
    const { objects, placeholders } = exported(
      object("Secret", "whole", { data: secret }),
      object("Secret", "known", { data: { "door.key": "LS0tLS1CRUdJTg==" }, stringData: { token: secret } }),
    );
    expect(JSON.stringify(objects)).not.toMatch(/ciphertext|LS0tLS1CRUdJTg|v1:secret/);
    const hidden = Buffer.from("redacted-by-cloister-export").toString("base64");
    expect(objects.map(({ data, stringData }) => ({ data, stringData }))).toEqual([
      { data: { "door.key": hidden }, stringData: { token: "redacted-by-cloister-export" } },
      { data: { redacted: hidden }, stringData: undefined },
    ]);
    expect(placeholders.map(({ where }) => where)).toEqual([
      "Secret gateway/known data.door.key",
      "Secret gateway/known stringData.token",
      "Secret gateway/whole data.redacted",
    ]);
  });

  it("names what is a secret or not known yet elsewhere, at its path", () => {
    const { objects, placeholders } = exported(
      object("ConfigMap", "config", { data: { url: unknownText, list: [{ password: secret }] } }),
    );
    expect(objects[0]?.data).toEqual({
      url: "unknown-until-created",
      list: [{ password: "redacted-by-cloister-export" }],
    });
    expect(placeholders).toEqual([
      { where: "ConfigMap gateway/config data.list[0].password", placeholder: "redacted-by-cloister-export" },
      { where: "ConfigMap gateway/config data.url", placeholder: "unknown-until-created" },
    ]);
  });

  it("leaves out what is deleted, what is nobody's object, and tells of patches", () => {
    const { objects, leftOut } = exported(
      { ...object("ConfigMap", "gone"), op: "delete" },
      { ...object("ConfigMap", "others"), op: "read" },
      { type: "pulumi:providers:kubernetes", name: "cluster", inputs: { kubeconfig: "secret" } },
      { ...object("Namespace", "patched"), type: "kubernetes:core/v1:NamespacePatch" },
    );
    expect({ objects, leftOut }).toEqual({ objects: [], leftOut: ["platform-patched"] });
  });

  it("keeps one order in which it can be applied, whatever the engine's was", () => {
    const steps = [
      object("Deployment", "b", {}, "apps/v1"),
      object("Widget", "z", {}, "example.dev/v1"),
      object("ServiceAccount", "b"),
      object("NetworkPolicy", "b"),
      object("Deployment", "a", {}, "apps/v1"),
      object("Namespace", "gateway", { metadata: { name: "gateway" } }),
    ];
    const { objects } = exported(...steps);
    expect(objects.map((one) => `${one.kind} ${objectName(one)}`)).toEqual([
      "Namespace gateway",
      "NetworkPolicy gateway/b",
      "ServiceAccount gateway/b",
      "Widget gateway/z",
      "Deployment gateway/a",
      "Deployment gateway/b",
    ]);
    const text = kubernetesYaml("on-prem", objects);
    expect(kubernetesYaml("on-prem", exported(...steps.toReversed()).objects)).toBe(text);
    expect(kubernetesYaml("on-prem", kubernetesObjects(resourcesOfState(stackState(steps))).objects)).toBe(text);
    expect(parseAllDocuments(text).map((document) => (document.toJS() as { kind: string }).kind)).toHaveLength(6);
  });

  it("quotes what an older reader of YAML would take for something else than text", () => {
    const spec = { args: ["--appendonly", "yes", "no", "0600"] };
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "one" }, spec };
    const text = kubernetesYaml("on-prem", [pod]);
    for (const word of ["yes", "no", "0600"]) expect(text).toContain(`- "${word}"`);
  });
});
