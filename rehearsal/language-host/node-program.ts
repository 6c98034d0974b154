import { spawn, type ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";

/** What `runtime.options` of Pulumi.yaml or PulumiPolicy.yaml may say. */
export interface NodeOptions {
  /** Arguments for node itself, such as `--import tsx`. Quotes group words, as in a shell. */
  readonly nodeArguments: string;
  /** Whether the SDK registers ts-node before it loads the program. Default true, as in the official host. */
  readonly typeScript: boolean;
  readonly tsConfiguration: string | undefined;
}

export interface StartOptions {
  readonly directory: string;
  readonly environment: Record<string, string>;
  /** `inherit`: what the program prints goes straight to the engine; `pipe`: the caller forwards it. */
  readonly output: "inherit" | "pipe";
}

/** A Node.js program in a directory that has the Pulumi SDK among its packages. */
export class NodeProgram {
  constructor(
    private readonly directory: string,
    private readonly options: NodeOptions,
  ) {}

  /**
   * Starts one of the SDK's runners with the program's own copy of the SDK.
   * @throws when the SDK is not installed where the program would look for it.
   */
  start(runner: string, args: readonly string[], { directory, environment, output }: StartOptions): ChildProcess {
    const { nodeArguments, typeScript, tsConfiguration } = this.options;
    return spawn(process.execPath, [...splitWords(nodeArguments), this.resolve(runner), ...args], {
      cwd: directory,
      env: {
        ...process.env,
        ...environment,
        PULUMI_NODEJS_TYPESCRIPT: String(typeScript),
        ...(tsConfiguration ? { PULUMI_NODEJS_TSCONFIG_PATH: tsConfiguration } : {}),
      },
      stdio: ["ignore", output, output],
    });
  }

  private resolve(runner: string): string {
    try {
      return createRequire(join(this.directory, "package.json")).resolve(runner);
    } catch {
      throw new Error(
        `The Pulumi SDK (@pulumi/pulumi) is not installed for ${this.directory}: run \`npm install\` there.`,
      );
    }
  }
}

/** Splits a command line into words; single and double quotes keep blanks together. */
export function splitWords(line: string): string[] {
  return [...line.matchAll(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g)].map(([word]) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, "$1$2"),
  );
}
