import { readFileSync } from "node:fs";
import { mutantsOf } from "./mutant";
import { Trial } from "./trial";
const [,, planFile, settingsFile] = process.argv;
const plan = JSON.parse(readFileSync(planFile!, "utf8"));
const settings = JSON.parse(readFileSync(settingsFile!, "utf8")).settings;
const t0 = performance.now();
const trial = new Trial(plan, settings);
console.error("baseline", (performance.now()-t0).toFixed(0), "ms; failing", [...(trial as any).before]);
const all = mutantsOf(plan);
const seen = new Map<string, any>();
for (const m of all) if (!seen.has(m.kind)) seen.set(m.kind, m);
console.error(all.length, "mutants,", seen.size, "kinds");
const fates: Record<string, number> = {};
for (const m of seen.values()) { const r = trial.try(m); fates[r.fate] = (fates[r.fate] ?? 0) + 1; console.log(r.fate, m.kind, "::", r.by.slice(0,120)); }
console.error(fates, ((performance.now()-t0)/1000).toFixed(1), "s");
