import { BucketAlreadyOwnedByYou, S3ServiceException } from "@aws-sdk/client-s3";
import type { Properties } from "../../provider";
import { scopeOf } from "../configuration";
import { Refused, type Api } from "../requests/api";
import type { Store } from "./store";

interface Command {
  readonly input: Properties;
}

/**
 * S3 itself, with moto in its place. A command of the JavaScript client has the same operation and the same parameters as
 * botocore's request, whose model judges it.
 */
export function motoStore(api: Api, configuration: Properties): Store {
  const scope = scopeOf(configuration);
  const send = async (command: Command): Promise<unknown> => {
    const operation = command.constructor.name.replace(/Command$/, "");
    // The JavaScript client adds it by itself.
    const place =
      operation === "CreateBucket" && scope.region !== "us-east-1"
        ? { CreateBucketConfiguration: { LocationConstraint: scope.region } }
        : {};
    try {
      return (await api.request(scope, "s3", operation, { ...command.input, ...place })).answer;
    } catch (error) {
      throw error instanceof Refused ? exception(error) : error;
    }
  };
  return { name: "S3 (moto)", client: { send } };
}

/** The client's own classes, by which the operations know an absence and a bucket that is ours already. */
function exception({ code, message }: Refused): Error {
  const $metadata = {};
  if (code === "BucketAlreadyOwnedByYou") return new BucketAlreadyOwnedByYou({ message, $metadata });
  const name = code === "404" ? "NotFound" : code;
  return new S3ServiceException({ name, message, $fault: "client", $metadata });
}
