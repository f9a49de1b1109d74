/**
 * Pairs of rows that are alike: what a similarity join finds, and what components and rules are made of.
 *
 * Three arrays rather than objects: 16 bytes a pair, so that the pairs of a hundred million images fit in memory.
 */

/** Pairs of rows, each once, in the order of `first`, then `second`. */
export interface SimilarPairs {
  readonly count: number;
  /** Row numbers; `first[i] < second[i]`. */
  readonly first: Uint32Array;
  readonly second: Uint32Array;
  /** Cosine of each pair. */
  readonly similarity: Float64Array;
}

/** One pair. */
export interface SimilarPair {
  readonly first: number;
  readonly second: number;
  readonly similarity: number;
}

const FIRST_CAPACITY = 1024;

/** Pairs that become more. */
export class PairList {
  #count = 0;
  #first = new Uint32Array(FIRST_CAPACITY);
  #second = new Uint32Array(FIRST_CAPACITY);
  #similarity = new Float64Array(FIRST_CAPACITY);

  get count(): number {
    return this.#count;
  }

  /** Adds a pair, in whichever order its rows are given. */
  add(a: number, b: number, similarity: number): void {
    if (this.#count === this.#first.length) this.#grow();
    this.#first[this.#count] = Math.min(a, b);
    this.#second[this.#count] = Math.max(a, b);
    this.#similarity[this.#count++] = similarity;
  }

  clear(): void {
    this.#count = 0;
  }

  /** The pairs in their order, each once: of pairs that were added twice the first is kept. */
  sorted(): SimilarPairs {
    const [first, second] = [this.#first, this.#second];
    const order = new Uint32Array(this.#count).map((_, i) => i);
    order.sort((a, b) => first[a]! - first[b]! || second[a]! - second[b]! || a - b);
    const kept = order.filter((at, i) => {
      const before = order[i - 1];
      return i === 0 || first[at] !== first[before!] || second[at] !== second[before!];
    });
    return {
      count: kept.length,
      first: kept.map((at) => first[at]!),
      second: kept.map((at) => second[at]!),
      similarity: Float64Array.from(kept, (at) => this.#similarity[at]!),
    };
  }

  /** The pairs as they were added; views of memory that the next `add` or `clear` changes. */
  view(): SimilarPairs {
    return {
      count: this.#count,
      first: this.#first.subarray(0, this.#count),
      second: this.#second.subarray(0, this.#count),
      similarity: this.#similarity.subarray(0, this.#count),
    };
  }

  #grow(): void {
    const twice = 2 * this.#first.length;
    const [first, second, similarity] = [this.#first, this.#second, this.#similarity];
    this.#first = new Uint32Array(twice);
    this.#second = new Uint32Array(twice);
    this.#similarity = new Float64Array(twice);
    this.#first.set(first);
    this.#second.set(second);
    this.#similarity.set(similarity);
  }
}

/**
 * Pairs as arrays, from a list of them in any order.
 * @example pairsOf([{ first: 4, second: 1, similarity: 0.97 }]).first // Uint32Array [1]
 */
export function pairsOf(list: Iterable<SimilarPair>): SimilarPairs {
  const pairs = new PairList();
  for (const { first, second, similarity } of list) {
    if (first === second)
      throw new RangeError(`Cannot list pairs: two rows are needed, got row ${first} twice`);
    pairs.add(first, second, similarity);
  }
  return pairs.sorted();
}

/**
 * The pairs that are wanted.
 * @param isWanted of a pair's similarity, and its place in the list; `(s) => s > 0.9625` and `(s) => s >= 0.9625` are two
 *   thresholds
 */
export function pairsWhere(
  pairs: SimilarPairs,
  isWanted: (similarity: number, place: number) => boolean,
): SimilarPairs {
  const places = new Uint32Array(pairs.count);
  let count = 0;
  for (let i = 0; i < pairs.count; i++) if (isWanted(pairs.similarity[i]!, i)) places[count++] = i;
  const kept = places.subarray(0, count);
  return {
    count,
    first: kept.map((i) => pairs.first[i]!),
    second: kept.map((i) => pairs.second[i]!),
    similarity: Float64Array.from(kept, (i) => pairs.similarity[i]!),
  };
}

/**
 * Calls a function with each pair, in their order; makes no object, so that it is for all pairs of a large pool.
 * @example
 * const components = new Components(images);
 * forEachPair(pairs, (first, second, similarity) => {
 *   if (similarity >= 0.9) components.join(first, second);
 * });
 */
export function forEachPair(
  { count, first, second, similarity }: SimilarPairs,
  visit: (first: number, second: number, similarity: number) => void,
): void {
  for (let i = 0; i < count; i++) visit(first[i]!, second[i]!, similarity[i]!);
}

/**
 * The pairs one after the other, an object for each, made when it is asked for: to look at a few, or to list, filter and
 * map those of a small pool. All at once they take several times the memory of the arrays (`forEachPair` takes none).
 */
export function* eachPair(pairs: SimilarPairs): Generator<SimilarPair> {
  for (let i = 0; i < pairs.count; i++)
    yield { first: pairs.first[i]!, second: pairs.second[i]!, similarity: pairs.similarity[i]! };
}
