import { createHash } from "node:crypto";
import type { CallContext, Properties } from "../provider";
import { ApiError, Unreachable, type Answer } from "./api-client";
import type { Address, Cluster } from "./cluster";
import { KubeconfigError } from "./kubeconfig";
import { forces, managerOf } from "./ownership";
import { plannedStateOf } from "./object-view";
import { explain, immutableCauses, isAboutUnknown, lacksNamespace } from "./refusal";
import { metadataOf } from "./settle";

/** The namespace every cluster has: objects are checked there while their own is only planned. */
const STAND_IN_NAMESPACE = "default";

/** What a preview can say of an object: the API server judges it in a dry run, as far as its surroundings exist. */
export class Planner {
  constructor(
    private readonly apiVersion: string,
    private readonly kind: string,
    private readonly cluster: () => Cluster,
  ) {}

  /** The object as it would be; as declared where the server cannot be asked. */
  async plan(inputs: Properties, context: CallContext): Promise<Properties> {
    try {
      const cluster = this.cluster();
      const mapping = await cluster.discovery.find(this.apiVersion, this.kind);
      if (!mapping) {
        context.log("debug", `not validated: the API server does not serve ${this.kind} in ${this.apiVersion} yet`);
        return inputs;
      }
      const answer = await this.dryRun(cluster, cluster.address(mapping, inputs), inputs, context);
      for (const warning of answer?.warnings ?? []) context.log("warning", warning);
      return answer ? plannedStateOf(answer.body, inputs) : inputs;
    } catch (error) {
      if (!(error instanceof Unreachable) && !(error instanceof KubeconfigError)) throw error;
      context.log("warning", `not validated: ${error.message}`);
      return inputs;
    }
  }

  private async dryRun(cluster: Cluster, address: Address, inputs: Properties, context: CallContext) {
    const options = { manager: managerOf(context), dryRun: true, force: forces(inputs), signal: context.signal };
    const judge = async (place: Address, object: Properties): Promise<Answer | undefined> => {
      try {
        return await cluster.apply(place, object, options);
      } catch (error) {
        if (isAboutUnknown(error, context.unknownInputs ?? [])) return undefined;
        throw error;
      }
    };
    try {
      // A name that is not known yet cannot be looked up; a made-up one can be validated.
      const nameless = metadataOf(inputs).name === undefined;
      return await (nameless ? judge({ ...address, name: standInName(context) }, inputs) : judge(address, inputs));
    } catch (error) {
      // The engine plans a replacement while the old object is still there: the new one is judged beside it.
      if (immutableCauses(error).length > 0) {
        return judge({ ...address, name: standInName(context) }, inputs).then(
          () => undefined,
          (refusal: unknown) => {
            throw explain(refusal, address);
          },
        );
      }
      if (!lacksNamespace(error, address)) throw explain(error, address);
    }
    context.log("debug", `validated without its namespace ${address.namespace}, which is not there yet`);
    await judge({ ...address, namespace: STAND_IN_NAMESPACE, name: standInName(context) }, inputs).catch(
      (error: unknown) => {
        // Rules of the stand-in namespace (quota, Pod Security, missing accounts) say nothing about the real one.
        if (error instanceof ApiError && error.status === 403) return;
        throw explain(error, address);
      },
    );
    return undefined;
  }
}

/** A name nobody has, so that the dry run never meets somebody else's object. */
function standInName({ urn }: CallContext): string {
  return `cloister-preview-${createHash("sha256").update(urn).digest("hex").slice(0, 12)}`;
}
