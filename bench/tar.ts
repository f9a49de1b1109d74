/**
 * Reading shards: metadata against webdataset and Python's tarfile, a full sequential read against tar-stream.
 *
 * The shards are made here: random bytes of the size of the release's images, JSON of its shape. The interpreter is
 * `GPIC_LAB_BENCH_PYTHON`, or python3. Everything is read from the page cache, by a process that has read a few times
 * before, as one that goes through the shards of a corpus has; Python's times do not count its start. tar-stream is fed
 * as its documentation shows.
 */
import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, createReadStream, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import type { Extract } from "tar-stream";
import { Random } from "../lib/core/index.js";
import { openCorpus, parseImageMetadata, shardRecords } from "../lib/corpus/index.js";
import { openFileSource, TAR_BLOCK_BYTES, tarFileHeader } from "../lib/io/index.js";
import { type BenchRow, median, type PeerValue, type Piece } from "./piece.js";

const RUNS = 7;
const WARM_UPS = 4;
const SMALL = 2000;
const LARGE = 12_500;
/** Mean size of an image, as measured on real shards at the paper's mean size. */
const IMAGE_BYTES = 80_000;

export const tarPiece: Piece = {
  name: "tar",
  async measure(progress) {
    const folder = mkdtempSync(join(tmpdir(), "gpic-lab-bench-"));
    try {
      const rows: BenchRow[] = [];
      for (const images of [SMALL, LARGE]) {
        const bytes = images * (IMAGE_BYTES + 4096);
        const { bavail, bsize } = statfsSync(folder);
        if (bavail * bsize < 2 * bytes) {
          progress(`tar: ${images} images skipped, they need ${Math.ceil((2 * bytes) / 1e9)} GB of disk`);
          continue;
        }
        const path = join(folder, `gpic_train_${String(images).padStart(5, "0")}.tar`);
        progress(`tar: making a shard of ${images} images`);
        makeShard(path, images);
        rows.push(
          ...(await metadataRows(path, images, progress)),
          await sequentialRow(path, images, progress),
        );
        rmSync(path);
      }
      return rows;
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

async function metadataRows(
  path: string,
  images: number,
  progress: (line: string) => void,
): Promise<BenchRow[]> {
  progress(`tar: metadata of ${images} images`);
  const ours = await times(() => readMetadata(path, images));
  const work = `metadata of ${images} images`;
  const rows: BenchRow[] = [];
  for (const peer of ["tarfile", "webdataset"] as const) {
    progress(`tar: metadata of ${images} images, ${peer}`);
    const value = await pythonTime(peer, path, images);
    rows.push({ work, unit: "s", ours: median(ours), runs: RUNS, peer: value });
  }
  return rows;
}

async function sequentialRow(
  path: string,
  images: number,
  progress: (line: string) => void,
): Promise<BenchRow> {
  const work = `all bytes of ${images} images, JSON parsed`;
  progress(`tar: ${work}`);
  const ours: number[] = [];
  const theirs: number[] = [];
  const peer = tarStream();
  // one after the other, so that both see the same machine
  for (let run = -WARM_UPS; run < RUNS; run++) {
    const mine = await timed(() => readSequentially(path, images));
    const other = peer === undefined ? undefined : await timed(() => readByPeer(peer, path, images));
    if (run < 0) continue;
    ours.push(mine);
    if (other !== undefined) theirs.push(other);
  }
  return {
    ...{ work, unit: "s", ours: median(ours), runs: RUNS },
    peer:
      theirs.length === 0
        ? { name: "tar-stream", skipped: "not installed" }
        : { name: "tar-stream", value: median(theirs) },
  };
}

async function readMetadata(path: string, images: number): Promise<void> {
  const corpus = await openCorpus(path);
  let count = 0;
  for await (const record of corpus.records()) if (record.img_width > 0) count++;
  checkCount(count, images);
}

async function readSequentially(path: string, images: number): Promise<void> {
  const source = await openFileSource(path);
  let count = 0;
  for await (const record of shardRecords(source, { shard: path, sequential: true }))
    if (record.img_width > 0) count++;
  await source.close();
  checkCount(count, images);
}

async function readByPeer(extract: () => Extract, path: string, images: number): Promise<void> {
  let count = 0;
  const reader = extract();
  reader.on("entry", (header, stream, next) => {
    const pieces: Buffer[] = [];
    const isJson = header.name.endsWith(".json");
    if (isJson) stream.on("data", (piece) => pieces.push(piece as Buffer));
    else stream.resume();
    stream.on("end", () => {
      if (isJson && parseImageMetadata(JSON.parse(Buffer.concat(pieces).toString())).img_width > 0) count++;
      next();
    });
  });
  await pipeline(createReadStream(path), reader);
  checkCount(count, images);
}

function tarStream(): (() => Extract) | undefined {
  try {
    return createRequire(import.meta.url)("tar-stream").extract;
  } catch {
    return undefined;
  }
}

const PYTHON = {
  tarfile: `
import json, sys, tarfile, time
def once():
    n = 0
    with tarfile.open(sys.argv[1], "r:") as t:
        for m in t:
            if m.name.endswith(".json"): n += json.load(t.extractfile(m))["img_width"] > 0
    return n`,
  webdataset: `
import json, sys, time
import webdataset as wds
def once():
    return sum(json.loads(s["json"])["img_width"] > 0 for s in wds.WebDataset(sys.argv[1], shardshuffle=False, select_files=lambda n: n.endswith(".json")))`,
};
const PYTHON_RUNS = `
times = []
for run in range(${WARM_UPS + RUNS}):
    begun = time.perf_counter(); n = once(); times.append(time.perf_counter() - begun)
    assert n == int(sys.argv[2]), n
print(json.dumps(times[${WARM_UPS}:]))`;

async function pythonTime(peer: keyof typeof PYTHON, path: string, images: number): Promise<PeerValue> {
  const python = process.env.GPIC_LAB_BENCH_PYTHON || "python3";
  const module = peer === "tarfile" ? "tarfile" : "webdataset";
  try {
    execFileSync(python, ["-c", `import ${module}`], { stdio: "ignore" });
  } catch {
    return { name: peer, skipped: `${python} does not import ${module}` };
  }
  const args = ["-W", "ignore", "-c", PYTHON[peer] + PYTHON_RUNS, path, String(images)];
  const { stdout } = await promisify(execFile)(python, args);
  return { name: peer, value: median(JSON.parse(stdout)) };
}

/** Writes a shard of random images; their sizes vary by a half around the mean. */
function makeShard(path: string, images: number): void {
  const random = new Random("bench tar");
  const noise = Buffer.alloc(2 * IMAGE_BYTES);
  for (let i = 0; i < noise.length; i++) noise[i] = random.integer(256);
  const file = openSync(path, "w");
  const put = (name: string, bytes: Uint8Array) => {
    const padding = (TAR_BLOCK_BYTES - (bytes.length % TAR_BLOCK_BYTES)) % TAR_BLOCK_BYTES;
    writeSync(file, Buffer.concat([tarFileHeader(name, bytes.length), bytes, Buffer.alloc(padding)]));
  };
  for (let i = 0; i < images; i++) {
    noise.writeUInt32BE(i, 0);
    const image = noise.subarray(0, IMAGE_BYTES / 2 + random.integer(IMAGE_BYTES));
    const key = createHash("sha256").update(String(i)).digest("hex");
    put(`${key}.json`, Buffer.from(JSON.stringify(madeMetadata(key))));
    put(`${key}.jpg`, image);
  }
  writeSync(file, Buffer.alloc(2 * TAR_BLOCK_BYTES));
  closeSync(file);
}

function madeMetadata(key: string) {
  return {
    retrieved_at: "2026-01-02T03:04:05Z",
    license: "CC BY 2.0",
    license_url: "https://creativecommons.org/licenses/by/2.0/",
    attribution: "Somebody on Flickr",
    key,
    img_width: 587,
    img_height: 479,
    split: ["nano", "lite", "full"],
    caption_type: "medium",
    caption:
      "A red wooden boat lies on a pebble beach beside a coiled rope and two orange buoys. Behind it a calm grey sea meets a low line of hills under thin clouds, and a gull stands on the bow.",
  };
}

async function times(work: () => Promise<void>): Promise<number[]> {
  for (let run = 0; run < WARM_UPS; run++) await work();
  const all: number[] = [];
  for (let run = 0; run < RUNS; run++) all.push(await timed(work));
  return all;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

function checkCount(count: number, images: number): void {
  if (count !== images) throw new Error(`Cannot measure a shard: ${images} records are needed, got ${count}`);
}
