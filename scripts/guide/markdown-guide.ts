import { markdownTable } from "../docs/markdown";
import type { GuideText, Step } from "./text/guide-text";
import { textOf, type Footprint } from "./text/texts";

const list = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join("\n");

function stepText({ title, says, commands, seen }: Step, index: number): string {
  const typed = commands === undefined ? [] : [`\`\`\`sh\n${commands.join("\n")}\n\`\`\``];
  return [`### ${index + 1}. ${title}`, says, ...typed, ...(seen === undefined ? [] : [`You will see: ${seen}`])].join(
    "\n\n",
  );
}

/** The guide of a footprint as a page of the documentation: the same text as its HTML, with links. */
export function markdownGuide(footprint: Footprint): string {
  const text: GuideText = textOf(footprint);
  return [
    `# ${footprint}`,
    text.lead,
    `With its network picture: [guides/${footprint}.html](../guides/${footprint}.html), one file that opens in any browser. For an environment of your own, \`npm run cloister -- guide <env>\` writes the same.`,
    "## What is particular about it",
    list(text.differs),
    "Above the Substrate nothing differs: [architecture](../architecture.md), [flows](../flows.md). Its components are in the [reference](../reference/README.md), its settings in [environments.md](../environments.md#settings).",
    "## Before you begin",
    list(text.before),
    "## Bring it up",
    ...text.steps.map(stepText),
    "## From day two on",
    markdownTable(
      ["to do", "how"],
      text.operation.map(({ what, how }) => [what, how]),
    ),
    "## When it does not go well",
    markdownTable(
      ["you see", "because", "to mend"],
      text.failures.map(({ sign, cause, mend }) => [sign, cause, mend]),
    ),
    "## What nobody has done yet",
    list(text.untried),
    "",
  ].join("\n\n");
}
