import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { stepsToCluster } from "../../../scripts/up/cluster-context";
import { readEnvironment } from "../../../stacks/environment";

describe("the step between the two stacks", () => {
  const directory = mkdtempSync(join(tmpdir(), "cloister-context-"));
  const kubeconfig = (name: string, ...contexts: string[]): string => {
    const path = join(directory, name);
    writeFileSync(path, JSON.stringify({ contexts: contexts.map((context) => ({ name: context })) }));
    return path;
  };
  afterAll(() => rmSync(directory, { recursive: true }));

  test("is done where one of the operator's kubeconfigs has the cluster's context", () => {
    const files = [kubeconfig("other", "work"), kubeconfig("own", "cloister-on-prem")];
    expect(stepsToCluster(readEnvironment("on-prem"), { KUBECONFIG: files.join(":") })).toBeUndefined();
  });

  test.each([
    ["on-prem", "boot-media on-prem"],
    ["colocation", "boot-media colocation"],
    ["private-cloud", "aws eks update-kubeconfig --region eu-central-1 --name cloister-private-cloud"],
  ])("of %s is told, with what was found", (name, step) => {
    const told = stepsToCluster(readEnvironment(name), { KUBECONFIG: kubeconfig("other", "work") })?.join("\n");
    expect(told).toContain("has work, and not cloister-");
    expect(told).toContain(step);
  });

  test("does not trip over a kubeconfig that is not there", () => {
    const told = stepsToCluster(readEnvironment("on-prem"), { HOME: join(directory, "nobody") });
    expect(told?.[0]).toContain("has no context");
  });
});
