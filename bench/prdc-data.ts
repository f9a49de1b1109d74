/** Seeded feature rows of the law that the metrics' benchmarks are measured on, as .npy files that every side reads. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Random } from "../lib/core/index.js";
import { npyHeader } from "../lib/io/index.js";

/** Rows of each side. */
export const COUNT = 10_000;
/** Numbers of a row: those of DINOv2 ViT-L/14. */
export const WIDTH = 1024;

/** The files of both sides. */
export interface FeatureFiles {
  readonly real: string;
  readonly generated: string;
}

/**
 * Writes both sides into a folder: columns that are independent but for a weak part of rank 16, with deviations that
 * fall as 1 / sqrt(column); the generated side is shifted a little and narrower.
 */
export function writeFeatureFiles(folder: string): FeatureFiles {
  const random = new Random("bench metrics");
  const files = { real: join(folder, "real.npy"), generated: join(folder, "generated.npy") };
  const shared = Float64Array.from(
    { length: 16 * WIDTH },
    (_, at) => random.normal() * deviation(at % WIDTH) * 0.25,
  );
  write(files.real, rows(random, shared, 0, 1));
  write(files.generated, rows(random, shared, 0.05, 0.97));
  return files;
}

function deviation(column: number): number {
  return 1 / Math.sqrt(column + 1);
}

function rows(random: Random, shared: Float64Array, shift: number, scale: number): Float32Array {
  const data = new Float32Array(COUNT * WIDTH);
  for (let row = 0; row < COUNT; row++) {
    const weights = Float64Array.from({ length: 16 }, () => 0.3 * random.normal());
    for (let column = 0; column < WIDTH; column++) {
      let value = (random.normal() * scale + shift) * deviation(column);
      for (let part = 0; part < 16; part++) value += weights[part]! * shared[part * WIDTH + column]!;
      data[row * WIDTH + column] = value;
    }
  }
  return data;
}

function write(path: string, data: Float32Array): void {
  const header = npyHeader("f4", [COUNT, WIDTH]);
  writeFileSync(path, Buffer.concat([header, Buffer.from(data.buffer)]));
}
