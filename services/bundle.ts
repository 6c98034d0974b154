import { join } from "node:path";
import { build } from "esbuild";

/** The services that the kit itself ships, each a folder beside this file. */
export const serviceNames = ["guard", "ledger"] as const;
export type ServiceName = (typeof serviceNames)[number];

/**
 * Makes one file of a service and all that it needs, so that its image holds Node, this file and nothing else: no package
 * manager, no tree of packages, no file that nobody uses.
 *
 * @param target path of the file.
 */
export const bundleService = (service: ServiceName, target: string): Promise<void> =>
  bundleProgram(join(__dirname, service, "main.ts"), target);

/** The same of any program, by the path of its first file. */
export async function bundleProgram(entryPoint: string, target: string): Promise<void> {
  await build({
    entryPoints: [entryPoint],
    outfile: target,
    bundle: true,
    platform: "node",
    target: "node20.19",
    format: "cjs",
    // Some packages' CommonJS halves find their own files at run time, which no bundle has.
    mainFields: ["module", "main"],
    legalComments: "none",
    logLevel: "error",
    // A stack of production names the lines of the sources.
    sourcemap: "inline",
    sourcesContent: false,
  });
}

/** `tsx services/bundle.ts guard /app/main.js`: what a build of an image runs. */
if (require.main === module) {
  const [service, target] = process.argv.slice(2);
  const known = serviceNames.find((name) => name === service);
  if (known === undefined || target === undefined) {
    process.stderr.write(`bundle.ts SERVICE FILE, the service being ${serviceNames.join(" or ")}\n`);
    process.exit(2);
  }
  void bundleService(known, target);
}
