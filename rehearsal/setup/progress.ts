import pc from "picocolors";

export interface StepOptions {
  /** Seconds it is thought to take, and where that number is from. */
  readonly estimate?: { readonly seconds: number; readonly source: "last time" | "first estimate" };
}

/** Says what is being done, for how long, and how long it took last time. */
export interface Progress {
  /** Runs one step under a line of its own; `detail` replaces the short text that says how far it is. */
  step<Result>(
    title: string,
    work: (detail: (text: string) => void) => Promise<Result>,
    options?: StepOptions,
  ): Promise<Result>;
  /** One line, once. */
  note(text: string): void;
}

/** Seconds as `0:07`, `2:10` or `1:02:10`. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** "building the engine, 2:10 of about 3:00 last time". */
export function stepLine(
  title: string,
  elapsedSeconds: number,
  detail: string,
  { estimate }: StepOptions = {},
): string {
  const expected = estimate
    ? ` of about ${clock(estimate.seconds)}${estimate.source === "last time" ? " last time" : ""}`
    : "";
  return `${title}, ${clock(elapsedSeconds)}${expected}${detail ? ` (${detail})` : ""}`;
}

/** At a terminal one line is redrawn each second; elsewhere a line is added now and then, so that a log shows life. */
const REDRAW_MILLISECONDS = 1000;
const HEARTBEAT_MILLISECONDS = 30_000;

/** Writes to standard error only: standard output belongs to results. */
export class StreamProgress implements Progress {
  constructor(private readonly stream: NodeJS.WriteStream = process.stderr) {}

  async step<Result>(
    title: string,
    work: (detail: (text: string) => void) => Promise<Result>,
    options: StepOptions = {},
  ): Promise<Result> {
    const begun = performance.now();
    let detail = "";
    const elapsed = () => (performance.now() - begun) / 1000;
    const current = () => stepLine(title, elapsed(), detail, options);
    this.show(current());
    const timer = setInterval(
      () => this.show(current()),
      this.stream.isTTY ? REDRAW_MILLISECONDS : HEARTBEAT_MILLISECONDS,
    );
    try {
      const result = await work((text) => (detail = text));
      this.end(`${pc.green("✔")} ${title}, ${clock(elapsed())}`);
      return result;
    } catch (error) {
      this.end(`${pc.red("✖")} ${title}, ${clock(elapsed())}`);
      throw error;
    } finally {
      clearInterval(timer);
    }
  }

  note(text: string): void {
    this.stream.write(`${text}\n`);
  }

  private show(line: string): void {
    if (!this.stream.isTTY) this.stream.write(`  ${line}\n`);
    else this.stream.write(`\r\x1b[K  ${line.slice(0, (this.stream.columns || 80) - 3)}`);
  }

  private end(line: string): void {
    this.stream.write(this.stream.isTTY ? `\r\x1b[K${line}\n` : `${line}\n`);
  }
}

/** For callers that have a display of their own, and for tests. */
export const SILENT_PROGRESS: Progress = {
  step: (_title, work) => work(() => undefined),
  note: () => undefined,
};
