/**
 * Captions that are nearly the same: pairs whose runs of three words overlap.
 *
 * Method: MinHash (Broder 1997) in 20 bands of 4 finds candidates, the exact Jaccard similarity of their word
 * triples decides. A pair of similarity s is found with probability 1 - (1 - s^4)^20: 0.995 at 0.7, 0.93 at 0.6,
 * 0.73 at 0.5. What is never found: paraphrases, and captions under three words. Copies that differ in case or
 * punctuation only are `repeatedCaptions`, and are left out here.
 */
import { Random } from "../core/index.js";
import { words } from "../text/index.js";
import type { Caption, Captions } from "./caption.js";
import { type DrawOptions, sampleCaptions } from "./sample.js";

/** Two captions and how alike they are. */
export interface NearCopy {
  readonly similarity: number;
  readonly first: string;
  readonly second: string;
}

/** The pairs found. */
export interface NearCopies {
  /** Captions compared: distinct, of three words at least. */
  readonly captions: number;
  /** Captions that have at least one near copy. */
  readonly with_near_copy: number;
  readonly pairs: number;
  /** The most alike. */
  readonly top: readonly NearCopy[];
  /** Candidate pairs that were not compared, as a band held too many captions. */
  readonly skipped: number;
  /** The probability that a pair just at the threshold is found. */
  readonly found_at_threshold: number;
}

const BANDS = 20;
const ROWS = 4;
/** Captions of one band that are compared with each other; stock phrases would make millions of pairs. */
const LARGEST_BUCKET = 200;
/** Only the first words of a caption are compared. */
const LONGEST = 400;

/**
 * Pairs of captions in a draw whose word triples have a Jaccard similarity of at least `threshold`.
 * @param options `threshold` above 0 up to 1 (0.7 if not given), `top`: pairs to give (20), and the draw
 * @throws RangeError where the threshold is outside of that
 */
export async function nearCopies(
  captions: Captions,
  options: DrawOptions & { readonly threshold?: number; readonly top?: number } = {},
): Promise<NearCopies> {
  const { threshold = 0.7, top = 20, seed = 0 } = options;
  if (!(threshold > 0 && threshold <= 1))
    throw new RangeError(
      `Cannot look for near copies: a threshold above 0 up to 1 is needed, got ${threshold}`,
    );
  const texts = distinctTexts(await sampleCaptions(captions, options));
  const sets = texts.map(({ wordList }) => triples(wordList));
  const random = new Random(`${seed} minhash`);
  const factors = Int32Array.from({ length: BANDS * ROWS }, () => random.integer(2 ** 31) * 2 + 1);
  const addends = Int32Array.from(factors, () => random.integer(2 ** 32));
  const compared = new Set<number>();
  const found: { similarity: number; first: number; second: number }[] = [];
  let skipped = 0;
  for (let band = 0; band < BANDS; band++) {
    for (const bucket of buckets(sets, factors, addends, band)) {
      const size = Math.min(bucket.length, LARGEST_BUCKET);
      skipped += (bucket.length * (bucket.length - 1) - size * (size - 1)) / 2;
      for (let i = 1; i < size; i++)
        for (let j = 0; j < i; j++) {
          const first = bucket[j]!;
          const second = bucket[i]!;
          const pair = first * texts.length + second;
          if (compared.has(pair)) continue;
          compared.add(pair);
          const similarity = jaccard(sets[first]!, sets[second]!);
          if (similarity >= threshold) found.push({ similarity, first, second });
        }
    }
  }
  found.sort((a, b) => b.similarity - a.similarity || a.first - b.first || a.second - b.second);
  return {
    captions: texts.length,
    with_near_copy: new Set(found.flatMap(({ first, second }) => [first, second])).size,
    pairs: found.length,
    top: found.slice(0, top).map(({ similarity, first, second }) => ({
      similarity,
      first: texts[first]!.caption,
      second: texts[second]!.caption,
    })),
    skipped,
    found_at_threshold: 1 - (1 - threshold ** ROWS) ** BANDS,
  };
}

interface Text {
  readonly caption: string;
  readonly wordList: readonly string[];
}

function distinctTexts(captions: readonly Caption[]): Text[] {
  const texts = new Map<string, Text>();
  for (const { caption } of captions) {
    const wordList = words(caption).slice(0, LONGEST);
    const key = wordList.join(" ");
    if (wordList.length >= 3 && !texts.has(key)) texts.set(key, { caption, wordList });
  }
  return [...texts.values()];
}

/** The runs of three words as sorted distinct 32-bit hashes; two different runs share one about once in 10^7 pairs. */
function triples(wordList: readonly string[]): Uint32Array {
  const hashes = wordList.map(hash);
  const runs = new Set<number>();
  for (let i = 2; i < hashes.length; i++)
    runs.add(mix(Math.imul(mix(Math.imul(hashes[i - 2]!, 31) + hashes[i - 1]!), 31) + hashes[i]!) >>> 0);
  return Uint32Array.from(runs).sort();
}

/** The captions whose least hashes agree in all rows of a band, in groups of two at least. */
function* buckets(
  sets: readonly Uint32Array[],
  factors: Int32Array,
  addends: Int32Array,
  band: number,
): Generator<readonly number[]> {
  const byKey = new Map<string, number[]>();
  for (const [index, set] of sets.entries()) {
    let key = "";
    for (let row = band * ROWS; row < (band + 1) * ROWS; row++) {
      let least = 0xffffffff;
      for (const run of set) {
        const value = mix(Math.imul(run, factors[row]!) + addends[row]!) >>> 0;
        if (value < least) least = value;
      }
      key += `${least} `;
    }
    const bucket = byKey.get(key);
    if (bucket === undefined) byKey.set(key, [index]);
    else bucket.push(index);
  }
  for (const bucket of byKey.values()) if (bucket.length > 1) yield bucket;
}

function jaccard(a: Uint32Array, b: Uint32Array): number {
  let common = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) common++;
    if (a[i]! <= b[j]!) {
      if (a[i] === b[j]) j++;
      i++;
    } else j++;
  }
  return common / (a.length + b.length - common);
}

function hash(word: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < word.length; i++) value = Math.imul(value ^ word.charCodeAt(i), 0x01000193);
  return mix(value);
}

function mix(value: number): number {
  let z = value | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return z ^ (z >>> 15);
}
