import { prepareToolbox, type Toolbox } from "../../rehearsal/setup/toolbox";
import type { ToolName } from "../../rehearsal/setup/tools";

/** The real programs a test starts: from the cache, or built first, which the hook's time must allow. */
export function tools(...names: ToolName[]): Promise<Toolbox> {
  return prepareToolbox(names, {
    step: (title, work) => {
      console.log(title);
      return work(() => undefined);
    },
    note: (text) => console.log(text),
  });
}
