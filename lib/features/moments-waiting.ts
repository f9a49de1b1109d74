/** Rows of moments that wait until there are enough of them to be multiplied at once. */
import { ENGINE_FROM_WIDTH, type EngineProducts, engineProducts } from "./moments-engine.js";
import { type CenteredPart, productsOf } from "./moments-merge.js";

/** A block that fills up, and its products. */
export class WaitingRows {
  readonly #width: number;
  readonly #most: number;
  readonly #rows: Float64Array;
  #count = 0;
  /** Where the engine took them since the last row was added. */
  #products: CenteredPart | undefined;
  #engine: EngineProducts | undefined;

  /** @param most rows that are multiplied at once */
  constructor(width: number, most: number) {
    this.#width = width;
    this.#most = most;
    this.#rows = new Float64Array(most * width);
  }

  /** Rows that wait. */
  get count(): number {
    return this.#count;
  }

  /** Whether there are as many as are multiplied at once. */
  get isFull(): boolean {
    return this.#count === this.#most;
  }

  /** count x width, row-major. */
  get rows(): Float64Array {
    return this.#rows.subarray(0, this.#count * this.#width);
  }

  /** Takes rows from `row` on, as many as there is room for; returns their number. */
  fill(rows: Float32Array | Float64Array, row: number, count: number): number {
    const some = Math.min(count - row, this.#most - this.#count);
    this.#rows.set(rows.subarray(row * this.#width, (row + some) * this.#width), this.#count * this.#width);
    this.#count += some;
    this.#products = undefined;
    return some;
  }

  /** Products of all, one row at least; those that are taken here are not kept, as many moments may be held at once. */
  products(): CenteredPart {
    return this.#products ?? productsOf(this.rows, this.#count, this.#width);
  }

  /** Has the engine take the products, of wide rows. */
  async multiply(): Promise<void> {
    if (this.#width < ENGINE_FROM_WIDTH || this.#count === 0 || this.#products !== undefined) return;
    this.#engine ??= engineProducts(this.#width, this.#most);
    this.#products = await this.#engine.of(this.rows, this.#count);
  }

  /** Lets the engine's memory go; products that it took stay until rows are added. */
  rest(): void {
    this.#engine = undefined;
  }

  clear(): void {
    this.#count = 0;
    this.#products = undefined;
  }
}
