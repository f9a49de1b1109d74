/** What the npm scripts do once packages and build are up to date. */
import { enter } from "./enter.js";

/**
 * Runs one npm script.
 * @param task `start`, `test`, `lab`, `bench` or `sample:features`
 * @param args the words after it
 * @returns the exit status
 */
export async function runTask(task: string, args: readonly string[]): Promise<number> {
  enter();
  switch (task) {
    case "start":
      return (await import("./start.js")).runStart();
    case "lab":
      return (await import("./lab.js")).runLab(args);
    case "test":
      return (await import("./test.js")).runTests(args);
    case "bench":
      return (await import("../../bench/bench.js")).runBench(args);
    case "sample:features":
      return (await import("../../data/build/features.js")).buildSampleFeatures(args);
    default:
      throw new RangeError(
        `Cannot run "${task}": the tasks are start, test, lab, bench, sample:features and build`,
      );
  }
}
