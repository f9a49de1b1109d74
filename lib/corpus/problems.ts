/** What can be wrong with a corpus: one row a finding, each of a named kind, and one way to say it in a line. */
import type { TarDamageKind } from "../io/index.js";

/**
 * The kinds of findings. Those of the archive are described at `TarDamageKind`; the others:
 * - `shard-unreadable`: the system cannot open or read the shard
 * - `unsupported-entry`: no .json, .jpg, .jpeg or .png file: another name, a link, a device, a sparse file
 * - `name-too-long`: a name of more than `MAX_NAME_BYTES`
 * - `image-without-json`, `json-without-image`: half a pair; its other half is nowhere within `MAX_UNPAIRED` entries
 * - `json-too-large`, `image-too-large`: beyond `MAX_JSON_BYTES`, `MAX_IMAGE_BYTES`
 * - `json-not-utf8`, `byte-order-mark`, `json-broken`: a text that is not UTF-8, that begins with a byte-order mark
 *   (JSON forbids it, and Python's reader refuses the record), that is not one JSON object
 * - `field-missing`, `field-type`, `field-range`: a field of the record is not as the data card says
 * - `key-not-name`: the record's key is not the file's name
 * - `duplicate-key`: the key was there before, in this shard or (`verifyCorpus`) in an earlier one
 * - `image-unreadable`: no JPEG or PNG header, or not the one that the file's name promises
 * - `image-size`: the picture's own width or height is not the record's
 */
export type CorpusProblemKind =
  | TarDamageKind
  | "byte-order-mark"
  | "duplicate-key"
  | "field-missing"
  | "field-range"
  | "field-type"
  | "image-size"
  | "image-too-large"
  | "image-unreadable"
  | "image-without-json"
  | "json-broken"
  | "json-not-utf8"
  | "json-too-large"
  | "json-without-image"
  | "key-not-name"
  | "name-too-long"
  | "shard-unreadable"
  | "unsupported-entry";

/** Something in a corpus that is not as it should be; a record with any finding is counted here and left out. */
export interface CorpusProblem {
  readonly shard: string;
  /** Bytes from the start of the shard: where the entry's header begins, or the damage. */
  readonly offset: number;
  /** Name of the record, hostile text; "" where there is none. */
  readonly key: string;
  readonly kind: CorpusProblemKind;
  /** What is needed: "img_width, a whole number from 1 to 2147483647". */
  readonly expected: string;
  /** What is there, hostile text, cut to a line. */
  readonly found: string;
}

/** A problem, thrown where nobody collects them. */
export class CorpusError extends Error {
  override readonly name = "CorpusError";
  readonly problem: CorpusProblem;
  constructor(problem: CorpusProblem) {
    super(`Cannot read ${describeProblem(problem)}`);
    this.problem = problem;
  }
}

/**
 * A problem in one line; it holds hostile text.
 * @example describeProblem(problem) // "train/gpic_train_00000.tar at byte 512, record 9f86...: field-type: license, a text is needed, got 3"
 */
export function describeProblem(problem: CorpusProblem): string {
  const { shard, offset, key, kind, expected, found } = problem;
  return `${shard} at byte ${offset}${key === "" ? "" : `, record ${key}`}: ${kind}: ${expected} is needed, got ${found}`;
}

/** Takes problems, and lets the reading go on. */
export type ProblemTaker = (problem: CorpusProblem) => void;

/** What to do with problems where nobody takes them: the first one is thrown. */
export function throwProblem(problem: CorpusProblem): never {
  throw new CorpusError(problem);
}

/** Most characters of a value that a finding shows: enough to recognise it, few enough for a line. */
const SHOWN_CHARACTERS = 80;

/** A value as findings show it. */
export function shown(value: unknown): string {
  const text = value === undefined ? "nothing" : (JSON.stringify(value) ?? String(value));
  const characters = Array.from(text.slice(0, 2 * SHOWN_CHARACTERS + 2));
  return characters.length > SHOWN_CHARACTERS ? `${characters.slice(0, SHOWN_CHARACTERS).join("")}...` : text;
}
