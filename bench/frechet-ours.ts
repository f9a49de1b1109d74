/**
 * Our side of the benchmark of Frechet distances: a process that holds moments and, for each line that it is told,
 * takes a first distance and a second one from the same reference.
 *
 *   frechet-ours.js FOLDER WIDTH: real.bin and generated.bin are means and covariances; answers with a FrechetAnswer
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { frechetFrom, type MeanAndCovariance } from "../lib/metrics/index.js";

/** What a side says of one run. */
export interface FrechetAnswer {
  readonly fd: number;
  /** Tr S1 + Tr S2. */
  readonly traces: number;
  /** From moments to the distance. */
  readonly seconds: number;
  /** The same where the reference's factor is there; the peers do not keep it. */
  readonly secondSeconds?: number;
  /** The most memory that the process has held. */
  readonly megabytes: number;
}

const [folder = "", digits] = process.argv.slice(2);
const width = Number(digits);
const real = read("real.bin");
const generated = read("generated.bin");
for await (const _ of createInterface({ input: process.stdin })) {
  const begun = performance.now();
  const distance = await frechetFrom(real);
  const { fd } = await distance(generated);
  const between = performance.now();
  await distance(generated);
  const answer: FrechetAnswer = {
    ...{ fd, traces: traceOf(real) + traceOf(generated) },
    seconds: (between - begun) / 1000,
    secondSeconds: (performance.now() - between) / 1000,
    megabytes: process.resourceUsage().maxRSS / 1024,
  };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

function read(name: string): MeanAndCovariance {
  const numbers = new Float64Array(new Uint8Array(readFileSync(join(folder, name))).buffer);
  return { mean: numbers.slice(0, width), covariance: numbers.slice(width) };
}

function traceOf({ covariance }: MeanAndCovariance): number {
  return Array.from({ length: width }, (_, i) => covariance[i * (width + 1)]!).reduce((a, b) => a + b, 0);
}
