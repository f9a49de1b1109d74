/**
 * DINOv2 S/14 and B/14 features from JPEG files to npz, against torch eager with Pillow in loader processes.
 *
 * Both get the same files and the same weights (seeded, made here; the position table is of the 16 x 16 patches that
 * both see, as the two interpolate a larger one differently), infer 8 images at a time, and must give the same
 * features. Each side is a process that has its model loaded and has run once; runs take turns, so that both see the
 * same machine. The interpreter is `GPIC_LAB_BENCH_PYTHON`, or python3.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readFeatures } from "../lib/features/index.js";
import { packageFile } from "../lib/io/index.js";
import { dinoShapes, writeProceduralWeights } from "../test/lib/models/procedural-weights.js";
import { makePhotographs } from "./features-images.js";
import type { FeaturesAnswer, FeaturesWork } from "./features-ours.js";
import { type LineProcess, startLines } from "./features-process.js";
import { type BenchRow, median, type PeerValue, type Piece } from "./piece.js";

const RUNS = 3;
const SIZES = [
  { name: "S/14", timm: "vit_small_patch14_dinov2", width: 384, depth: 12, images: 64 },
  { name: "B/14", timm: "vit_base_patch14_dinov2", width: 768, depth: 12, images: 32 },
] as const;
/** Patches at 224 pixels, and the class token. */
const PLACES = 1 + 16 * 16;
/** Of the norm of a row: both sum float32, in other orders. */
const TOLERANCE = 1e-4;
const PEER = "torch eager, Pillow";

export const featuresPiece: Piece = {
  name: "features",
  async measure(progress) {
    const folder = mkdtempSync(join(tmpdir(), "gpic-lab-bench-"));
    try {
      const rows: BenchRow[] = [];
      for (const size of SIZES) {
        progress(`features: making ${size.images} files and the weights of ${size.name}`);
        const images = join(folder, size.timm);
        mkdirSync(images);
        await makePhotographs(images, size.images);
        const weights = join(folder, `${size.timm}.safetensors`);
        writeProceduralWeights(weights, { ...dinoShapes(size), pos_embed: [1, PLACES, size.width] });
        rows.push(await sizeRow(size, { folder, images, weights }, progress));
        rmSync(weights);
      }
      return rows;
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

interface Places {
  readonly folder: string;
  readonly images: string;
  readonly weights: string;
}

async function sizeRow(
  { name, timm, images: count }: (typeof SIZES)[number],
  { folder, images, weights }: Places,
  progress: (line: string) => void,
): Promise<BenchRow> {
  const ours = startLines(process.execPath, [besides("features-ours.js"), weights], {
    GPIC_LAB_CACHE: join(folder, "cache"),
  });
  const peer = startPeer(weights, timm);
  try {
    const work = (side: string): FeaturesWork => ({ images, out: join(folder, `${side}.npz`) });
    const mine: FeaturesAnswer[] = [];
    const theirs: FeaturesAnswer[] = [];
    for (let run = -1; run < RUNS; run++) {
      progress(`features: ${name}, ${run < 0 ? "warming up" : `run ${run + 1} of ${RUNS}`}`);
      const answer = await ours.ask<FeaturesAnswer>(work("ours"));
      const other = typeof peer === "string" ? undefined : await peer.ask<FeaturesAnswer>(work("peer"));
      if (run < 0) {
        if (other !== undefined)
          progress(
            `features: ${name}, largest difference ${await difference(work("ours").out, work("peer").out)} of the norm`,
          );
        continue;
      }
      mine.push(answer);
      if (other !== undefined) theirs.push(other);
    }
    const perImage = (answers: readonly FeaturesAnswer[]) =>
      (1000 * median(answers.map(({ seconds }) => seconds))) / count;
    const waiting = median(mine.map(({ waitingShare = 0 }) => waitingShare));
    progress(`features: ${name}, ours waited for images ${(100 * waiting).toFixed(0)} % of the time`);
    const value: PeerValue =
      typeof peer === "string" ? { name: PEER, skipped: peer } : { name: PEER, value: perImage(theirs) };
    return {
      work: `DINOv2 ${name} features, ${count} JPEG files to npz, an image`,
      ...{ unit: "ms", ours: perImage(mine), runs: RUNS, peer: value },
    };
  } finally {
    await ours.end();
    if (typeof peer !== "string") await peer.end();
  }
}

/** The peer, or why there is none. */
function startPeer(weights: string, model: string): LineProcess | string {
  const python = process.env.GPIC_LAB_BENCH_PYTHON || "python3";
  try {
    execFileSync(python, ["-c", "import timm, torch, safetensors, PIL"], { stdio: "ignore" });
  } catch {
    return `${python} does not import timm, torch, safetensors and PIL`;
  }
  return startLines(python, [packageFile("bench", "features-torch.py"), weights, model]);
}

/**
 * The largest difference of two rows of one file, over their norm.
 * @throws Error where the files' keys differ, or the rows by more than rounding
 */
async function difference(ours: string, theirs: string): Promise<string> {
  const [a, b] = [await readFeatures(ours), await readFeatures(theirs)];
  if (a.rows === undefined || b.rows === undefined || a.keys?.join() !== b.keys?.join())
    throw new Error("Cannot compare with torch: rows of the same files are needed");
  const { data: x, width } = a.rows;
  const { data: y } = b.rows;
  let largest = 0;
  for (let row = 0; row < x.length; row += width) {
    let squares = 0;
    let norm = 0;
    for (let i = row; i < row + width; i++) {
      squares += (x[i]! - y[i]!) ** 2;
      norm += y[i]! ** 2;
    }
    largest = Math.max(largest, Math.sqrt(squares / norm));
  }
  if (!(largest <= TOLERANCE) || x.length !== y.length)
    throw new Error(
      `Cannot compare with torch: the same features to ${TOLERANCE} are needed, got ${largest}`,
    );
  return largest.toExponential(1);
}

function besides(file: string): string {
  return fileURLToPath(new URL(`./${file}`, import.meta.url));
}
