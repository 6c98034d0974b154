import { spawn } from "node:child_process";
import { constants } from "node:os";
import { installDependencies } from "./dependencies.mjs";
import { PersonsError } from "./persons-error.mjs";
import { ROOT } from "./root.mjs";

const TSX = ["--import", "tsx"];

/** What each `npm run` command starts, one process after another, once the dependencies are there. */
const COMMANDS = {
  rehearse: (args) => [[...TSX, "scripts/cloister.ts", "rehearse", ...args]],
  cloister: (args) => [[...TSX, "scripts/cloister.ts", ...args]],
  bench: (args) => [[...TSX, "bench/bench.ts", ...args]],
  test: (args) => [
    // Tests run real parts: every tool is there before the first test, so that no test waits for a compiler.
    ...(asksForHelp(args) ? [] : [[...TSX, "rehearsal/setup/prepare.ts", "--quiet"]]),
    ["node_modules/vitest/vitest.mjs", ...(asksForHelp(args) ? [] : ["run"]), ...args],
  ],
};

function asksForHelp(args) {
  return args.some((arg) => ["--help", "-h", "--version", "-v"].includes(arg));
}

/** Sets up what is missing, runs the command, and ends as it ended. */
export async function runCommand([name, ...args]) {
  const plan = Object.hasOwn(COMMANDS, name ?? "") ? COMMANDS[name] : undefined;
  if (plan === undefined) {
    throw new PersonsError({
      needed: `one of the commands ${Object.keys(COMMANDS).join(", ")}`,
      found: name === undefined ? "none" : `"${name}"`,
      mend: "Say, for example: npm run rehearse",
    });
  }
  if (process.platform === "win32") {
    throw new PersonsError({
      needed: "Linux or macOS: the control plane's servers do not run on Windows itself",
      found: "Windows",
      mend: "Run it in the Windows Subsystem for Linux (wsl --install).",
    });
  }
  await installDependencies();
  for (const step of plan(args)) {
    const { code, signal } = await run(step);
    if (signal) {
      // Ends by the same signal, so that a shell or a job runner sees what really happened.
      process.kill(process.pid, signal);
      process.exit(128 + constants.signals[signal]);
    }
    if (code !== 0) process.exit(code);
  }
}

/** Runs Node with these arguments, hands signals on to it, and tells how it ended. */
export function run(args) {
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: "inherit" });
  const forward = (signal) => {
    // At a terminal, Ctrl-C has reached the child already; a second one would read as "at once".
    if (signal === "SIGINT" && process.stdin.isTTY) return;
    child.kill(signal);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, forward);
  return new Promise((settle, fail) => {
    child.once("error", fail);
    child.once("exit", (code, signal) => {
      for (const each of signals) process.off(each, forward);
      settle({ code, signal });
    });
  });
}
