/**
 * Verifies a corpus: every record's fields, every picture's own size, and that no key is there twice, in a shard or
 * across shards.
 *
 * Keys are compared across shards by their first 52 bits, 8 bytes a record (0.8 GB for the whole release); what
 * agrees there is read again and compared in full, so that the answer is exact.
 */
import type { Corpus } from "./corpus.js";
import { type CorpusProblem, type CorpusProblemKind, type ProblemTaker, shown } from "./problems.js";
import type { Shard } from "./shards.js";
import { type CorpusProgress, walkShards } from "./walk.js";

/** What came of verifying a corpus. */
export interface CorpusVerification {
  /** Records with which nothing is wrong. */
  readonly sound: number;
  /** The problems by shard and place, at most `mostProblems` of them. */
  readonly problems: readonly CorpusProblem[];
  /** How many problems of each kind there are; kinds without any are absent. */
  readonly counts: { readonly [kind in CorpusProblemKind]?: number };
  readonly shards: number;
  /** Bytes of the shards. */
  readonly bytes: number;
}

/** What verifying takes. */
export interface VerifyOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: CorpusProgress) => void) | undefined;
  /** Takes every problem as it is found. */
  readonly onProblem?: ProblemTaker | undefined;
  /** Most problems that the result lists, 100,000 where it is left out; all are counted. */
  readonly mostProblems?: number | undefined;
}

const MOST_PROBLEMS = 100_000;
/** Hexadecimal digits of a key that are kept: 52 bits, as many as a float64 holds without loss. */
const KEPT_DIGITS = 13;

/**
 * Reads all headers, all JSON and the head of every picture.
 * @throws the signal's reason where it was stopped
 * @example (await verifyCorpus(await openCorpus("sample"))).problems // []
 */
export async function verifyCorpus(corpus: Corpus, options: VerifyOptions = {}): Promise<CorpusVerification> {
  const { signal, onProgress, onProblem, mostProblems = MOST_PROBLEMS } = options;
  const problems: CorpusProblem[] = [];
  const counts = new Map<CorpusProblemKind, number>();
  const tell: ProblemTaker = (problem) => {
    counts.set(problem.kind, (counts.get(problem.kind) ?? 0) + 1);
    if (problems.length < mostProblems) problems.push(problem);
    onProblem?.(problem);
  };
  const prefixes = new Prefixes(corpus.shards);
  let sound = 0;
  for await (const record of walkShards(corpus.shards, {
    signal,
    onProgress,
    onProblem: tell,
    checkImages: true,
  })) {
    prefixes.add(record.shard, record.key);
    sound++;
  }
  const repeated = prefixes.repeated();
  for await (const problem of repeatedKeys(repeated, signal)) {
    tell(problem);
    sound--;
  }
  const order = new Map(corpus.shards.map(({ name }, i) => [name, i]));
  const place = ({ shard }: CorpusProblem) => order.get(shard) ?? 0;
  return {
    sound,
    problems: problems.sort((a, b) => place(a) - place(b) || a.offset - b.offset),
    counts: Object.fromEntries(counts),
    shards: corpus.shards.length,
    bytes: corpus.shards.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  };
}

/** Shards that may share keys, and the first digits of those keys. */
interface Repeated {
  readonly shards: readonly Shard[];
  readonly digits: ReadonlySet<number>;
}

/** The first digits of all keys, shard by shard. */
class Prefixes {
  readonly #shards: readonly Shard[];
  readonly #byShard = new Map<string, number[]>();
  readonly #packed = new Map<string, Float64Array>();
  #current = "";

  constructor(shards: readonly Shard[]) {
    this.#shards = shards;
  }

  add(shard: string, key: string): void {
    if (shard !== this.#current) this.#pack(shard);
    const digits = digitsOf(key);
    const list = this.#byShard.get(shard);
    if (list === undefined) this.#byShard.set(shard, [digits]);
    else list.push(digits);
  }

  /** Digits that are in more than one shard, and those shards. */
  repeated(): Repeated {
    this.#pack("");
    const lists = this.#shards.flatMap((shard) => this.#packed.get(shard.name) ?? []);
    const digits = new Set<number>();
    // part by part, so that what is sorted at once stays small: keys are hashes, and spread evenly
    const parts = Math.max(1, Math.ceil(lists.reduce((sum, list) => sum + list.length, 0) / PART_KEYS));
    const width = 16 ** KEPT_DIGITS / parts;
    for (let part = 0; part < parts; part++) {
      const pieces = lists.map((list) =>
        list.subarray(lowerBound(list, part * width), lowerBound(list, (part + 1) * width)),
      );
      const all = new Float64Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
      let at = 0;
      for (const piece of pieces) {
        all.set(piece, at);
        at += piece.length;
      }
      all.sort();
      for (let i = 1; i < all.length; i++) if (all[i] === all[i - 1]) digits.add(all[i]!);
    }
    const has = ({ name }: Shard) => this.#packed.get(name)?.some((one) => digits.has(one)) === true;
    return { digits, shards: digits.size === 0 ? [] : this.#shards.filter(has) };
  }

  #pack(next: string): void {
    const list = this.#byShard.get(this.#current);
    if (list !== undefined) this.#packed.set(this.#current, Float64Array.from(list).sort());
    this.#byShard.delete(this.#current);
    this.#current = next;
  }
}

/** Keys sorted at once. */
const PART_KEYS = 1 << 20;

/** Reads the shards concerned again and compares the keys in full; the first record of a key is none of the problems. */
async function* repeatedKeys(
  { shards, digits }: Repeated,
  signal: AbortSignal | undefined,
): AsyncGenerator<CorpusProblem, void, undefined> {
  const first = new Map<string, string>();
  const ignore = () => {};
  for await (const record of walkShards(shards, { signal, onProblem: ignore, checkImages: true })) {
    if (!digits.has(digitsOf(record.key))) continue;
    const other = first.get(record.key);
    if (other === undefined) first.set(record.key, record.shard);
    else
      yield {
        ...{ shard: record.shard, offset: record.jsonOffset, key: record.key, kind: "duplicate-key" },
        ...{ expected: "a key that no other shard has", found: `it in ${shown(other)} too` },
      };
  }
}

function digitsOf(key: string): number {
  return Number.parseInt(key.slice(0, KEPT_DIGITS), 16);
}

/** Index of the first value that is not below the bound. */
function lowerBound(sorted: Float64Array, bound: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
