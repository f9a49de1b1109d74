/**
 * Frechet distances at 1024 and 2048 features, from moments of 3,000 rows a side: against scipy's sqrtm, as clean-fid
 * and gpic-eval take it, and against Cholesky's factor and eigvalsh, the quickest that scipy has. Time and peak memory.
 *
 * Each side is a process that holds the same moments and has run once; runs take turns. A first score takes the factor
 * of the reference, a second one has it. Features are made here, seeded: independent columns whose deviation falls as
 * i^-1/2, and a weak common part of rank 16. The interpreter is `GPIC_LAB_BENCH_PYTHON`, or python3.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gram, Random } from "../lib/core/index.js";
import { packageFile } from "../lib/io/index.js";
import { startLines } from "./features-process.js";
import type { FrechetAnswer } from "./frechet-ours.js";
import { type BenchRow, median, type PeerValue, type Piece } from "./piece.js";

const RUNS = 3;
const WIDTHS = [1024, 2048] as const;
const ROWS = 3000;
const SHARED_RANK = 16;
const PEERS = [
  { name: "scipy sqrtm", method: "sqrtm", share: 1 / 3 },
  { name: "scipy Cholesky, eigvalsh", method: "cholesky", share: 1.5 },
] as const;
/** Of the traces; sqrtm is the less exact. */
const TOLERANCE = 1e-9;

export const frechetPiece: Piece = {
  name: "frechet",
  async measure(progress) {
    const folder = mkdtempSync(join(tmpdir(), "gpic-lab-bench-"));
    try {
      const rows: BenchRow[] = [];
      for (const width of WIDTHS) {
        progress(`frechet: making ${ROWS} x ${width} numbers a side`);
        writeMoments(join(folder, "real.bin"), width, 0, 1);
        writeMoments(join(folder, "generated.bin"), width, 0.1, 1.1);
        rows.push(...(await widthRows(folder, width, progress)));
      }
      return rows;
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

async function widthRows(
  folder: string,
  width: number,
  progress: (line: string) => void,
): Promise<BenchRow[]> {
  const ours = startLines(process.execPath, [besides("frechet-ours.js"), folder, String(width)]);
  const missing = whyNoPeer();
  const script = packageFile("bench", "frechet-scipy.py");
  const peers =
    missing === undefined
      ? PEERS.map(({ method }) => startLines(python(), [script, folder, String(width), method]))
      : [];
  try {
    const answers: FrechetAnswer[][] = [ours, ...peers].map(() => []);
    for (let run = -1; run < RUNS; run++) {
      progress(`frechet: ${width}, ${run < 0 ? "warming up" : `run ${run + 1} of ${RUNS}`}`);
      for (const [at, side] of [ours, ...peers].entries()) {
        const answer = await side.ask<FrechetAnswer>({});
        if (run >= 0) answers[at]!.push(answer);
      }
    }
    const [mine, ...theirs] = answers;
    return PEERS.flatMap((peer, at) => peerRows(width, mine!, peer, theirs[at] ?? missing!));
  } finally {
    for (const side of [ours, ...peers]) await side.end();
  }
}

function peerRows(
  width: number,
  mine: readonly FrechetAnswer[],
  { name, share }: (typeof PEERS)[number],
  theirs: readonly FrechetAnswer[] | string,
): BenchRow[] {
  const value = (field: "seconds" | "megabytes"): PeerValue =>
    typeof theirs === "string"
      ? { name, skipped: theirs }
      : { name, value: median(theirs.map((answer) => answer[field])) };
  if (typeof theirs !== "string") checkSame(name, mine[0]!, theirs[0]!);
  const seconds = value("seconds");
  const atMost =
    seconds.value === undefined ? {} : { atMost: Number((share * seconds.value).toPrecision(3)) };
  const common = { unit: "s", runs: RUNS, peer: seconds, ...atMost };
  const work = `Frechet distance, ${width} features`;
  return [
    { ...common, work: `${work}, first`, ours: median(mine.map((answer) => answer.seconds)) },
    {
      ...common,
      work: `${work}, second`,
      ours: median(mine.map((answer) => answer.secondSeconds ?? Number.NaN)),
    },
    {
      ...{ work: `${work}, peak memory`, unit: "MB", runs: RUNS, peer: value("megabytes") },
      ours: median(mine.map(({ megabytes }) => megabytes)),
    },
  ];
}

/** @throws Error where two sides have not the same distance */
function checkSame(name: string, ours: FrechetAnswer, theirs: FrechetAnswer): void {
  if (!(Math.abs(ours.fd - theirs.fd) <= TOLERANCE * ours.traces))
    throw new Error(
      `Cannot compare with ${name}: the same distance to ${TOLERANCE} of the traces is needed, got ${ours.fd} and ${theirs.fd}`,
    );
}

/** The mean, then the covariance, as float64. */
function writeMoments(path: string, width: number, shift: number, scale: number): void {
  const random = new Random(`bench frechet ${shift}`);
  const common = new Random("bench frechet common");
  const deviations = Float64Array.from({ length: width }, (_, i) => (i + 1) ** -0.5);
  const directions = Float64Array.from(
    { length: SHARED_RANK * width },
    (_, at) => (common.normal() * deviations[at % width]!) / 4,
  );
  const rows = new Float64Array(ROWS * width);
  for (let row = 0; row < ROWS; row++) {
    for (let c = 0; c < width; c++)
      rows[row * width + c] = (random.normal() * scale + shift) * deviations[c]!;
    for (let k = 0; k < SHARED_RANK; k++) {
      const weight = 0.3 * random.normal();
      for (let c = 0; c < width; c++) rows[row * width + c]! += weight * directions[k * width + c]!;
    }
  }
  const mean = new Float64Array(width);
  for (let at = 0; at < rows.length; at++) mean[at % width]! += rows[at]! / ROWS;
  for (let at = 0; at < rows.length; at++) rows[at]! -= mean[at % width]!;
  const covariance = gram(rows, ROWS, width).map((value) => value / (ROWS - 1));
  writeFileSync(path, new Uint8Array(mean.buffer));
  writeFileSync(path, new Uint8Array(covariance.buffer), { flag: "a" });
}

function python(): string {
  return process.env.GPIC_LAB_BENCH_PYTHON || "python3";
}

function whyNoPeer(): string | undefined {
  try {
    execFileSync(python(), ["-c", "import scipy.linalg"], { stdio: "ignore" });
    return undefined;
  } catch {
    return `${python()} does not import scipy`;
  }
}

function besides(file: string): string {
  return fileURLToPath(new URL(`./${file}`, import.meta.url));
}
