import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { ports } from "../../flows";
import type { PresidioEntity } from "../../presidio-entities";
import { Workload } from "../workload/workload";
import type { ZoneWorkloadArgs } from "../zone-args";
import { gunicornConfig, presidioArgs, presidioConfig, presidioEnvironment } from "./presidio-config";

export interface PresidioArgs extends ZoneWorkloadArgs {
  /** What it looks for. */
  readonly entities: readonly PresidioEntity[];
}

/**
 * The finder of personal data beside the guard, in pods of its own: a program that takes strangers' texts apart has no share in
 * the guard's keys, its network or its right to the quarantine. It reaches nothing, and takes the guard's certificate alone.
 */
export class Presidio extends pulumi.ComponentResource {
  public constructor(name: string, args: PresidioArgs, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:Presidio", name, {}, options);
    new Workload(
      `${name}-analyzer`,
      {
        zone: "gateway",
        namespace: args.namespace,
        app: "presidio",
        kind: "Deployment",
        replicas: 2,
        image: args.image("presidio"),
        command: ["gunicorn"],
        args: presidioArgs,
        environment: presidioEnvironment,
        files: { "analyzer.yaml": stringify(presidioConfig(args.entities)), "gunicorn.conf.py": gunicornConfig },
        ports: { https: ports.presidio },
        readyPort: ports.presidio,
        certificates: { leaves: ["presidio"], authorities: ["callers"] },
        // Without a language model it takes some 120 MB, and a window of a text some milliseconds.
        resources: { cpu: "250m", memory: "512Mi" },
      },
      args.substrate,
      { parent: this },
    );
    this.registerOutputs({ entities: args.entities });
  }
}
