import { z } from "zod";
import { stackName } from "../stacks/environment";
import type { BenchSite } from "./bench-site";
import { timed } from "./timed-command";

const previewed = z.object({ changeSummary: z.record(z.string(), z.number()) });

export interface PreviewOptions {
  /** Where Pulumi.yaml is. Default: the rehearsal's own project. */
  readonly projectDirectory?: string;
  readonly packDirectory?: string;
  /** JSON file of the pack's settings. */
  readonly packConfiguration?: string;
  readonly environment?: NodeJS.ProcessEnv;
}

/** The larger of the example's two stacks, with state and Kubernetes objects as the rehearsal left them. */
export class PlatformPreview {
  public readonly stack: string;

  public constructor(private readonly site: BenchSite) {
    this.stack = stackName(site.environment.name, "platform");
  }

  /**
   * Previews it once.
   *
   * @returns seconds of the whole command.
   * @throws Error when the engine fails, or would change anything: then the two sides would not do the same.
   */
  public async seconds(options: PreviewOptions = {}): Promise<number> {
    const { packDirectory, packConfiguration } = options;
    const pack = packDirectory === undefined ? [] : ["--policy-pack", packDirectory];
    const settings = packConfiguration === undefined ? [] : ["--policy-pack-config", packConfiguration];
    const { seconds, output } = await this.engine(
      ["preview", "--json", "--non-interactive", ...pack, ...settings],
      options,
    );
    const { changeSummary } = previewed.parse(JSON.parse(output));
    const expected = JSON.stringify({ same: await this.resources() });
    if (JSON.stringify(changeSummary) !== expected) {
      throw new Error(`The preview of ${this.stack} shows ${JSON.stringify(changeSummary)}, expected was ${expected}.`);
    }
    return seconds;
  }

  /** The state with its secrets in clear: a rehearsal's, whose keys open nothing. */
  public async state(): Promise<string> {
    return (await this.engine(["stack", "export", "--show-secrets"])).output;
  }

  private known: number | undefined;

  /** Resources in state, of which default providers are the engine's own and not counted by it. */
  private async resources(): Promise<number> {
    if (this.known === undefined) {
      const { deployment } = JSON.parse(await this.state()) as { deployment: { resources: { urn: string }[] } };
      this.known = deployment.resources.filter(({ urn }) => !/::pulumi:providers:[^:]+::default/.test(urn)).length;
    }
    return this.known;
  }

  private engine(args: readonly string[], { projectDirectory, environment }: PreviewOptions = {}) {
    return timed({
      command: this.site.toolbox.engine.path,
      args: [...args, "--stack", this.stack],
      directory: projectDirectory ?? this.site.files.project,
      environment: { ...this.site.rehearsal.site.environment, ...environment },
    });
  }
}
