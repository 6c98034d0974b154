import { Command } from "commander";
import { version } from "../package.json";
import { registerDeployment } from "./commands/deploy";
import { registerEvidence } from "./commands/evidence";
import { registerLab } from "./commands/lab";
import { registerPages } from "./commands/pages";
import { registerPki } from "./commands/pki";
import { registerReview } from "./commands/review";
import { registerSite } from "./commands/site";
import { registerTrials } from "./commands/trial";
import { tellError } from "./tell";

// The kit says itself which Node it runs on; the SDK's own warning would stand amid a command's progress.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

const program = new Command("cloister")
  .description("A company's own LLM platform, behind its own walls")
  .version(version)
  .showHelpAfterError()
  .addHelpText(
    "after",
    "\nExit codes: 0 all is well · 1 stopped: a mistake, a policy or an error · 2 up, but not released by the gate",
  );

registerDeployment(program);
registerEvidence(program);
registerSite(program);
registerPki(program);
registerReview(program);
registerLab(program);
registerTrials(program);
registerPages(program);

program.parseAsync().catch((error: unknown) => {
  tellError(error, process.argv.includes("--json"));
  process.exitCode = 1;
});
