import { StreamProgress } from "./progress";
import { SetupError } from "./setup-error";
import { prepareToolbox } from "./toolbox";
import { ALL_TOOLS, TOOLS, type ToolName } from "./tools";

/** `prepare.ts [tool…]`: prepares the tools named, or all that the tests need, and prints where they are; `npm test` begins with it. */
async function main(args: readonly string[]): Promise<void> {
  const names = args.filter((arg) => !arg.startsWith("-"));
  const known: readonly string[] = TOOLS.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    process.stderr.write(`No such tool: ${unknown.join(", ")}. There are ${known.join(", ")}.\n`);
    process.exitCode = 1;
    return;
  }
  const toolbox = await prepareToolbox(names.length > 0 ? (names as ToolName[]) : ALL_TOOLS, new StreamProgress());
  if (args.includes("--quiet")) return;
  for (const { name, version, origin, seconds, binaries } of toolbox.tools.values()) {
    process.stdout.write(`${name} ${version} (${origin}, ${seconds} s)\n`);
    for (const path of Object.values(binaries)) process.stdout.write(`  ${path}\n`);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(
    error instanceof SetupError
      ? `\nThe set-up cannot go on.\n\n${error.message}\n`
      : `${String((error as Error).stack)}\n`,
  );
  process.exitCode = 1;
});
