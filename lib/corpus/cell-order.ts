/** A random order of the cells of shards, made as it is used: memory grows with what is drawn, not with the shards. */
import type { Random } from "../core/index.js";
import type { Shard } from "./shards.js";

/** A place in a shard. */
export interface Cell {
  readonly shard: Shard;
  readonly offset: number;
}

/** All cells of the shards in a random order, drawn as they are asked for (Fisher-Yates over what was touched). */
export class CellOrder {
  readonly #shards: readonly Shard[];
  readonly #cellBytes: number;
  readonly #random: Random;
  /** How many cells there are before each shard, and in all. */
  readonly #before: number[] = [0];
  readonly #moved = new Map<number, number>();
  #drawn = 0;

  /** @param cellBytes bytes of a cell; the last one of a shard may be shorter */
  constructor(shards: readonly Shard[], cellBytes: number, random: Random) {
    this.#shards = shards;
    this.#cellBytes = cellBytes;
    this.#random = random;
    for (const { sizeBytes } of shards) this.#before.push(this.#total() + Math.ceil(sizeBytes / cellBytes));
  }

  /** The next cells of the order, at most so many; none where all have been drawn. */
  next(most: number): Cell[] {
    const cells: Cell[] = [];
    for (const total = this.#total(); cells.length < most && this.#drawn < total; this.#drawn++) {
      const at = this.#drawn + this.#random.integer(total - this.#drawn);
      const cell = this.#moved.get(at) ?? at;
      if (at !== this.#drawn) this.#moved.set(at, this.#moved.get(this.#drawn) ?? this.#drawn);
      this.#moved.delete(this.#drawn);
      cells.push(this.#cellAt(cell));
    }
    return cells;
  }

  #total(): number {
    return this.#before[this.#before.length - 1]!;
  }

  #cellAt(index: number): Cell {
    let low = 0;
    let high = this.#shards.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#before[middle]! <= index) low = middle;
      else high = middle;
    }
    return { shard: this.#shards[low]!, offset: (index - this.#before[low]!) * this.#cellBytes };
  }
}
