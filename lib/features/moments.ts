/**
 * Mean and covariance of features, in float64, from rows that pass by in blocks.
 *
 * The covariance is divided by n - 1, as numpy.cov and every toolkit's Frechet distance have it. Rows are taken up in
 * blocks of a fixed number, whatever pieces they come in: so the result is the same to the bit for any size of batch.
 * Merging moves it by rounding only (see moments-merge.ts).
 *
 * Rows can be added at once, or by promise: wide rows then go through the engine (see moments-engine.ts), and the
 * caller's thread has turns between its products. The two differ by rounding, each is the same to the bit for itself.
 */
import { mirrorUpper } from "../core/index.js";
import { momentsFromBinary, momentsToBinary } from "./moments-binary.js";
import { checkRows } from "./moments-check.js";
import { type CenteredProducts, mergeProducts, noProducts, wholePanel } from "./moments-merge.js";
import { WaitingRows } from "./moments-waiting.js";

/** Rows that are multiplied at once. */
const BLOCK_ROWS = 512;

/**
 * Moments of rows that are added one block after the other.
 * @example
 * const moments = Moments.of(2);
 * moments.add(Float32Array.of(1, 2, 3, 6), 2);
 * moments.mean; // Float64Array [2, 4]
 * moments.covariance(); // Float64Array [2, 4, 4, 8]
 */
export class Moments {
  /** Numbers of a row. */
  readonly width: number;
  #done: CenteredProducts;
  readonly #waiting: WaitingRows;
  #isAdding = false;

  private constructor(width: number, done: CenteredProducts) {
    this.width = width;
    this.#done = done;
    this.#waiting = new WaitingRows(width, BLOCK_ROWS);
  }

  /**
   * Moments of no rows.
   * @param width numbers of a row, at least 1
   * @throws RangeError where width is no such number
   */
  static of(width: number): Moments {
    if (!Number.isSafeInteger(width) || width < 1)
      throw new RangeError(`Cannot compute moments: a width of at least 1 is needed, got ${width}`);
    return new Moments(width, noProducts(width));
  }

  /**
   * Moments as `toBinary` gave them.
   * @throws RangeError where the numbers are not such moments
   */
  static fromBinary(numbers: Float64Array): Moments {
    const { done, waiting } = momentsFromBinary(numbers, BLOCK_ROWS);
    const moments = new Moments(done.mean.length, done);
    moments.#waiting.fill(waiting, 0, waiting.length / moments.width);
    return moments;
  }

  /** Rows that were added. */
  get count(): number {
    return this.#done.count + this.#waiting.count;
  }

  /** The mean: width numbers; NaN where there are no rows. */
  get mean(): Float64Array {
    const { count, mean } = this.#all();
    return count === 0 ? mean.fill(Number.NaN) : mean;
  }

  /**
   * The covariance, divided by count - 1.
   * @returns width x width, row-major, symmetric to the bit
   * @throws RangeError where there are fewer than two rows
   */
  covariance(): Float64Array {
    if (this.count < 2)
      throw new RangeError(`Cannot compute a covariance: at least 2 rows are needed, got ${this.count}`);
    const { width } = this;
    const { count, products } = this.#all();
    return mirrorUpper(products, width, count - 1);
  }

  /**
   * Adds rows.
   * @param rows count x width, row-major
   * @throws RangeError where rows are not count x width, or a number is not finite; nothing is added then
   */
  add(rows: Float32Array | Float64Array, count: number): void {
    this.#checkIdle();
    checkRows(rows, count, this.width, this.count);
    for (let row = 0; row < count; ) {
      row += this.#waiting.fill(rows, row, count);
      if (this.#waiting.isFull) this.#takeUp();
    }
  }

  /**
   * Adds rows, wide ones through the engine; until the promise is fulfilled, neither rows nor moments may be used.
   * @param rows count x width, row-major
   * @throws as `add`
   * @example for await (const rows of file.rowBlocks()) await moments.addRows(rows, rows.length / file.width);
   */
  async addRows(rows: Float32Array | Float64Array, count: number): Promise<void> {
    this.#checkIdle();
    checkRows(rows, count, this.width, this.count);
    await this.#alone(async () => {
      for (let row = 0; row < count; ) {
        row += this.#waiting.fill(rows, row, count);
        if (!this.#waiting.isFull) continue;
        await this.#waiting.multiply();
        this.#takeUp();
      }
    });
  }

  /**
   * Multiplies the rows that still wait for others, wide ones through the engine, so that mean, covariance and merging
   * need not: they do it themselves otherwise, in the caller's thread. More rows may follow, as if it had not been
   * called.
   */
  async settle(): Promise<void> {
    this.#checkIdle();
    await this.#alone(() => this.#waiting.multiply());
    this.#waiting.rest();
  }

  /**
   * Adds all rows of others, which stay as they are.
   * @throws RangeError where their width is another
   */
  merge(other: Moments): void {
    if (other.width !== this.width)
      throw new RangeError(`Cannot merge moments: a width of ${this.width} is needed, got ${other.width}`);
    this.#checkIdle();
    const { count, mean, products } = other.#all();
    this.#takeUp();
    mergeProducts(this.#done, { count, mean, panels: [wholePanel(products, this.width)] });
  }

  /** The state as numbers for a file; goes on to the bit where it was. */
  toBinary(): Float64Array {
    this.#checkIdle();
    return momentsToBinary({ done: this.#done, waiting: this.#waiting.rows });
  }

  /** Done and waiting rows together, as a copy. */
  #all(): CenteredProducts {
    this.#checkIdle();
    const { count, mean, products } = this.#done;
    const all = { count, mean: mean.slice(), products: products.slice() };
    if (this.#waiting.count > 0) mergeProducts(all, this.#waiting.products());
    return all;
  }

  #takeUp(): void {
    if (this.#waiting.count === 0) return;
    mergeProducts(this.#done, this.#waiting.products());
    this.#waiting.clear();
  }

  async #alone(work: () => Promise<void>): Promise<void> {
    this.#isAdding = true;
    try {
      await work();
    } finally {
      this.#isAdding = false;
    }
  }

  #checkIdle(): void {
    if (this.#isAdding)
      throw new Error("Cannot use moments: what addRows or settle promised must be awaited first");
  }
}
