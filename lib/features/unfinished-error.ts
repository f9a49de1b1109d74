/** An extraction whose parts are not all finished, as images failed that another attempt may be able to read. */
import type { UnfinishedPart } from "./extract-inferring.js";

/** Parts and images that the message names; all are in `parts`. */
const MOST_NAMED = 3;

/** Thrown at the end of a call, when all other parts are finished; the same call tries these again. */
export class UnfinishedPartsError extends Error {
  override readonly name = "UnfinishedPartsError";
  /** The parts that were left, and for which images. */
  readonly parts: readonly UnfinishedPart[];

  constructor(parts: readonly UnfinishedPart[]) {
    const failures = parts.flatMap(({ failures }) => failures);
    const named = failures.slice(0, MOST_NAMED).map(({ kind, message }) => `${kind}: ${message}`);
    const names = parts.slice(0, MOST_NAMED).map(({ name }) => name);
    const of = (count: number, word: string) => `${count} ${word}${count === 1 ? "" : "s"}`;
    const more = (count: number) => (count > MOST_NAMED ? ", ..." : "");
    super(
      `Cannot finish ${of(parts.length, "part")} (${names.join(", ")}${more(parts.length)}): images that can be read are needed, ` +
        `got ${of(failures.length, "failure")} that may pass (${named.join("; ")}${more(failures.length)}); ` +
        "all other parts are kept, and the same call tries these again; remove an image that stays unreadable",
    );
    this.parts = parts;
  }
}
