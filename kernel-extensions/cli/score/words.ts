/** Words that `compare` and `evaluate` share: which encoder of a file, a person's statements. */
import { readFile } from "node:fs/promises";
import { type DisclosureStatements, readStatements } from "../../../lib/benchmark/index.js";
import type { FeaturePrefix } from "../../../lib/features/index.js";
import { UsageError } from "../command.js";

const PREFIXES = ["dino", "inception", "sscd"] as const satisfies readonly FeaturePrefix[];

/**
 * The encoder whose arrays are meant.
 * @throws UsageError where it is none
 */
export function prefixOption(text: string | undefined): FeaturePrefix | undefined {
  if (text === undefined) return undefined;
  const found = PREFIXES.find((prefix) => prefix === text);
  if (found !== undefined) return found;
  throw new UsageError(`--prefix is ${PREFIXES.join(", ")}, got "${text}"`);
}

/**
 * A whole number from 0 on that seeds what is drawn.
 * @throws UsageError where it is none
 */
export function seedOption(text: string | undefined): number {
  const seed = text === undefined ? 0 : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(seed)) return seed;
  throw new UsageError(`--seed is a whole number from 0 on, got "${text}"`);
}

/**
 * Reads what a person states of their model.
 * @throws Error where the file is not there, TypeError where it holds something else
 */
export async function statementsOption(path: string | undefined): Promise<DisclosureStatements | undefined> {
  if (path === undefined) return undefined;
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new Error(`Cannot read the statements of ${path}: a JSON file is needed, got ${error.code}`);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new TypeError(`Cannot read the statements of ${path}: JSON is needed, got other text`);
  }
  return readStatements(value, path);
}
