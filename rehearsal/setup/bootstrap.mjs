// What `npm run …` starts. It needs nothing but Node, and keeps to old syntax until it knows how old that Node is.

/** The `engines` field of package.json says the same. */
const FLOOR = [20, 19, 0];

const found = process.versions.node;
const parts = found.split(".").map(Number);
const difference = FLOOR.map((wanted, index) => (parts[index] || 0) - wanted).filter((step) => step !== 0)[0] || 0;

if (difference < 0) {
  process.stderr.write(
    [
      `needed   Node.js ${FLOOR.join(".")} or newer`,
      `found    Node.js ${found} at ${process.execPath}`,
      "to mend  Install a newer one (nodejs.org, nvm, fnm or your package manager), open a new terminal and run again.",
      "",
    ].join("\n"),
  );
  process.exit(1);
} else {
  import("./run-command.mjs")
    .then((module) => module.runCommand(process.argv.slice(2)))
    .catch((error) => {
      process.stderr.write(`${error.forPeople ? error.message : error.stack}\n`);
      process.exit(1);
    });
}
