/** `npm test`: the built tests, each file in a process of its own, by Node's own test runner. */
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { packageRoot } from "../../lib/io/index.js";

/**
 * Runs the tests whose path holds one of the given words; all of them where none is given.
 * @returns the exit status of the test runner
 */
export async function runTests(args: readonly string[]): Promise<number> {
  const words = args.filter((word) => !word.startsWith("-"));
  const options = args.filter((word) => word.startsWith("-"));
  const built = join(packageRoot, "dist", "test");
  const files = readdirSync(built, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.js"))
    .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
    .map((file) => relative(packageRoot, join(built, file)))
    .sort();
  if (files.length === 0) throw new RangeError(`Cannot run tests: no test file matches ${words.join(" ")}`);
  const child = spawn(
    process.execPath,
    ["--enable-source-maps", "--test", "--test-concurrency=2", ...options, ...files],
    { cwd: packageRoot, stdio: "inherit" },
  );
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}
