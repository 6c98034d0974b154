import { StreamProgress } from "../../rehearsal/setup/progress";
import { prepareToolbox } from "../../rehearsal/setup/toolbox";
import { readEnvironment } from "../../stacks/environment";
import { lock, lockPathOf, mirror, verify } from "./images";

export interface ImagesOptions {
  readonly json?: boolean;
  readonly from?: string;
}

const work = { mirror, lock } as const;

/** `images mirror|lock|verify <environment>`. @returns the exit code. */
export async function images(
  verb: "mirror" | "lock" | "verify",
  name: string,
  options: ImagesOptions,
): Promise<number> {
  const environment = readEnvironment(name);
  const progress = new StreamProgress();
  const toolbox = await prepareToolbox(["crane"], progress);
  const args = { environment, crane: toolbox.path("crane"), progress, from: options.from };
  if (verb === "verify") {
    const count = await verify(args);
    process.stdout.write(
      options.json === true ? `${JSON.stringify({ verified: count })}\n` : `${count} images are there.\n`,
    );
    return 0;
  }
  const written = await work[verb](args);
  const names = Object.keys(written.entries);
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify(written, null, 2)}\n`
      : `Locked ${names.join(", ")} in ${lockPathOf(environment)}.\n`,
  );
  return 0;
}
