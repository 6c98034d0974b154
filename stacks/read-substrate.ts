import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { planSubstrate } from "../components/foundation";
import { KitError } from "../components/kit-error";
import { Substrate, substrateSchema } from "../components/substrate";
import { stackName, type Environment } from "./environment";

/**
 * The Substrate that the environment's foundation offers. A preview whose foundation is not up yet looks ahead with the
 * planned one, and says so.
 *
 * @throws KitError in an `up` without a foundation, or when the foundation was laid by another version of the kit.
 */
export async function readSubstrate(environment: Environment): Promise<Substrate> {
  const stack = stackName(environment.name, "foundation");
  const output = await foundationOutput(stack);
  if (output === undefined) {
    if (!pulumi.runtime.isDryRun()) {
      throw new KitError("The foundation is not up", [
        {
          path: `stack ${stack}`,
          found: "no Substrate among its outputs",
          allowed: "a foundation that is up",
          mend: `run \`npm run cloister -- up ${environment.name}\`, which lays it first`,
        },
      ]);
    }
    void pulumi.log.warn(`${stack} is not up: this preview stands on the planned Substrate, without certificates.`);
    return new Substrate(planSubstrate(environment), true);
  }
  const parsed = substrateSchema.safeParse(output);
  if (!parsed.success) {
    throw new KitError("The foundation was laid by another version of the kit", [
      {
        path: `stack ${stack} output substrate`,
        found: z.prettifyError(parsed.error),
        allowed: "cloister.dev/substrate/v1",
        mend: `run \`npm run cloister -- up ${environment.name}\` with this version, foundation first`,
      },
    ]);
  }
  return new Substrate(parsed.data, false);
}

/** Undefined where the stack does not exist or has no such output yet. */
async function foundationOutput(stack: string): Promise<unknown> {
  const name = `${pulumi.getOrganization()}/${pulumi.getProject()}/${stack}`;
  try {
    const { outputs } = (await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name })) as {
      outputs: Record<string, unknown>;
    };
    return outputs.substrate;
  } catch (error) {
    // The engine's word for a stack that nobody made yet; anything else is a real failure.
    if (String(error).includes("unknown stack")) return undefined;
    throw error;
  }
}
