import { beforeAll, describe, expect, it } from "vitest";
import * as pulumi from "@pulumi/pulumi";
import { layFoundation } from "../../../../components/foundation";
import { accessRecordSource } from "../../../../components/foundation/colocation/access-records";
import { cageMachine } from "../../../../components/foundation/colocation/cage-machine";
import { tangUnlock } from "../../../../components/foundation/colocation/disk-unlock";
import {
  gatewayRoutes,
  linkNetworks,
  planLinkFlows,
  type ColocationEnvironment,
} from "../../../../components/foundation/colocation/link-flows";
import { planManagementIsolation } from "../../../../components/foundation/colocation/management-isolation";
import { filesOf, type LinkFiles } from "../../../../components/foundation/colocation/site-link";
import { packSettings } from "../../../../scripts/gate";
import { readEnvironment } from "../../../../stacks/environment";
import { makeAuthorities } from "../../authorities";
import { foundationComputed } from "../../computed";
import { record, type World } from "../../recorded-world";

const example = readEnvironment("colocation") as ColocationEnvironment;
/** The example with all that a cage may have besides. */
const whole: ColocationEnvironment = {
  ...example,
  footprint: {
    ...example.footprint,
    administrators: ["10.1.2.0/24"],
    backupTarget: {
      endpoint: "https://s3.par1.example.internal:9000",
      region: "par1",
      country: "DE",
      cidr: "10.9.0.0/28",
      capabilities: ["versioning", "object-lock"],
    },
    facility: {
      ...example.footprint.facility,
      accessRecords: {
        host: "records.dc.example.com",
        cidr: "172.20.0.0/28",
        port: 22,
        protocol: "sftp",
        format: "csv",
        owner: "facility@example.com",
      },
    },
  },
};

const lines = (environment: ColocationEnvironment) =>
  planLinkFlows(environment).map(
    ({ from, to, port }) => `${from.side} ${from.cidrs.join()} > ${to.side} ${to.cidrs.join()}:${port}`,
  );

describe("the way between cage and company", () => {
  it("lets in the door's clients and out to the key servers, and nothing else unasked", () => {
    expect(lines(example)).toEqual([
      "link 10.4.0.0/16 > cage 10.60.3.0/28:443",
      "cage 10.60.0.0/22 > link 10.1.0.11/32:443",
      "cage 10.60.0.0/22 > link 10.1.0.12/32:443",
    ]);
    expect(lines(whole).slice(3)).toEqual([
      "link 10.1.2.0/24 > management 192.168.40.0/24:443",
      "cage 10.60.0.0/22 > link 10.9.0.0/28:9000",
      "cage 10.60.0.0/22 > facility 172.20.0.0/28:22",
    ]);
  });

  it("carries declared networks alone: no default route, and not the whole of the company", () => {
    const { company, cage } = linkNetworks(planLinkFlows(whole));
    expect(company).toEqual(["10.4.0.0/16", "10.1.0.11/32", "10.1.0.12/32", "10.1.2.0/24", "10.9.0.0/28"]);
    expect(cage).toEqual(["10.60.3.0/28", "10.60.0.0/22", "192.168.40.0/24"]);
    for (const kind of ["wireguard", "ipsec"] as const) {
      const key = Buffer.alloc(32, 7).toString("base64");
      const siteLink = { ...whole.footprint.siteLink, kind };
      const files = filesOf({ ...whole, footprint: { ...whole.footprint, siteLink } }, key, key);
      const text = JSON.stringify(files);
      expect(text).not.toMatch(/0\.0\.0\.0\/0|10\.0\.0\.0\/12|undefined/);
    }
  });

  it("gives machines a route to each network behind the gateway, and none to the management controllers", () => {
    const routes = gatewayRoutes(whole);
    expect(routes.map(({ to }) => to)).toEqual([
      ...["10.4.0.0/16", "10.1.0.11/32", "10.1.0.12/32", "10.9.0.0/28", "172.20.0.0/28"],
    ]);
    expect(new Set(routes.map(({ via }) => via))).toEqual(new Set(["10.60.0.2"]));
    expect(planManagementIsolation(whole.footprint).routes).toEqual([{ to: "192.168.40.0/24", type: "unreachable" }]);
  });

  it("offers IPsec peers one suite, so that none can be negotiated down to", () => {
    const siteLink = { ...example.footprint.siteLink, kind: "ipsec" as const };
    const { gateway } = filesOf({ ...example, footprint: { ...example.footprint, siteLink } }, "c2VjcmV0", "");
    expect(gateway["/etc/swanctl/conf.d/link.conf"]).toMatch(/^ {4}proposals = aes256gcm16-prfsha384-ecp384$/m);
    expect(gateway["/etc/systemd/network/link.network"]).toContain("[Route]\nDestination=10.4.0.0/16\n");
  });
});

describe("a machine's disk", () => {
  it("is bound to key servers by their thumbprints, and finds them before it has a name server", () => {
    const unlock = tangUnlock({ ...example.footprint, keyServersNeeded: 2 });
    const [first, last] = unlock.bind(["/dev/disk/by-partlabel/it's"], "/run/key");
    expect(first).toMatch(
      /^clevis luks bind -y -k '\/run\/key' -d '\/dev\/disk\/by-partlabel\/it'\\''s' sss '\{"t":2,/,
    );
    expect(first?.match(/"thp":"[\w-]{43}"/g)).toHaveLength(2);
    expect(last).toBe("update-initramfs -u -k all");
    const hook = unlock.files[unlock.executable[0] ?? ""] ?? "";
    expect(hook).toContain("'10.1.0.11 tang-1.example.internal' '10.1.0.12 tang-2.example.internal'");
  });

  it("has an address early on, with the gateway as its only way", () => {
    const machine = example.footprint.machines[0]!;
    const { kernelParameters, files, units, routes } = cageMachine(example, machine);
    expect(kernelParameters).toEqual(["ip=10.60.0.11::10.60.0.2:255.255.252.0:server-1:lan0:off"]);
    expect(files["/etc/systemd/network/10-lan0.link"]).toContain(`MACAddress=${machine.macs[0]}\n`);
    expect(units.map((unit) => files[`/etc/systemd/system/${unit}`])).toEqual([
      expect.stringContaining("ExecStart=/usr/sbin/nft -f /etc/nftables.d/management.nft\n"),
    ]);
    expect(routes.at(-1)).toEqual({ to: "192.168.40.0/24", type: "unreachable" });
  });
});

it("lets the gate pass the region of a backup target, whose country the file allows", () => {
  expect(packSettings(whole).allowedRegions).toEqual(["site", "par1"]);
  expect(packSettings(example).allowedRegions).toEqual(["site"]);
});

describe("the building's records of who entered", () => {
  it("have a declared source and a place under the audit lock, or are not there", () => {
    expect(accessRecordSource(example)).toBeUndefined();
    expect(accessRecordSource(whole)).toEqual({
      url: "sftp://records.dc.example.com:22/",
      format: "csv",
      owner: "facility@example.com",
      destination: { bucket: "example-colocation-audit", prefix: "facility/fra2/access/" },
    });
  });
});

describe("the foundation of a cage", () => {
  let world: World<Record<string, unknown>>;
  let secrets: Record<string, boolean>;

  beforeAll(async () => {
    const authorities = await makeAuthorities(Date.now());
    world = await record(foundationComputed, () => {
      const { outputs = {} } = layFoundation(whole, authorities);
      secrets = {};
      for (const [name, value] of Object.entries(outputs)) {
        void pulumi.isSecret(value).then((secret) => (secrets[name] = secret));
      }
      return pulumi.output(outputs);
    });
  });

  it("makes the link's keys, and hands both ends their files as secrets", () => {
    expect(world.ofType("random:index/randomBytes:RandomBytes").map(({ name }) => name)).toEqual(
      expect.arrayContaining(["foundation-link-preshared-key", "foundation-link-private-key"]),
    );
    const { gateway, company } = world.result.siteLink as LinkFiles;
    const publicKey = String(world.result.siteLinkPublicKey);
    expect(gateway["/etc/wireguard/link.conf"]).not.toContain(publicKey);
    expect(company["/etc/wireguard/cage.peer.conf"]).toContain(`PublicKey = ${publicKey}\n`);
    expect(secrets).toMatchObject({ siteLink: true, siteLinkPublicKey: false, backupRepository: true });
  });

  it("keeps the second copy of the backups under lock at its own endpoint, encrypted by a key that stays", () => {
    const buckets = world.ofType("aws:s3/bucket:Bucket").filter(({ name }) => name.includes("backup-target"));
    expect(buckets.map(({ inputs, protect }) => [inputs.bucket, inputs.objectLockEnabled, protect])).toEqual([
      ["example-colocation-backups", true, true],
    ]);
    const provider = world.inputs("foundation-backup-target-provider");
    expect(JSON.parse(String(provider.endpoints))).toEqual([{ s3: "https://s3.par1.example.internal:9000" }]);
    expect(provider.profile).toBe("colocation-backup-target");
    expect(
      world.ofType("random:index/randomPassword:RandomPassword").find(({ name }) => name.endsWith("target-key")),
    ).toMatchObject({ protect: true, retainOnDelete: true });
    expect(world.result.backupRepository).toMatchObject({
      RESTIC_REPOSITORY: "s3:https://s3.par1.example.internal:9000/example-colocation-backups",
    });
  });
});
