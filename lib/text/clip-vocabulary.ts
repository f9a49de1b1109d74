/**
 * CLIP's vocabulary: which two neighbouring tokens merge into which third, and in what order.
 *
 * Source: OpenAI's CLIP, bpe_simple_vocab_16e6 (data/clip). Token ids, as its SimpleTokenizer numbers them:
 * 0-255 a byte inside a word, 256-511 a byte that ends a word, from 512 on the merges in the order of the file,
 * and at the end the marks of start and end.
 */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { packageFile } from "../io/index.js";

/** How many merges CLIP reads of the file: 49,152 tokens without 256 bytes and the two marks. */
const MERGES = 49_152 - 256 - 2;
const FIRST_MERGE = 512;
/** A power of two, so that a hash is a mask; under half full with 48,894 merges. */
const SLOTS = 131_072;

/** The ids of the marks that stand before and after every text that CLIP reads. */
export const clipMarks: { readonly start: number; readonly end: number } = {
  start: FIRST_MERGE + MERGES,
  end: FIRST_MERGE + MERGES + 1,
};

/** The merges as a hash table of two token ids. */
export interface ClipVocabulary {
  /** How many tokens there are without the two marks. */
  readonly size: number;
  /** The id of each byte inside a word; 256 more where it ends one. */
  readonly byteIds: Uint16Array;
  /** The token that the two merge into, or -1; a lower id merges first. */
  merged(left: number, right: number): number;
}

let loaded: ClipVocabulary | undefined;

/**
 * The vocabulary, read at the first call (about 40 ms).
 * @throws SyntaxError where the file is not the vocabulary
 */
export function clipVocabulary(): ClipVocabulary {
  loaded ??= readVocabulary(packageFile("data", "clip", "bpe_simple_vocab_16e6.first-48894.txt.gz"));
  return loaded;
}

function readVocabulary(file: string): ClipVocabulary {
  const lines = gunzipSync(readFileSync(file)).toString("utf8").trimEnd().split("\n").slice(1);
  if (lines.length !== MERGES)
    throw new SyntaxError(`Cannot read ${file}: ${MERGES} merges are needed, got ${lines.length}`);
  const byteIds = new Uint16Array(256);
  const ids = new Map<string, number>();
  for (const [id, { byte, letter }] of bytesAsLetters().entries()) {
    byteIds[byte] = id;
    ids.set(letter, id);
    ids.set(`${letter}</w>`, id + 256);
  }
  const keys = new Uint32Array(SLOTS);
  const values = new Int32Array(SLOTS).fill(-1);
  for (const [rank, line] of lines.entries()) {
    const [left, right] = line.split(" ");
    const leftId = ids.get(left ?? "");
    const rightId = ids.get(right ?? "");
    // a merge is made of older tokens: joining the lowest id first relies on it
    if (leftId === undefined || rightId === undefined)
      throw new SyntaxError(`Cannot read ${file}: merge ${rank} must be of tokens before it, got ${line}`);
    ids.set(`${left}${right}`, FIRST_MERGE + rank);
    const key = leftId * 65_536 + rightId;
    let slot = slotOf(leftId, rightId);
    while (values[slot] !== -1) slot = (slot + 1) & (SLOTS - 1);
    keys[slot] = key;
    values[slot] = FIRST_MERGE + rank;
  }
  return {
    size: FIRST_MERGE + MERGES,
    byteIds,
    merged(left, right) {
      const key = left * 65_536 + right;
      for (let slot = slotOf(left, right); ; slot = (slot + 1) & (SLOTS - 1)) {
        const value = values[slot]!;
        if (value === -1 || keys[slot] === key) return value;
      }
    },
  };
}

function slotOf(left: number, right: number): number {
  const mixed = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) & (SLOTS - 1);
}

/** The file writes bytes as letters: printable Latin-1 as itself, the others from U+0100 on; ids follow that order. */
function bytesAsLetters(): { readonly byte: number; readonly letter: string }[] {
  const isPrintable = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  const bytes = Array.from({ length: 256 }, (_, byte) => byte);
  const printable = bytes.filter(isPrintable).map((byte) => ({ byte, letter: String.fromCharCode(byte) }));
  const others = bytes
    .filter((byte) => !isPrintable(byte))
    .map((byte, i) => ({ byte, letter: String.fromCharCode(256 + i) }));
  return [...printable, ...others];
}
