import { beforeAll, expect, it } from "vitest";
import type { Toolbox } from "../../rehearsal/setup/toolbox";
import { tools } from "../rehearsal/tools";
import { runJudge } from "./judge-program";

let toolbox: Toolbox;

beforeAll(async () => {
  toolbox = await tools("parliament");
});

it("lets no judge call home, even one that swallows the refusal", async () => {
  if (!toolbox.tools.has("parliament")) {
    console.warn(`No judge was kept from a network: ${toolbox.unavailable.get("parliament")}.`);
    return;
  }
  const run = runJudge(toolbox, { python: "parliament-python", program: "calls_home.py" });
  await expect(run).rejects.toThrow(/calls_home.py tried to reach a network:\s+refused: socket/);
});
