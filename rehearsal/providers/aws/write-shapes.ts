import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { definitions } from "./definitions";
import { readSdkShapes } from "./sdk-shapes";

// Run after a change of the SDK or of the list of kinds: node --import tsx rehearsal/providers/aws/write-shapes.ts
writeFileSync(join(__dirname, "shapes.json"), `${JSON.stringify(readSdkShapes(Object.keys(definitions)), null, 2)}\n`);
