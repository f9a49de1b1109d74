/** An extraction whose parts are not all finished, as images failed that another attempt may be able to read. */
import type { UnfinishedPart } from "./extract-inferring.js";

/** Parts that the message names; all are in `parts`. */
const MOST_NAMED = 3;

/** Thrown at the end of a call, when all other parts are finished; the same call tries these again. */
export class UnfinishedPartsError extends Error {
  override readonly name = "UnfinishedPartsError";
  /** The parts that were left, and for which images. */
  readonly parts: readonly UnfinishedPart[];

  /** @param parts at least one, each with a failure */
  constructor(parts: readonly UnfinishedPart[]) {
    const failures = parts.flatMap(({ failures }) => failures);
    const names = parts.slice(0, MOST_NAMED).map(({ name }) => name);
    const more = parts.length > MOST_NAMED ? ", ..." : "";
    const { kind, message } = failures[0]!;
    super(
      `Cannot finish ${parts.length === 1 ? "the part" : `${parts.length} parts:`} ${names.join(", ")}${more}: images that can be read are needed, ` +
        `got ${failures.length === 1 ? "one that cannot for now" : `${failures.length} that cannot for now, the first`}: ${kind}: ${message}; ` +
        "the same call tries again, and all other parts are kept; an image that stays so has to leave the set, which then begins anew",
    );
    this.parts = parts;
  }
}
