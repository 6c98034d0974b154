import * as pulumi from "@pulumi/pulumi";
import { serviceNames } from "../../certificates";
import { ports } from "../../flows";
import { Workload } from "../workload/workload";
import { tlsPath } from "../workload/workload-plan";
import type { ZoneWorkloadArgs } from "../zone-args";

const uvicornTls = [
  `--ssl-certfile ${tlsPath}/mlflow.crt`,
  `--ssl-keyfile ${tlsPath}/mlflow.key`,
  `--ssl-ca-certs ${tlsPath}/services.pem`,
  "--ssl-cert-reqs 2",
].join(" ");

/** The names in its certificate: as a `Host` header has them, with the port. */
const allowedHosts = serviceNames("models", "mlflow")
  .map((name) => `${name}:${ports.mlflow}`)
  .join(",");

/** The registry of models: MLflow, its artifacts in the weights bucket. One copy: its database is a file on its volume. */
export class Models extends pulumi.ComponentResource {
  public constructor(
    name: string,
    { substrate, namespace, image }: ZoneWorkloadArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("cloister:index:Models", name, {}, options);
    const { buckets, region, endpoint } = substrate.facts.objectStore;
    new Workload(
      `${name}-mlflow`,
      {
        zone: "models",
        namespace,
        app: "mlflow",
        kind: "StatefulSet",
        replicas: 1,
        image: image("mlflow"),
        command: ["mlflow"],
        args: [
          "server",
          "--host",
          "0.0.0.0",
          "--port",
          `${ports.mlflow}`,
          "--backend-store-uri",
          "sqlite:////data/mlflow.db",
          "--artifacts-destination",
          `s3://${buckets.weights}/mlflow`,
          "--serve-artifacts",
          // Its own list holds this machine and private addresses; it refuses every name with 403.
          "--allowed-hosts",
          allowedHosts,
          "--uvicorn-opts",
          uvicornTls,
        ],
        environment: {
          AWS_REGION: region,
          HOME: "/tmp",
          MLFLOW_DISABLE_TELEMETRY: "true",
          // Evaluation jobs have no place in a registry, and their runner would take memory.
          MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false",
          ...(endpoint === undefined ? {} : { MLFLOW_S3_ENDPOINT_URL: endpoint }),
        },
        ports: { https: ports.mlflow },
        readyPort: ports.mlflow,
        certificates: { leaves: ["mlflow"], authorities: ["services"] },
        data: { path: "/data", gib: 20 },
        resources: { cpu: "1", memory: "2Gi" },
        binding: substrate.grant("models/mlflow", "weights", ["read", "write"]),
      },
      substrate,
      { parent: this },
    );
    this.registerOutputs({});
  }
}
