import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";
import { serviceKeyNames, type ServiceKeyName } from "../../substrate";
import { planned } from "../planned";

/** Keys that a foundation which is not up yet has still to draw. */
export const plannedServiceKeys = Object.fromEntries(
  serviceKeyNames.map((name) => [name, planned(`service key ${name}`)]),
) as Record<ServiceKeyName, string>;

/**
 * Keys that services of the platform use, drawn once. They are protected: with another wrapping key nobody could tell any
 * more who is behind the record's pseudonyms, and with another signing key old heads need the old public half.
 */
export class ServiceKeys extends pulumi.ComponentResource {
  /** The keys by name; secrets. */
  public readonly values: pulumi.Output<Record<ServiceKeyName, string>>;
  /** PEM: verifies the heads of the record. */
  public readonly ledgerKey: pulumi.Output<string>;

  public constructor(name: string, _args: Record<string, never>, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:ServiceKeys", name, {}, options);
    const kept = { parent: this, protect: true };
    const signing = new tls.PrivateKey(`${name}-ledger-signing`, { algorithm: "ED25519" }, kept);
    const wrapping = new random.RandomBytes(`${name}-ledger-wrapping`, { length: 32 }, kept);
    const salt = new random.RandomBytes(`${name}-guard-salt`, { length: 32 }, kept);
    this.values = pulumi.secret({
      "ledger-signing": signing.privateKeyPemPkcs8,
      "ledger-wrapping": wrapping.base64,
      "guard-salt": salt.base64,
    });
    this.ledgerKey = signing.publicKeyPem;
    this.registerOutputs({ ledgerKey: this.ledgerKey });
  }
}
