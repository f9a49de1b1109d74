/** Why weights are refused, in one line that a person can act on. */
import { ZipError } from "./zip-reader.js";

/**
 * The kinds of refusal.
 * - `not weights`: a file of another kind, or one without tensors
 * - `hostile`: it asks for what no weights need: an import, a call, a size that the file cannot explain
 * - `damaged`: it was weights, and something is cut, changed or missing
 * - `unsupported`: weights of a kind that is not read here, named in the message
 */
export type TensorFileErrorKind = "not weights" | "hostile" | "damaged" | "unsupported";

/** Weights that cannot or must not be read. Nothing in the file was executed. */
export class TensorFileError extends Error {
  override readonly name = "TensorFileError";
  readonly kind: TensorFileErrorKind;
  /** The file. */
  readonly source: string;
  constructor(kind: TensorFileErrorKind, source: string, problem: string) {
    super(`Cannot read weights ${source}: ${problem}`);
    this.kind = kind;
    this.source = source;
  }
}

/**
 * What a step that reads a zip archive gives, with the archive's errors as errors of weights.
 * @throws TensorFileError for every ZipError; whatever else is thrown stays as it is
 */
export async function asTensorErrors<T>(source: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof ZipError)) throw error;
    const kind = error.kind === "not a zip" ? "not weights" : error.kind;
    throw new TensorFileError(kind, source, error.problem);
  }
}
