import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { SubstrateFacts } from "../../substrate";
import { planStorageClass } from "./storage-class-plan";

export interface StorageClassArgs {
  /** Name, driver and settings, as the footprint gives them. */
  readonly storageClass: SubstrateFacts["storageClass"];
}

/** The class of encrypted volumes that claims name, where the footprint brings a driver and no class. */
export class StorageClass extends pulumi.ComponentResource {
  public constructor(name: string, { storageClass }: StorageClassArgs, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:StorageClass", name, {}, options);
    const plan = planStorageClass(storageClass);
    if (plan !== undefined) new k8s.storage.v1.StorageClass(`${name}-class`, plan, { parent: this });
    this.registerOutputs({});
  }
}
