import { BaseSequencer, type TestSpecification } from "vitest/node";
import { defineConfig } from "vitest/config";

/** What takes longest begins first, so that no long file is left over when all others have ended. */
const longestFirst = [
  "test/e2e/kill",
  "test/e2e/on-prem",
  "test/rehearsal/providers/kubernetes/kubernetes",
  "test/e2e/",
  "test/rehearsal/providers/",
  "test/policies/engine",
  "test/rehearsal/",
];

class LongestFirst extends BaseSequencer {
  public override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const found = longestFirst.findIndex((part) => moduleId.includes(part));
      return found < 0 ? longestFirst.length : found;
    };
    return (await super.sort(files)).sort((left, right) => rank(left) - rank(right));
  }
}

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // An engine test waits more than it computes, so on two cores three at once leave neither idle. Each has servers, ports
    // and folders of its own. With more they would take the processor from each other's servers.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    testTimeout: 30_000,
    hookTimeout: 300_000,
  },
});
