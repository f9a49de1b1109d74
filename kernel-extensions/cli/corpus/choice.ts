/** The words that every verb of `gpic-lab corpus` takes: which corpus, and what part of it. */
import { parseShardNumbers, type ShardChoice } from "../../../lib/corpus/index.js";
import { UsageError } from "../command.js";

/** Options of `parseArgs` for the part of a corpus; spread them into the verb's own. */
export const choiceOptions = {
  json: { type: "boolean" },
  tier: { type: "string" },
  split: { type: "string" },
  shards: { type: "string" },
} as const;

/** What `parseArgs` gives for them. */
export interface ChoiceValues {
  readonly tier?: string | undefined;
  readonly split?: string | undefined;
  readonly shards?: string | undefined;
}

/** How usage lines and helps name them. */
export const CHOICE_USAGE = "[--tier nano|lite|full] [--split train|val|test] [--shards 0-3]";

/**
 * The corpus' name among a verb's words: "sample" where there is none.
 * @throws UsageError where there is more than one
 */
export function corpusName(verb: string, words: readonly string[]): string {
  if (words.length > 1) throw new UsageError(`corpus ${verb} takes one corpus, got "${words[1]}" too`);
  return words[0] ?? "sample";
}

/**
 * The part of a corpus that the options choose.
 * @throws UsageError where an option holds another word than it takes
 */
export function shardChoice(values: ChoiceValues): ShardChoice {
  return {
    tier: oneOf("tier", values.tier, ["nano", "lite", "full"]),
    split: oneOf("split", values.split, ["train", "val", "test"]),
    shards: shardNumbers(values.shards),
  };
}

function oneOf<T extends string>(
  option: string,
  value: string | undefined,
  words: readonly T[],
): T | undefined {
  if (value === undefined || words.includes(value as T)) return value as T | undefined;
  throw new UsageError(`--${option} is ${words.join(", ")}, got "${value}"`);
}

function shardNumbers(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    parseShardNumbers(text);
  } catch (error) {
    throw error instanceof SyntaxError ? new UsageError(error.message) : error;
  }
  return text;
}
