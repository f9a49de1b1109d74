/**
 * Pillow's bicubic resize of a picture of the release's mean size, against Pillow itself: pixels in memory, one core.
 *
 * Both get the same pixels and must make the same bytes. The interpreter is `GPIC_LAB_BENCH_PYTHON`, or python3; the
 * times are taken in it, around `Image.resize` alone. Two workers are set against one, each resizing its own picture.
 */
import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import { Random } from "../lib/core/index.js";
import { type Pixels, resize } from "../lib/images/index.js";
import { type BenchRow, median, type PeerValue, type Piece } from "./piece.js";
import type { ResizeWork } from "./resize-worker.js";

const RUNS = 200;
const WARM_UPS = 40;
const SIZES = [224, 256] as const;
const WIDTH = 587;
const HEIGHT = 479;
const WORKER_ROUNDS = 7;

export const resizePiece: Piece = {
  name: "resize",
  async measure(progress) {
    const folder = mkdtempSync(join(tmpdir(), "gpic-lab-bench-"));
    try {
      const pixels = madePicture();
      const file = join(folder, "pixels.rgb");
      writeFileSync(file, pixels.data);
      const rows: BenchRow[] = [];
      for (const side of SIZES) {
        progress(`resize: to ${side}`);
        const { milliseconds, sha256 } = ours(pixels, side);
        progress(`resize: to ${side}, Pillow`);
        const peer = await pillow(file, side, sha256);
        const work = `resize ${WIDTH}x${HEIGHT} to ${side}, one core`;
        rows.push({ work, unit: "ms", ours: milliseconds, runs: RUNS, peer });
      }
      progress("resize: on two workers");
      rows.push(await scalingRow(pixels));
      return rows;
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

function madePicture(): Pixels {
  const random = new Random("bench resize");
  const data = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let i = 0; i < data.length; i++) data[i] = random.integer(256);
  return { width: WIDTH, height: HEIGHT, data };
}

function ours(pixels: Pixels, side: number): { milliseconds: number; sha256: string } {
  const times: number[] = [];
  let made = pixels;
  for (let run = -WARM_UPS; run < RUNS; run++) {
    const begun = performance.now();
    made = resize(pixels, { width: side, height: side }, "bicubic");
    if (run >= 0) times.push(performance.now() - begun);
  }
  return { milliseconds: median(times), sha256: createHash("sha256").update(made.data).digest("hex") };
}

const PYTHON = `
import hashlib, json, sys, time
from PIL import Image
path, side = sys.argv[1], int(sys.argv[2])
image = Image.frombytes("RGB", (${WIDTH}, ${HEIGHT}), open(path, "rb").read())
times = []
for run in range(${WARM_UPS + RUNS}):
    begun = time.perf_counter(); made = image.resize((side, side), Image.BICUBIC); times.append(time.perf_counter() - begun)
print(json.dumps({"times": times[${WARM_UPS}:], "sha256": hashlib.sha256(made.tobytes()).hexdigest()}))`;

async function pillow(file: string, side: number, sha256: string): Promise<PeerValue> {
  const python = process.env.GPIC_LAB_BENCH_PYTHON || "python3";
  try {
    execFileSync(python, ["-c", "from PIL import Image"], { stdio: "ignore" });
  } catch {
    return { name: "Pillow", skipped: `${python} does not import PIL` };
  }
  const { stdout } = await promisify(execFile)(python, ["-c", PYTHON, file, String(side)]);
  const theirs: { times: number[]; sha256: string } = JSON.parse(stdout);
  if (theirs.sha256 !== sha256)
    throw new Error(`Cannot compare with Pillow at ${side}: the same bytes are needed, got others`);
  return { name: "Pillow", value: median(theirs.times) * 1000 };
}

async function scalingRow(pixels: Pixels): Promise<BenchRow> {
  const workers = [startWorker(), startWorker()];
  try {
    const work: ResizeWork = { pixels, side: SIZES[0], count: RUNS };
    await Promise.all(workers.map((worker) => finished(worker, work)));
    const one: number[] = [];
    const two: number[] = [];
    for (let round = 0; round < WORKER_ROUNDS; round++) {
      one.push(await perImage(workers.slice(0, 1), work));
      two.push(await perImage(workers, work));
    }
    return {
      work: `resize ${WIDTH}x${HEIGHT} to ${SIZES[0]}, two workers, an image`,
      ...{ unit: "ms", ours: median(two), runs: WORKER_ROUNDS },
      peer: { name: "ours, one worker", value: median(one) },
    };
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

async function perImage(workers: readonly Worker[], work: ResizeWork): Promise<number> {
  const begun = performance.now();
  await Promise.all(workers.map((worker) => finished(worker, work)));
  return (performance.now() - begun) / (workers.length * work.count);
}

function startWorker(): Worker {
  return new Worker(new URL("./resize-worker.js", import.meta.url));
}

function finished(worker: Worker, work: ResizeWork): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once("error", reject);
    worker.once("message", () => {
      worker.off("error", reject);
      resolve();
    });
    worker.postMessage(work);
  });
}
