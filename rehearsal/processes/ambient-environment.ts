/** Enough for a program to run; none of them carries a credential. */
const handedDown = ["PATH", "HOME", "TMPDIR"];

/** All that a supervisor and its servers get of the person's environment: credentials go because they are not here. */
export function ambientEnvironment(ambient: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(ambient).filter(([name]) => handedDown.includes(name)));
}
