/**
 * The one source of randomness: a seeded generator whose numbers are the same on every machine.
 *
 * Method: sfc32 (Doty-Humphrey, PractRand), seeded by four rounds of splitmix32 over the seed's UTF-16 code units.
 */

/** A seeded stream of random numbers. */
export class Random {
  #a = 0;
  #b = 0;
  #c = 0;
  #counter = 1;

  /**
   * @param seed any number or text; equal seeds give equal streams
   * @example new Random(7).next() === new Random(7).next() // true
   */
  constructor(seed: number | string) {
    let state = 0x9e3779b9;
    for (const unit of `${typeof seed}:${seed}`) state = mix(state ^ unit.charCodeAt(0));
    this.#a = state = mix(state + 0x9e3779b9);
    this.#b = state = mix(state + 0x9e3779b9);
    this.#c = mix(state + 0x9e3779b9);
    for (let i = 0; i < 12; i++) this.#uint32();
  }

  /** A float64 uniform in [0, 1), with 53 random bits. */
  next(): number {
    return ((this.#uint32() >>> 5) * 0x4000000 + (this.#uint32() >>> 6)) / 0x20000000000000;
  }

  /**
   * An integer uniform in [0, bound).
   * @throws RangeError where bound is not a positive safe integer
   */
  integer(bound: number): number {
    if (!Number.isSafeInteger(bound) || bound <= 0)
      throw new RangeError(`Cannot draw an integer: bound is a positive integer, got ${bound}`);
    return Math.floor(this.next() * bound);
  }

  /** A float64 from the standard normal distribution (Box-Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }

  /** The values in a random order (Fisher-Yates), as a new array. */
  shuffle<T>(values: readonly T[]): T[] {
    const shuffled = [...values];
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [shuffled[i], shuffled[j]] = [shuffled[j] as T, shuffled[i] as T];
    }
    return shuffled;
  }

  #uint32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return sum >>> 0;
  }
}

function mix(value: number): number {
  let z = value | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return z ^ (z >>> 15);
}
