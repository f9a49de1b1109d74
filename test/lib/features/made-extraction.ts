/** A small deterministic encoder, a pool without threads, and sets of made images, to watch an extraction by. */
import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { Random } from "gpic-lab/core";
import type { ExtractResult } from "gpic-lab/features";
import type { ImageItem, ImagePart, ImageSet, Pixels, PreparedImage, Preparing } from "gpic-lab/images";
import type { Encoder, ImageBatch } from "gpic-lab/models";

/** Features of the made encoder. */
export const WIDTH = 6;

/** How a made encoder behaves. */
export interface MadeEncoderOptions {
  readonly batchSize?: number;
  readonly milliseconds?: number;
  readonly weightsSha256?: string;
  /** Called with each batch before it is inferred. */
  readonly onInfer?: (batch: ImageBatch, call: number) => unknown;
  /** Whether a row tells where in its batch it was, as rounding on a device does. */
  readonly tellsPlace?: boolean;
}

/** Mean and spread of each channel, scaled as a feature would be. */
export function madeEncoder(options: MadeEncoderOptions = {}): Encoder {
  let calls = 0;
  return {
    identity: {
      id: "made",
      layer: "means",
      weightsSha256: options.weightsSha256 ?? "0".repeat(64),
      builder: 1,
    },
    prefix: "sscd",
    width: WIDTH,
    protocol: {
      id: "gpic",
      description: "made",
      source: "made",
      pixelType: "uint8",
      prepare: (pixels: Pixels): PreparedImage => pixels,
    },
    device: { device: "cpu", why: "made", tf32: "not applicable", threads: 1 },
    batchSize: options.batchSize ?? 4,
    versions: { made: "1" },
    async infer(batch) {
      await options.onInfer?.(batch, calls++);
      if (options.milliseconds !== undefined) await pause(options.milliseconds);
      const rows = new Float32Array(batch.count * WIDTH);
      for (let at = 0; at < batch.count; at++) {
        rows.set(rowOf(batch, at), at * WIDTH);
        if (options.tellsPlace) rows[at * WIDTH + 5]! += at / 16 + batch.count / 1024;
      }
      return rows;
    },
    async close() {},
  };
}

function rowOf({ data, width, height }: ImageBatch, at: number): number[] {
  const length = width * height * 3;
  const sums = [0, 0, 0, 0, 0, 0];
  for (let i = at * length; i < (at + 1) * length; i++) {
    sums[i % 3]! += data[i]!;
    sums[3 + (i % 3)]! += data[i]! ** 2;
  }
  return sums.map((sum) => sum / (width * height) / 255);
}

/** What is watched of a set and a pool. */
export interface Watched {
  read: number;
  prepared: number;
}

/** A pool that hands pixels on after a time that scrambles their order; a key with "bad" in it fails. */
export function madePreparing(workers: number = 2, milliseconds: number = 0, watched?: Watched): Preparing {
  const random = new Random(5);
  const busy = new Set<Promise<unknown>>();
  return {
    workers,
    async prepare(input) {
      while (busy.size >= workers) await Promise.race(busy);
      const work = pause(milliseconds === 0 ? 0 : random.integer(2 * milliseconds + 1));
      busy.add(work);
      await work;
      busy.delete(work);
      if (watched !== undefined) watched.prepared++;
      if (input.key.includes("bad"))
        return { failed: { kind: "truncated", message: `Cannot decode ${input.key}: it was made so` } };
      if (!("pixels" in input)) throw new Error(`Cannot prepare ${input.key}: pixels are needed, got bytes`);
      return { image: input.pixels };
    },
    async close() {},
  };
}

/** Pixels that a number decides on. */
export function madePixels(seed: number, width: number = 4, height: number = 4): Pixels {
  const random = new Random(seed);
  return {
    width,
    height,
    data: Uint8Array.from({ length: width * height * 3 }, () => random.integer(256)),
  };
}

/** An image of a set that is made when it is read. */
export function madeItem(key: string, seed: number, watched?: Watched): ImageItem {
  return {
    key,
    async read() {
      if (watched !== undefined) watched.read++;
      return { pixels: madePixels(seed) };
    },
  };
}

/** A part that gives these items in turn; texts are damage of the container. */
export function madePart(name: string, items: readonly (ImageItem | string)[]): ImagePart {
  return {
    name,
    count: items.length,
    async *items({ signal, onProblem } = {}) {
      for (const item of items) {
        signal?.throwIfAborted();
        if (typeof item === "string") onProblem?.({ key: item, message: `${item} is damaged` });
        else yield item;
      }
    },
  };
}

/** A set of parts. */
export function madeSetOf(parts: readonly ImagePart[], fingerprint: string = "made"): ImageSet {
  return { name: "made", fingerprint, parts, describe: () => "made images", async close() {} };
}

/** A set of so many images a part, with keys "0-0", "0-1" and on. */
export function madeSet(counts: readonly number[], watched?: Watched): ImageSet {
  return madeSetOf(
    counts.map((count, part) =>
      madePart(
        String(part).padStart(5, "0"),
        Array.from({ length: count }, (_, at) => madeItem(`${part}-${at}`, part * 1000 + at, watched)),
      ),
    ),
  );
}

/** One hash over everything that a result holds of its images: rows, keys, failures, moments. */
export async function digestOf(result: ExtractResult): Promise<string> {
  const hash = createHash("sha256");
  const numbers = ({ buffer, byteOffset, byteLength }: Float32Array | Float64Array) =>
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  if (result.keep === "rows") for await (const { rows } of result.rowBlocks()) numbers(rows);
  numbers((await result.moments()).toBinary());
  hash.update(JSON.stringify([await result.keys(), result.failures, result.images]));
  return hash.digest("hex");
}

/** Every row of a result. */
export async function rowsOf(result: ExtractResult): Promise<Float32Array> {
  const all: number[] = [];
  for await (const { rows } of result.rowBlocks()) all.push(...rows);
  return Float32Array.from(all);
}
