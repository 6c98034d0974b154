import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parse } from "yaml";
import type { MachineSecrets } from "../../../components/foundation/machines/machine-secrets";
import { Authority } from "../../../rehearsal/control-plane/authority";
import { writeOperatorsKubeconfig } from "../../../scripts/kubeconfig/operators-kubeconfig";
import { makeMachineSecrets, siteNamed } from "../../components/foundation/machines/machine-secrets";

const environment = siteNamed("on-prem");
const folder = mkdtempSync(join(tmpdir(), "cloister-kubeconfig-"));
const path = join(folder, "config");
let secrets: MachineSecrets;

beforeAll(async () => {
  const made = await makeMachineSecrets(environment);
  secrets = { ...made, authorities: { ...made.authorities, client: await Authority.make("client") } };
});
afterAll(() => rmSync(folder, { recursive: true }));

it("names a person of the operators' group, for hours, and is for its owner's eyes", async () => {
  const before = Date.now();
  const { context } = await writeOperatorsKubeconfig({ environment, secrets, user: "ada", hours: "8", path });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  interface Config {
    readonly clusters: readonly { readonly cluster: Record<string, string> }[];
    readonly users: readonly { readonly user: Record<string, string> }[];
  }
  const config = parse(readFileSync(path, "utf8")) as Config;
  expect(config.clusters[0]?.cluster.server).toBe("https://10.20.0.10:6443");
  const decoded = (text = "") => Buffer.from(text, "base64").toString();
  expect(decoded(config.clusters[0]?.cluster["certificate-authority-data"])).toBe(secrets.clusterRoot);
  const certificate = new X509Certificate(decoded(config.users[0]?.user["client-certificate-data"]));
  expect(certificate.subject.split("\n").sort()).toEqual(["CN=ada", "O=cloister:operators"]);
  expect(certificate.checkIssued(new X509Certificate(secrets.authorities.client.certificate))).toBe(true);
  const hours = (Date.parse(certificate.validTo) - before) / 3_600_000;
  expect([Math.round(hours), context]).toEqual([8, "cloister-on-prem"]);
});

it("refuses a longer life and a name of Kubernetes' own, both at once", async () => {
  const refused = writeOperatorsKubeconfig({ environment, secrets, user: "system:admin", hours: "25", path });
  await expect(refused).rejects.toThrow("2 mistakes");
});
