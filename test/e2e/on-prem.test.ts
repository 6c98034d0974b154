import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lockProofLine, proveLock } from "../../scripts/rehearse/prove-lock";
import { encryptionKeyName } from "../../components/foundation/machines/api-server-documents";
import { clusterFilesOf } from "../../components/foundation/machines/cluster-files";
import type { OnSiteEnvironment } from "../../components/foundation/on-site/on-site-plan";
import { readEnvironment } from "../../stacks/environment";
import type { Rehearsal } from "../../scripts/rehearse/rehearsal";
import { expectAccounted, expectChanges, expectGuarded, expectNothingLeft } from "./footprint-story";
import { expectJudged } from "../judges/expect-judged";
import { openedWith, rawValue } from "./raw-etcd";
import { readLedgers } from "../../policies/evidence/ledger";
import { verdictsOf } from "../../policies/evidence/summary";
import { ungatedUpdates } from "../../scripts/up/verdict/answer-ungated";
import { standing } from "./standing";
import { changesOf, rehearsalTools, RehearsedExample } from "./rehearsed";

const minutes = 60_000;

/** One story, told in order: each test goes on where the one before it ended. */
describe("on-prem, from nothing to nothing", () => {
  let example: RehearsedExample;
  let rehearsal: Rehearsal;

  beforeAll(async () => {
    example = new RehearsedExample(await rehearsalTools(), "on-prem");
    rehearsal = await example.open("up");
  }, 30 * minutes);

  afterAll(() => example.close(), 2 * minutes);

  test(
    "comes up from nothing and is released",
    async () => {
      const summary = await rehearsal.run();
      expect(summary.stacks.flatMap(({ errors, refused }) => [...errors, ...refused])).toEqual([]);
      expect(summary.outcome).toBe("released");
      expect(summary.policies).toMatchObject({ fail: 0, open: 0 });
      expect(summary.policies.pass).toBeGreaterThan(50);
      expect(summary.resources).toBe(summary.population.resources);
      await expectAccounted({ example, rehearsal });
      expect(summary.outputs).toMatchObject({ door: "https://llm.example.internal", planned: false });
      expect(JSON.parse(readFileSync(summary.evidence.sarif, "utf8"))).toHaveProperty("version", "2.1.0");
      expect(readFileSync(summary.evidence.html, "utf8")).toContain("stand-in");
    },
    5 * minutes,
  );

  test("runs what it says: pods are scheduled, the model on GPU nodes", async () => {
    const pods = JSON.parse(await example.kubectl("get", "pods", "-A", "-o", "json")) as {
      items: { metadata: { namespace: string }; spec: { nodeName: string }; status: { phase: string } }[];
    };
    const placed = pods.items.map(
      ({ metadata, spec, status }) => `${metadata.namespace} ${spec.nodeName} ${status.phase}`,
    );
    expect(placed.filter((line) => line.startsWith("serving")).sort()).toEqual([
      "serving gpu-1 Running",
      "serving gpu-2 Running",
    ]);
    expect(new Set(pods.items.map(({ status }) => status.phase))).toEqual(new Set(["Running"]));
  });

  test("stands before the judges that others wrote", () => expectJudged(example), 10 * minutes);

  test("keeps what lies in its locked buckets from the store's own administrator", async () => {
    const { store } = rehearsal.site;
    const proofs = await Promise.all([
      proveLock(store, "example-on-prem-audit", "COMPLIANCE"),
      ...["weights", "backups", "state"].map((name) => proveLock(store, `example-on-prem-${name}`, "GOVERNANCE")),
    ]);
    expect(proofs.filter(({ holds }) => !holds).map(lockProofLine)).toEqual([]);
    expect(proofs.map(({ attempts }) => attempts.length)).toEqual([9, 5, 5, 5]);
  });

  test("starts its control plane from what the foundation rendered for the first server", async () => {
    const plane = await rehearsal.controlPlane();
    const machines = await rehearsal.machines();
    if (machines === undefined) throw new Error("the foundation hands nothing to its machines");
    expect(plane.caCertificate).toBe(machines.authorities.server.certificate);
    const { documents } = clusterFilesOf(readEnvironment("on-prem") as OnSiteEnvironment, machines);
    for (const [name, text] of Object.entries(documents)) {
      expect(readFileSync(join(example.files.controlPlane, "configuration", `${name}.yaml`), "utf8")).toBe(text);
    }
    const raw = await rawValue(plane, "secrets/gateway/envoy-tls");
    const prefix = `k8s:enc:secretbox:v1:${encryptionKeyName}:`;
    expect(raw.subarray(0, prefix.length).toString()).toBe(prefix);
    expect(raw.toString("latin1")).not.toContain("PRIVATE KEY");
    expect(openedWith(machines.encryptionKey, raw, prefix).toString("latin1")).toContain("PRIVATE KEY");
    const other = Buffer.alloc(32, 1).toString("base64");
    expect(() => openedWith(other, raw, prefix)).toThrow();
  });

  test("gives its operators no way to more than they have", async () => {
    const attempt = async (...args: string[]) =>
      example.kubectl(...args).then(
        () => "done",
        (error: Error & { stderr?: string }) => error.stderr ?? error.message,
      );
    const strong = ["clusterrole-aggregation-controller", "-n", "kube-system"];
    expect(await attempt("create", "token", ...strong)).toMatch(/cannot create resource "serviceaccounts\/token"/);
    const binding = [
      "create",
      "clusterrolebinding",
      "climb",
      "--clusterrole=cluster-admin",
      "--user=cloister:operator",
    ];
    expect(await attempt(...binding)).toContain('cannot create resource "clusterrolebindings"');
    const pod = ["create", "deployment", "climb", "-n", "kube-system", "--image=registry.example/climb"];
    expect(await attempt(...pod)).toContain("the namespaces of the control plane are not the operators'");
    const token = ["create", "secret", "generic", "climb", "-n", "kube-system", "--from-literal=a=b"];
    expect(await attempt(...token)).toContain("the namespaces of the control plane are not the operators'");
    for (const [name, answer] of [
      ["cloister-images", "done"],
      ["cloister-operators", "no"],
    ] as const) {
      const may = await attempt("auth", "can-i", "patch", `validatingadmissionpolicies/${name}`);
      expect([name, may === "done"]).toEqual([name, answer === "done"]);
    }
    const open = ["label", "namespace", "serving", "pod-security.kubernetes.io/enforce=privileged", "--overwrite"];
    expect(await attempt(...open)).toContain("enforces the restricted Pod Security level");
    expect(await attempt("label", "namespace", "kube-system", "climb=yes")).toContain("not the operators'");
    for (const [verb, resource] of [
      ["create", "pods/exec"],
      ["create", "nodes/proxy"],
      ["create", "persistentvolumes"],
      ["update", "certificatesigningrequests/approval"],
      ["delete", "validatingadmissionpolicies"],
      ["create", "helmcharts.helm.cattle.io"],
      ["impersonate", "users"],
      ["list", "secrets"],
      ["get", "secrets/another"],
    ] as const) {
      expect([verb, resource, await attempt("auth", "can-i", verb, resource)]).not.toContain("done");
    }
    expect(await attempt("auth", "can-i", "create", "deployments", "-n", "serving")).toBe("done");
    expect(await attempt("auth", "can-i", "watch", "secrets/vllm-tls", "-n", "serving")).toBe("done");
  });

  test("keeps private keys out of what the engine writes down in clear", async () => {
    const secret = JSON.parse(await example.kubectl("-n", "gateway", "get", "secret", "envoy-tls", "-o", "json")) as {
      data: Record<string, string>;
    };
    const key = secret.data["door.key"] ?? "";
    expect(Buffer.from(key, "base64").toString()).toContain("PRIVATE KEY");
    for (const layer of ["foundation", "platform"]) {
      const state = readFileSync(`${example.files.state}/.pulumi/stacks/cloister/on-prem-${layer}.json`, "utf8");
      expect(state).not.toContain(key);
      expect(state).not.toContain("PRIVATE KEY");
    }
    // Whatever else lies in the rehearsal's folder: only what has to hold a key does, and only its owner reads it.
    const files = readdirSync(example.files.directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const clear = files.filter((file) => /PRIVATE KEY/.test(readFileSync(file, "latin1")));
    const places = clear.map((file) => relative(example.files.directory, file).split("/").slice(0, 2).join("/"));
    expect([...new Set(places)].sort()).toEqual(["authorities.json", "control-plane/credentials", "evidence-key.pem"]);
    expect(clear.map((file) => statSync(file).mode & 0o077)).toEqual(clear.map(() => 0));
  });

  test(
    "changes nothing at a second run",
    async () => {
      rehearsal = await example.open("up");
      const summary = await rehearsal.run();
      expect(summary).toMatchObject({ outcome: "released", changed: 0, created: 0 });
    },
    5 * minutes,
  );

  test(
    "plans each change as the table says, and keeps what holds data",
    async () => {
      await expectChanges({ example, rehearsal });
      expectGuarded({ example, rehearsal });
    },
    10 * minutes,
  );

  test(
    "sees drift that somebody made by hand, does not fight over it unasked, and mends it",
    async () => {
      await example.kubectl("-n", "serving", "delete", "networkpolicy", "default-deny");
      await example.kubectl("-n", "gateway", "scale", "deployment", "envoy", "--replicas=1");
      const refreshed = await rehearsal.refresh("platform");
      expect(changesOf(refreshed.steps)).toEqual([
        "delete platform-serving-default-deny",
        "update platform-gateway-door-envoy-deployment",
      ]);
      const refused = await rehearsal.runLayer("platform", "up");
      expect(refused.code).not.toBe(0);
      expect(refused.errors.join("\n")).toMatch(
        /gateway\/envoy has fields that another manager owns[^]*spec\.replicas[^]*kubectl/,
      );

      await example.kubectl("-n", "gateway", "scale", "deployment", "envoy", "--replicas=2");
      const mended = await rehearsal.runLayer("platform", "up");
      expect(changesOf(mended.steps)).toEqual([
        "create platform-serving-default-deny",
        "update platform-gateway-door-envoy-deployment",
      ]);
      expect(
        await example.kubectl("-n", "gateway", "get", "deployment", "envoy", "-o", "jsonpath={.spec.replicas}"),
      ).toBe("2");
    },
    5 * minutes,
  );

  test(
    "stops at a state that was edited without the gate, and judges it when it is told to",
    async () => {
      const audit = standing(example, "foundation").find(({ id }) => id === "example-on-prem-audit")!;
      const edit = ["state", "unprotect", audit.urn, "--yes", "--stack", "on-prem-foundation"];
      expect(await rehearsal["engine"].ask(edit)).toBeDefined();
      expect((await rehearsal.run()).outcome).toBe("stopped");
      expect(ungatedUpdates(example.files.directory)).toEqual([]);
      // What keeps the record from deletion was taken away: no judgement can release that.
      expect((await rehearsal.run(true)).outcome).toBe("not-released");
      const judged = readLedgers(join(example.files.directory, "verdicts")).filter(({ phase }) => phase === "analysis");
      expect(verdictsOf(judged, "critical", "fail").map(({ rule, urn }) => [rule, urn])).toEqual([
        ["IMM-05", audit.urn],
      ]);
      expect(ungatedUpdates(example.files.directory)).toMatchObject([
        { stack: "on-prem-foundation", released: false, resources: [`changed ${audit.urn.split("::").at(-1)}`] },
      ]);
    },
    5 * minutes,
  );

  test("leaves nothing behind when it is destroyed", () => expectNothingLeft({ example, rehearsal }), 5 * minutes);
});
