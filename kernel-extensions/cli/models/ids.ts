/** The encoders that a call names. */
import { type EncoderId, encoderIds, modelEntry } from "../../../lib/models/index.js";
import { UsageError } from "../command.js";

/**
 * The ids among a call's words, each once.
 * @throws UsageError for a word that is none, with those that there are
 */
export function encoderWords(words: readonly string[]): EncoderId[] {
  return [...new Set(words)].map((word) => {
    try {
      return modelEntry(word).id;
    } catch (error) {
      throw error instanceof RangeError ? new UsageError(error.message) : error;
    }
  });
}

/** The ids for a help text, in lines that fit a terminal. */
export const idLines: string = [
  encoderIds.filter((id) => id.startsWith("dinov2") && !id.endsWith("-reg")),
  encoderIds.filter((id) => id.endsWith("-reg")),
  encoderIds.filter((id) => !id.startsWith("dinov2")),
]
  .map((ids) => `  ${ids.join(", ")}`)
  .join("\n");
