import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { ColocationFootprint } from "../../../stacks/schema/colocation";
import { ObjectStore, storeArgsOf } from "../storage/object-store";
import { s3Provider } from "../storage/s3-provider";
import type { ColocationEnvironment } from "./link-flows";

export interface BackupTargetArgs {
  /** The environment, as its file says. */
  readonly environment: ColocationEnvironment;
  /** The place of the second copy. */
  readonly target: NonNullable<ColocationFootprint["backupTarget"]>;
}

/** What a backup program needs to write there; the names are restic's own environment variables. */
export interface BackupRepository {
  readonly RESTIC_REPOSITORY: string;
  /** The repository's key: without it the target holds noise. */
  readonly RESTIC_PASSWORD: string;
}

/**
 * A second copy of the backups in another place: the bucket of the one data class, under the same lock and policies as the
 * cage's own, and the key by which backups are encrypted before they leave.
 */
export class BackupTarget extends pulumi.ComponentResource {
  /** Secret. */
  public readonly repository: pulumi.Output<BackupRepository>;

  public constructor(
    name: string,
    { environment, target }: BackupTargetArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("cloister:index:BackupTarget", name, {}, options);
    // Its credentials are other ones than the cage's own store has: who takes over the one has not the other.
    const profile = `${environment.name}-backup-target`;
    const provider = s3Provider(`${name}-provider`, { ...target, profile }, this);
    const store = new ObjectStore(
      `${name}-store`,
      { ...storeArgsOf(environment), only: ["backups"], capabilities: target.capabilities, partition: "aws" },
      { parent: this, provider },
    );
    const password = new random.RandomPassword(
      `${name}-key`,
      { length: 64, special: false },
      // Who loses the key has lost every backup that was made with it.
      { parent: this, protect: true, retainOnDelete: true, additionalSecretOutputs: ["result"] },
    );
    this.repository = pulumi.secret(
      password.result.apply((key) => ({
        RESTIC_REPOSITORY: `s3:${target.endpoint}/${store.buckets.backups}`,
        RESTIC_PASSWORD: key,
      })),
    );
    this.registerOutputs({ repository: this.repository });
  }
}
