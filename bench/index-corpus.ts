/** Time, rate and peak memory of the index of a hundred shards: 1.25 million entries. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageFile } from "../lib/io/index.js";
import { writeSparseCorpus } from "../test/lib/corpus/sparse-shards.js";
import type { BenchRow, Piece } from "./piece.js";

const SHARDS = 100;
const IMAGES_A_SHARD = 12_500;
const PEAK_AT_MOST_MEGABYTES = 600;
/** Headers and JSON of every record, on a disk that gives holes for the rest. */
const NEEDED_BYTES = 12e9;

export const indexPiece: Piece = {
  name: "index",
  async measure(progress) {
    const folder = mkdtempSync(join(tmpdir(), "gpic-lab-bench-"));
    try {
      const { bavail, bsize } = statfsSync(folder);
      if (bavail * bsize < NEEDED_BYTES)
        throw new Error(
          `Cannot measure the index: ${NEEDED_BYTES / 1e9} GB of disk are needed in ${tmpdir()}`,
        );
      progress(`index: making ${SHARDS} sparse shards`);
      const images = await writeSparseCorpus(join(folder, "corpus"), {
        shards: SHARDS,
        imagesPerShard: IMAGES_A_SHARD,
      });
      progress(`index: ${images} images`);
      const { seconds, megabytes } = await indexInProcess(join(folder, "corpus"), join(folder, "index"));
      const peer = { name: "no other tool indexes this", skipped: "no peer" };
      const row = (work: string, unit: string, ours: number, atMost?: number): BenchRow => ({
        ...{ work, unit, ours, runs: 1, peer },
        ...(atMost === undefined ? {} : { atMost }),
      });
      return [
        row(`index of ${images} entries`, "s", seconds),
        row("index, rate", "rows/s", images / seconds),
        row("index, peak memory of all threads", "MB", megabytes, PEAK_AT_MOST_MEGABYTES),
      ];
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

/** The command in a process of its own; its peak is what the system counted for it. */
function indexInProcess(corpus: string, out: string): Promise<{ seconds: number; megabytes: number }> {
  const module = packageFile("dist", "kernel-extensions", "cli", "main.js");
  const code = `import { main } from ${JSON.stringify(module)};
    const status = await main(["corpus", "index", process.argv[2], "--out", process.argv[3], "--json"]);
    process.stderr.write(String(process.resourceUsage().maxRSS));
    process.exit(status);`;
  const program = `${out}.mjs`; // threads take over what stands on the command line, so the program is a file
  writeFileSync(program, code);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, corpus, out], { stdio: ["ignore", "pipe", "pipe"] });
    let printed = "";
    let said = "";
    child.stdout.on("data", (data) => {
      printed += data;
    });
    child.stderr.on("data", (data) => {
      said += data;
    });
    child.once("exit", (status) => {
      if (status !== 0)
        return reject(new Error(`Cannot measure the index: it ended with ${status}: ${said}`));
      resolve({ seconds: JSON.parse(printed).seconds, megabytes: Number(said) / 1024 });
    });
  });
}
