/**
 * Mean and covariance in float64 of 50,000 x 1024 float32 rows, from the .npy file, against numpy: np.mean and np.cov
 * of all rows at once, and block by block as a careful user writes it. Time and peak memory.
 *
 * Each side is a process that has run once; runs take turns. All must give the same moments. Rows are made here,
 * seeded: independent columns whose deviation falls as i^-1/2, around means of up to three deviations. The interpreter
 * is `GPIC_LAB_BENCH_PYTHON`, or python3.
 */
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Random } from "../lib/core/index.js";
import { npyHeader, packageFile } from "../lib/io/index.js";
import { type LineProcess, startLines } from "./features-process.js";
import { type BenchRow, median, type PeerValue, type Piece } from "./piece.js";

/** What a side is told: the rows' file, and where mean and covariance go as float64. */
export interface MomentsWork {
  readonly rows: string;
  readonly out: string;
}

/** What a side says of one run. */
export interface MomentsAnswer {
  /** From the file to mean and covariance. */
  readonly seconds: number;
  /** Of the processor, all threads together. */
  readonly processorSeconds: number;
  /** The most memory that the process has held. */
  readonly megabytes: number;
}

const RUNS = 3;
const COUNT = 50_000;
const WIDTH = 1024;
const ROWS_AT_ONCE = 1000;
const PEERS = [
  { name: "numpy, np.cov", method: "whole" },
  { name: "numpy in blocks", method: "blocks" },
] as const;
/** Of the largest number: sums of 50,000 terms of 10 deviations' square, rounded at 1e-16 and mostly evened out. */
const TOLERANCE = 1e-11;

export const momentsPiece: Piece = {
  name: "moments",
  async measure(progress) {
    const folder = mkdtempSync(join(tmpdir(), "gpic-lab-bench-"));
    try {
      progress(`moments: making ${COUNT} x ${WIDTH} numbers`);
      writeRows(join(folder, "rows.npy"));
      return await momentsRows(folder, progress);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

async function momentsRows(folder: string, progress: (line: string) => void): Promise<BenchRow[]> {
  const missing = whyNoPeer();
  const sides: { readonly name: string; readonly process: LineProcess; readonly answers: MomentsAnswer[] }[] =
    [];
  const start = (name: string, command: string, args: readonly string[]) =>
    sides.push({ name, process: startLines(command, args), answers: [] });
  start("ours", process.execPath, [fileURLToPath(new URL("./moments-ours.js", import.meta.url))]);
  if (missing === undefined)
    for (const { name, method } of PEERS)
      start(name, python(), [packageFile("bench", "moments-numpy.py"), method]);
  try {
    for (let run = -1; run < RUNS; run++)
      for (const [at, side] of sides.entries()) {
        progress(`moments: ${side.name}, ${run < 0 ? "warming up" : `run ${run + 1} of ${RUNS}`}`);
        const work: MomentsWork = { rows: join(folder, "rows.npy"), out: outOf(folder, at) };
        const answer = await side.process.ask<MomentsAnswer>(work);
        if (run >= 0) side.answers.push(answer);
      }
    for (let at = 1; at < sides.length; at++) checkSame(sides[at]!.name, outOf(folder, 0), outOf(folder, at));
    return PEERS.flatMap(({ name }, at) =>
      peerRows(name, sides[0]!.answers, sides[at + 1]?.answers, missing),
    );
  } finally {
    for (const side of sides) await side.process.end();
  }
}

function peerRows(
  name: string,
  ours: readonly MomentsAnswer[],
  theirs: readonly MomentsAnswer[] | undefined,
  missing: string | undefined,
): BenchRow[] {
  const row = (what: string, unit: string, field: keyof MomentsAnswer): BenchRow => {
    const of = (answers: readonly MomentsAnswer[]) => median(answers.map((answer) => answer[field]));
    const peer: PeerValue =
      theirs === undefined ? { name, skipped: missing ?? "it did not run" } : { name, value: of(theirs) };
    return { work: `moments of ${COUNT} x ${WIDTH}${what}`, unit, ours: of(ours), runs: RUNS, peer };
  };
  return [
    row("", "s", "seconds"),
    row(", processor time", "s", "processorSeconds"),
    row(", peak memory", "MB", "megabytes"),
  ];
}

function outOf(folder: string, side: number): string {
  return join(folder, `moments-${side}.bin`);
}

/** @throws Error where two sides have not the same moments */
function checkSame(name: string, ours: string, theirs: string): void {
  const [mine, other] = [numbersOf(ours), numbersOf(theirs)];
  let largest = 0;
  let apart = mine.length === other.length && mine.length === WIDTH * (WIDTH + 1) ? 0 : Infinity;
  for (let i = 0; i < mine.length; i++) {
    largest = Math.max(largest, Math.abs(other[i]!));
    apart = Math.max(apart, Math.abs(mine[i]! - other[i]!));
  }
  if (!(apart <= TOLERANCE * largest))
    throw new Error(
      `Cannot compare with ${name}: the same moments to ${TOLERANCE} are needed, got a difference of ${apart / largest}`,
    );
}

function numbersOf(path: string): Float64Array {
  return new Float64Array(new Uint8Array(readFileSync(path)).buffer);
}

function writeRows(path: string): void {
  const random = new Random("bench moments");
  const deviations = Float64Array.from({ length: WIDTH }, (_, i) => (i + 1) ** -0.5);
  const means = deviations.map((deviation) => 3 * deviation * random.next());
  const block = new Float32Array(ROWS_AT_ONCE * WIDTH);
  const file = openSync(path, "wx");
  try {
    writeSync(file, npyHeader("f4", [COUNT, WIDTH]));
    for (let row = 0; row < COUNT; row += ROWS_AT_ONCE) {
      for (let at = 0; at < block.length; at++)
        block[at] = means[at % WIDTH]! + deviations[at % WIDTH]! * random.normal();
      writeSync(file, new Uint8Array(block.buffer));
    }
  } finally {
    closeSync(file);
  }
}

function python(): string {
  return process.env.GPIC_LAB_BENCH_PYTHON || "python3";
}

function whyNoPeer(): string | undefined {
  try {
    execFileSync(python(), ["-c", "import numpy"], { stdio: "ignore" });
    return undefined;
  } catch {
    return `${python()} does not import numpy`;
  }
}
