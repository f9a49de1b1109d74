/**
 * Takes prepared images in order, infers them a batch at a time, and hands rows to their parts.
 *
 * While the encoder has batch k, batch k + 1 is put together and batch k - 1 is written; more is never held here.
 * Batches are cut at fixed places: every `batchSize` sound images of a part, so that neither the number of threads nor
 * the moment of an interruption changes which images an inference sees together.
 */
import type { PreparedImage } from "../images/index.js";
import type { Encoder } from "../models/index.js";
import { batchesOf, type PlacedBatch } from "./batches.js";
import type { AheadQueue } from "./extract-queue.js";
import type { ExtractStep } from "./extract-reading.js";
import type { PartWork } from "./parts.js";

/** How long an encoder was busy, and how long it had nothing to do because no batch was ready. */
export interface InferringTimes {
  readonly inferSeconds: number;
  readonly waitingSeconds: number;
}

/** Is told what happens. */
export interface InferringEvents {
  wrote(part: string, images: number, times: InferringTimes): void;
  failed(part: string): void;
  /** The part counts, or was lost to another process: then what was told of it counts no more. */
  ended(part: string, times: InferringTimes): void;
}

/** The way from the queue to the parts. */
export class Inferring implements InferringTimes {
  readonly #encoder: Encoder;
  readonly #batchSize: number;
  readonly #events: InferringEvents;
  readonly #signal: AbortSignal;
  readonly #now: () => number;
  inferSeconds = 0;
  waitingSeconds = 0;
  #work: PartWork | undefined;
  #begunSeconds = 0;
  #idleSinceSeconds: number;
  #keys: string[] = [];
  #images: PreparedImage[] = [];
  #inferring: Promise<unknown> = Promise.resolve();
  #writing: Promise<unknown> = Promise.resolve();

  constructor(encoder: Encoder, events: InferringEvents, signal: AbortSignal, now: () => number) {
    this.#encoder = encoder;
    // once, as an encoder that lowers it meanwhile must not move the places where batches are cut
    this.#batchSize = encoder.batchSize;
    this.#events = events;
    this.#signal = signal;
    this.#now = now;
    this.#idleSinceSeconds = now();
  }

  /** Until the queue ends and everything is written. */
  async run(queue: AheadQueue<ExtractStep>): Promise<void> {
    for (let step = await queue.take(); step !== undefined; step = await queue.take()) {
      if ("begin" in step) {
        this.#work = step.begin;
        this.#begunSeconds = step.atSeconds;
      } else if ("image" in step) {
        this.#keys.push(step.key);
        this.#images.push(step.image);
        if (this.#images.length === this.#batchSize) await this.#dispatch();
      } else if ("failure" in step) {
        const work = this.#work!;
        work.fail(step.failure);
        this.#events.failed(work.part.name);
      } else {
        if (this.#images.length > 0) await this.#dispatch();
        this.#after(() => this.#end(step.end));
      }
    }
    await this.#inferring;
    await this.#writing;
  }

  /** Waits until the encoder and the files are let go, whatever came of it. */
  async settled(): Promise<void> {
    await Promise.allSettled([this.#inferring, this.#writing]);
  }

  async #dispatch(): Promise<void> {
    const work = this.#work!;
    const keys = this.#keys;
    const batches = batchesOf(this.#images);
    this.#keys = [];
    this.#images = [];
    await this.#inferring;
    this.#signal.throwIfAborted();
    const idleSeconds = this.#now() - Math.max(this.#idleSinceSeconds, this.#begunSeconds);
    this.waitingSeconds += Math.max(0, idleSeconds);
    const inferring = this.#infer(batches, keys, work.part.name);
    this.#inferring = inferring;
    // the encoder has work again: now there is time to wait for the batch before
    const before = this.#writing;
    this.#after(async () => {
      const rows = await inferring;
      await writing(work, () => work.add(rows, keys));
      this.#events.wrote(work.part.name, keys.length, this);
    });
    await before;
  }

  async #infer(
    batches: readonly PlacedBatch[],
    keys: readonly string[],
    part: string,
  ): Promise<Float32Array> {
    const { width } = this.#encoder;
    const all = new Float32Array(keys.length * width);
    for (const { batch, places } of batches) {
      this.#signal.throwIfAborted();
      const begin = this.#now();
      const rows = await this.#encoder.infer(batch).catch((error) => {
        throw new Error(
          `Cannot extract features: the encoder failed at ${keys[places[0]!]} of ${part}: ${error.message}`,
          { cause: error },
        );
      });
      this.#idleSinceSeconds = this.#now();
      this.inferSeconds += this.#idleSinceSeconds - begin;
      if (rows.length !== places.length * width)
        throw new Error(
          `Cannot extract features: ${places.length} x ${width} numbers are needed of the encoder, got ${rows.length}`,
        );
      for (const [at, place] of places.entries())
        all.set(finite(rows.subarray(at * width, (at + 1) * width), keys[place]!), place * width);
    }
    return all;
  }

  async #end(work: PartWork): Promise<void> {
    await writing(work, () => work.finish());
    this.#events.ended(work.part.name, this);
  }

  /** Adds to the writing; its failure is met by whoever waits for it next. */
  #after(next: () => Promise<void>): void {
    this.#writing = this.#writing.then(next);
    this.#writing.catch(() => {});
    this.#inferring.catch(() => {});
  }
}

function finite(row: Float32Array, key: string): Float32Array {
  for (const value of row)
    if (!Number.isFinite(value))
      throw new RangeError(`Cannot extract features: finite numbers are needed, got ${value} for ${key}`);
  return row;
}

function writing<T>(work: PartWork, write: () => Promise<T>): Promise<T> {
  return write().catch((error) => {
    throw new Error(`Cannot keep the features of ${work.part.name}: ${error.message}`, { cause: error });
  });
}
