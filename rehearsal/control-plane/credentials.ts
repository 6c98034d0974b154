import { generateKeyPairSync } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Authority, type Credential, type LeafTerms } from "./authority";
import { writePrivateFile } from "../processes/private-file";

/** Servers and components: longer than any rehearsal is kept, and made anew at every start. */
const COMPONENT_HOURS = 7 * 24;
/** Long enough for one bootstrap, and no more. */
const BOOTSTRAP_HOURS = 0.25;

export const OPERATORS = "cloister:operators";
export const KWOK_USER = "cloister:rehearsal:kwok";

export interface CredentialFiles {
  readonly certificate: string;
  readonly key: string;
}

/** Every key and certificate of the control plane. Authorities stay; all else is made anew at each start. */
export class Credentials {
  private constructor(
    private readonly directory: string,
    readonly cluster: Authority,
    /** etcd trusts nobody else: a certificate of the cluster opens no way around the API server. */
    readonly etcd: Authority,
    private readonly front: Authority,
  ) {}

  /** Opens or makes the authorities kept in a directory. */
  static async open(directory: string): Promise<Credentials> {
    const open = (name: string) => Authority.open(directory, name);
    return new Credentials(directory, await open("cluster"), await open("etcd"), await open("front-proxy"));
  }

  /** A serving certificate of the API server. */
  apiServer(): Promise<CredentialFiles> {
    const kubernetes = [
      "kubernetes",
      "kubernetes.default",
      "kubernetes.default.svc",
      "kubernetes.default.svc.cluster.local",
    ];
    return this.keep("kube-apiserver", this.cluster, serving("kube-apiserver", ["localhost", ...kubernetes]));
  }

  /** A serving certificate for a component's own health and metrics port. */
  component(name: string): Promise<CredentialFiles> {
    return this.keep(name, this.cluster, serving(name, ["localhost"]));
  }

  /** etcd's own. It is a client too: its HTTP gateway calls its gRPC port with it. */
  etcdServer(): Promise<CredentialFiles> {
    return this.keep("etcd-server", this.etcd, { ...serving("etcd", ["localhost"]), usages: ["server", "client"] });
  }

  /** What the API server shows to an aggregated API, and the file of the authority behind it. */
  async frontProxy(): Promise<CredentialFiles & { readonly authority: string }> {
    const terms = { commonName: "front-proxy-client", usages: ["client" as const], hours: COMPONENT_HOURS };
    return { ...(await this.keep("front-proxy-client", this.front, terms)), authority: this.front.path };
  }

  /** What the API server shows to etcd. */
  etcdClient(): Promise<CredentialFiles> {
    return this.keep("etcd-client", this.etcd, {
      commonName: "kube-apiserver-etcd-client",
      usages: ["client"],
      hours: COMPONENT_HOURS,
    });
  }

  /** A client of the API server; its user name and groups decide what it may do. */
  client(commonName: string, organizations: readonly string[] = [], hours = COMPONENT_HOURS): Promise<Credential> {
    return this.cluster.issue({ commonName, organizations, usages: ["client"], hours });
  }

  /**
   * The one member of `system:masters`, for the first grants only: a certificate cannot be revoked, so this one is
   * never written to disk, is forgotten after use and expires within minutes.
   */
  bootstrap(): Promise<Credential> {
    return this.client("cloister:rehearsal:bootstrap", ["system:masters"], BOOTSTRAP_HOURS);
  }

  /** Signs ServiceAccount tokens; kept, so that tokens of an earlier run stay good. */
  serviceAccountKeys(): { readonly publicKey: string; readonly privateKey: string } {
    const files = {
      publicKey: join(this.directory, "service-accounts.pub"),
      privateKey: join(this.directory, "service-accounts.key"),
    };
    if (!existsSync(files.privateKey) || !existsSync(files.publicKey)) {
      const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      writePrivateFile(files.publicKey, String(publicKey.export({ type: "spki", format: "pem" })));
      writePrivateFile(files.privateKey, String(privateKey.export({ type: "pkcs8", format: "pem" })));
    }
    return files;
  }

  private async keep(name: string, authority: Authority, terms: LeafTerms): Promise<CredentialFiles> {
    const { certificate, key } = await authority.issue(terms);
    return {
      certificate: writePrivateFile(join(this.directory, `${name}.crt`), certificate),
      key: writePrivateFile(join(this.directory, `${name}.key`), key),
    };
  }
}

function serving(commonName: string, dnsNames: readonly string[]): LeafTerms {
  return { commonName, usages: ["server"], dnsNames, ipAddresses: ["127.0.0.1"], hours: COMPONENT_HOURS };
}
