/**
 * Where in a file each answer lies: a hash table in plain memory, 20 bytes a place, so that the answers about ten million
 * images take some hundred megabytes and no object each.
 *
 * Of an id it keeps 64 bits. Two that share them cannot be told apart here (of twenty million one in 100,000 such tables has
 * a pair): whoever reads the answer compares its id.
 */

/** Share of the places that may be taken before there are twice as many. */
const MOST_LOAD = 0.7;
const FIRST_PLACES = 1 << 10;

/** A line of a file, in bytes. */
export interface LinePlace {
  readonly offset: number;
  /** Without the line's end; above 0. */
  readonly length: number;
}

/** Places of answers by id. */
export class AnswerIndex {
  #size = 0;
  #high = new Uint32Array(FIRST_PLACES);
  #low = new Uint32Array(FIRST_PLACES);
  #offset = new Float64Array(FIRST_PLACES);
  /** 0 where the place is free. */
  #length = new Uint32Array(FIRST_PLACES);

  /** Answers in it. */
  get size(): number {
    return this.#size;
  }

  /**
   * Notes where an answer lies; of an id that is there already, the new place.
   * @param id 64 hexadecimal digits
   */
  set(id: string, { offset, length }: LinePlace): void {
    if (this.#size >= MOST_LOAD * this.#length.length) this.#grow();
    this.#put(high(id), low(id), offset, length);
  }

  /** Where the answer with an id may lie. */
  get(id: string): LinePlace | undefined {
    const at = this.#find(high(id), low(id));
    return this.#length[at] === 0 ? undefined : { offset: this.#offset[at]!, length: this.#length[at]! };
  }

  #put(highBits: number, lowBits: number, offset: number, length: number): void {
    const at = this.#find(highBits, lowBits);
    if (this.#length[at] === 0) this.#size++;
    this.#high[at] = highBits;
    this.#low[at] = lowBits;
    this.#offset[at] = offset;
    this.#length[at] = length;
  }

  /** The place of an id, or the free one where it would go. */
  #find(highBits: number, lowBits: number): number {
    const last = this.#length.length - 1;
    let at = lowBits & last;
    while (this.#length[at] !== 0 && (this.#low[at] !== lowBits || this.#high[at] !== highBits))
      at = (at + 1) & last;
    return at;
  }

  #grow(): void {
    const [highs, lows, offsets, lengths] = [this.#high, this.#low, this.#offset, this.#length];
    const places = 2 * lengths.length;
    this.#size = 0;
    this.#high = new Uint32Array(places);
    this.#low = new Uint32Array(places);
    this.#offset = new Float64Array(places);
    this.#length = new Uint32Array(places);
    for (let at = 0; at < lengths.length; at++)
      if (lengths[at] !== 0) this.#put(highs[at]!, lows[at]!, offsets[at]!, lengths[at]!);
  }
}

function high(id: string): number {
  return Number.parseInt(id.slice(0, 8), 16);
}

function low(id: string): number {
  return Number.parseInt(id.slice(8, 16), 16);
}
