import { createPublicKey } from "node:crypto";
import { join } from "node:path";
import { Authority, type Credential, type LeafTerms } from "./authority";
import { writePrivateFile } from "../processes/private-file";
import { AUTHORITIES, type AuthorityName, type ServerFiles } from "./server-files";

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

/** The leaves of a control plane, made anew at each start under the authorities that it was given. */
export class Credentials {
  private constructor(
    private readonly directory: string,
    private readonly authorities: Readonly<Record<AuthorityName, Authority>>,
  ) {}

  static async open(directory: string, given: ServerFiles["authorities"]): Promise<Credentials> {
    const opened = await Promise.all(
      AUTHORITIES.map(async (name) => [name, await Authority.open(given[name])] as const),
    );
    return new Credentials(directory, Object.fromEntries(opened) as Record<AuthorityName, Authority>);
  }

  /** PEM of an authority with all that stands above it. */
  certificateOf(name: AuthorityName): string {
    return this.authorities[name].certificate;
  }

  /** Path of an authority's certificate, for a program that must trust it. */
  authorityFile(name: AuthorityName): string {
    return writePrivateFile(join(this.directory, `${name}-authority.crt`), this.certificateOf(name));
  }

  /** A serving certificate of the API server. */
  apiServer(): Promise<CredentialFiles> {
    const kubernetes = [
      "kubernetes",
      "kubernetes.default",
      "kubernetes.default.svc",
      "kubernetes.default.svc.cluster.local",
    ];
    return this.keep("kube-apiserver", "server", serving("kube-apiserver", ["localhost", ...kubernetes]));
  }

  /** A serving certificate for a component's own health and metrics port. */
  component(name: string): Promise<CredentialFiles> {
    return this.keep(name, "server", serving(name, ["localhost"]));
  }

  /** etcd's own. It is a client too: its HTTP gateway calls its gRPC port with it. */
  etcdServer(): Promise<CredentialFiles> {
    return this.keep("etcd-server", "etcd-server", { ...serving("etcd", ["localhost"]), usages: ["server", "client"] });
  }

  /** What a member of etcd shows to the others. */
  etcdPeer(): Promise<CredentialFiles> {
    return this.keep("etcd-peer", "etcd-peer", { ...serving("etcd", ["localhost"]), usages: ["server", "client"] });
  }

  /** What the API server shows to an aggregated API. */
  frontProxy(): Promise<CredentialFiles> {
    return this.keep("front-proxy-client", "request-header", {
      commonName: "front-proxy-client",
      usages: ["client"],
      hours: COMPONENT_HOURS,
    });
  }

  /** What the API server shows to etcd. */
  etcdClient(): Promise<CredentialFiles> {
    return this.keep("etcd-client", "etcd-server", {
      commonName: "kube-apiserver-etcd-client",
      usages: ["client"],
      hours: COMPONENT_HOURS,
    });
  }

  /** A client of the API server; its user name and groups decide what it may do. */
  client(commonName: string, organizations: readonly string[] = [], hours = COMPONENT_HOURS): Promise<Credential> {
    return this.authorities.client.issue({ commonName, organizations, usages: ["client"], hours });
  }

  /**
   * The one member of `system:masters`, for the first grants only: a certificate cannot be revoked, so this one is
   * never written to disk, is forgotten after use and expires within minutes.
   */
  bootstrap(): Promise<Credential> {
    return this.client("cloister:rehearsal:bootstrap", ["system:masters"], BOOTSTRAP_HOURS);
  }

  /** Files of the key that signs ServiceAccount tokens. */
  serviceAccountFiles(privateKey: string): { readonly publicKey: string; readonly privateKey: string } {
    const publicKey = createPublicKey(privateKey).export({ type: "spki", format: "pem" });
    return {
      publicKey: writePrivateFile(join(this.directory, "service-accounts.pub"), String(publicKey)),
      privateKey: writePrivateFile(join(this.directory, "service-accounts.key"), privateKey),
    };
  }

  private async keep(name: string, authority: AuthorityName, terms: LeafTerms): Promise<CredentialFiles> {
    const { certificate, key } = await this.authorities[authority].issue(terms);
    return {
      // With what stands above it, as RKE2 serves its own: whoever trusts the root alone can follow the chain.
      certificate: writePrivateFile(
        join(this.directory, `${name}.crt`),
        `${certificate}\n${this.certificateOf(authority)}`,
      ),
      key: writePrivateFile(join(this.directory, `${name}.key`), key),
    };
  }
}

function serving(commonName: string, dnsNames: readonly string[]): LeafTerms {
  return { commonName, usages: ["server"], dnsNames, ipAddresses: ["127.0.0.1"], hours: COMPONENT_HOURS };
}
