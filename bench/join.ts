/**
 * All pairs of 50,000 rows of 512 numbers with a cosine of 0.5 or more, against FAISS Flat; seconds and peak memory.
 *
 * Rows: 45,000 directions at random, and 5,000 more, each at a cosine of 0.3 to 0.99 to one of them; seeded, made here, the
 * same file for all. FAISS computes every product twice, once for each row of a pair; ours reads the file a block at a
 * time, FAISS has the rows in memory. As installed, FAISS's OpenBLAS may pick an old kernel: it is measured so, and with
 * OPENBLAS_CORETYPE=SkylakeX where the processor has AVX-512. All must find the same pairs. Runs take turns. The interpreter is
 * `GPIC_LAB_BENCH_PYTHON`, or python3.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Random } from "../lib/core/index.js";
import { npyBytes, packageFile } from "../lib/io/index.js";
import { type LineProcess, startLines } from "./features-process.js";
import type { JoinAnswer, JoinWork } from "./join-ours.js";
import { type BenchRow, median, type PeerValue, type Piece } from "./piece.js";

const ROWS = 50_000;
const PLANTED = 5000;
const WIDTH = 512;
const THRESHOLD = 0.5;
const RUNS = 3;

export const joinPiece: Piece = {
  name: "join",
  async measure(progress) {
    const folder = mkdtempSync(join(tmpdir(), "gpic-lab-bench-"));
    try {
      progress(`join: making ${ROWS} x ${WIDTH} rows`);
      const path = join(folder, "rows.npy");
      writeFileSync(path, npyBytes({ data: joinRows(), shape: [ROWS, WIDTH] }));
      return await measureJoins(path, progress);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

/** A peer, or why there is none. */
interface Peer {
  readonly name: string;
  readonly side: LineProcess | string;
  readonly runs: number;
  readonly answers: JoinAnswer[];
}

async function measureJoins(path: string, progress: (line: string) => void): Promise<BenchRow[]> {
  const ours = startLines(process.execPath, [
    fileURLToPath(new URL("./join-ours.js", import.meta.url)),
    path,
  ]);
  const hasAvx512 = /\bavx512f\b/.test(readCpuInfo());
  const peers: Peer[] = [
    // one run: its old kernel takes a minute
    { name: "FAISS Flat, as installed", side: startPeer(path, {}), runs: 1, answers: [] },
    {
      name: "FAISS Flat, OPENBLAS_CORETYPE=SkylakeX",
      side: hasAvx512
        ? startPeer(path, { OPENBLAS_CORETYPE: "SkylakeX" })
        : "the processor has no AVX-512, or does not say so",
      runs: RUNS,
      answers: [],
    },
  ];
  try {
    const work: JoinWork = { threshold: THRESHOLD };
    const mine: JoinAnswer[] = [];
    for (let run = 0; run < RUNS; run++) {
      progress(`join: run ${run + 1} of ${RUNS}`);
      mine.push(await ours.ask<JoinAnswer>(work));
      for (const { name, side, runs, answers } of peers) {
        if (typeof side === "string" || run >= runs) continue;
        answers.push(await side.ask<JoinAnswer>(work));
        checkPairs(name, mine.at(-1)!, answers.at(-1)!);
      }
    }
    const exact = median(mine.map(({ seconds }) => seconds));
    progress(
      `join: ${mine[0]!.pairs} pairs; ${((ROWS * (ROWS - 1)) / 2e6 / exact).toFixed(0)} million pairs of rows a second`,
    );
    const rows = peers.flatMap((peer): BenchRow[] => [
      {
        work: `similarity join, ${ROWS} x ${WIDTH} at ${THRESHOLD}`,
        ...{ unit: "s", ours: exact, runs: RUNS, peer: peerValue(peer, ({ seconds }) => seconds) },
      },
      {
        work: "similarity join, peak memory",
        ...{ unit: "MB", ours: Math.max(...mine.map(({ peakMegabytes }) => peakMegabytes)), runs: RUNS },
        peer: peerValue(peer, ({ peakMegabytes }) => peakMegabytes),
      },
    ]);
    progress("join: HNSW, built and searched once");
    const hnsw = await ours.ask<JoinAnswer>({ ...work, hnsw: true });
    const blocks: BenchRow[] = [];
    for (const probes of [1, 2, 4]) {
      progress(`join: within clusters, each row in ${probes}`);
      const found = await ours.ask<JoinAnswer>({ ...work, probes });
      blocks.push({
        work: `within clusters, each row in ${probes}: ${(100 * found.recall!).toFixed(1)} % of the pairs for ${(100 * found.share!).toFixed(1)} % of the work`,
        ...{ unit: "s", ours: found.seconds, runs: 1, peer: { name: "exact join, ours", value: exact } },
      });
    }
    return [
      ...rows,
      {
        work: `HNSW (usearch), same rows: finds ${(100 * hnsw.recall!).toFixed(1)} % of the pairs`,
        ...{ unit: "s", ours: hnsw.seconds, runs: 1, peer: { name: "exact join, ours", value: exact } },
      },
      ...blocks,
    ];
  } finally {
    await ours.end();
    for (const { side } of peers) if (typeof side !== "string") await side.end();
  }
}

/** Rows of length 1. */
function joinRows(): Float32Array {
  const random = new Random("bench join");
  const data = Float32Array.from({ length: ROWS * WIDTH }, () => random.normal());
  for (let row = 0; row < ROWS; row++) normalise(data, row);
  const sources = random.shuffle(Array.from({ length: ROWS - PLANTED }, (_, i) => i));
  for (let i = 0; i < PLANTED; i++) {
    const cosine = 0.3 + 0.69 * random.next();
    const [row, source] = [ROWS - PLANTED + i, sources[i]!];
    for (let c = 0; c < WIDTH; c++)
      data[row * WIDTH + c] =
        cosine * data[source * WIDTH + c]! + Math.sqrt(1 - cosine * cosine) * data[row * WIDTH + c]!;
    normalise(data, row);
  }
  return data;
}

function normalise(data: Float32Array, row: number): void {
  const numbers = data.subarray(row * WIDTH, (row + 1) * WIDTH);
  const length = Math.sqrt(numbers.reduce((sum, value) => sum + value * value, 0));
  for (let c = 0; c < WIDTH; c++) numbers[c]! /= length;
}

function startPeer(path: string, environment: { readonly [name: string]: string }): LineProcess | string {
  const python = process.env.GPIC_LAB_BENCH_PYTHON || "python3";
  try {
    execFileSync(python, ["-c", "import faiss, numpy"], { stdio: "ignore" });
  } catch {
    return `${python} does not import faiss and numpy`;
  }
  return startLines(python, [packageFile("bench", "join-faiss.py"), path], environment);
}

/** FAISS sums in float32: a pair within rounding of the threshold may be there or not. */
function checkPairs(name: string, ours: JoinAnswer, theirs: JoinAnswer): void {
  if (Math.abs(ours.pairs - theirs.pairs) > 1)
    throw new Error(
      `Cannot compare with ${name}: the same pairs are needed, got ${ours.pairs} and ${theirs.pairs}`,
    );
}

function peerValue({ name, side, answers }: Peer, of: (answer: JoinAnswer) => number): PeerValue {
  return typeof side === "string" ? { name, skipped: side } : { name, value: median(answers.map(of)) };
}

function readCpuInfo(): string {
  try {
    return readFileSync("/proc/cpuinfo", "utf8");
  } catch {
    return "";
  }
}
