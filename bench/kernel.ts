/** Kernel ready (process start to the reply of the first cell) and the latency of a trivial cell, against stock tslab. */
import { createRequire } from "node:module";
import { packageFile } from "../lib/io/index.js";
import { KernelClient } from "./kernel-client.js";
import { type BenchRow, median, type Piece } from "./piece.js";

const STARTS = 5;
const CELLS_A_START = 20;
const READY_AT_MOST_SECONDS = 3.5;
const CELL_AT_MOST_MILLISECONDS = 100;

interface Kernel {
  readonly name: string;
  args(connectionFile: string): readonly string[];
}

interface Times {
  readonly readySeconds: number[];
  readonly cellMilliseconds: number[];
}

const ours: Kernel = {
  name: "gpic-lab",
  args: (file) => [packageFile("kernel-extensions", "jupyter", "launch.cjs"), file],
};

export const kernelPiece: Piece = {
  name: "kernel",
  async measure(progress) {
    const peer = stockTslab();
    const mine: Times = { readySeconds: [], cellMilliseconds: [] };
    const theirs: Times = { readySeconds: [], cellMilliseconds: [] };
    for (let start = 1; start <= STARTS; start++) {
      progress(`kernel: start ${start} of ${STARTS}`);
      await measureOnce(ours, mine);
      if (peer) await measureOnce(peer, theirs);
    }
    const row = (work: string, unit: string, atMost: number, pick: (times: Times) => number[]): BenchRow => ({
      ...{ work, unit, atMost, ours: median(pick(mine)), runs: pick(mine).length },
      peer: peer
        ? { name: peer.name, value: median(pick(theirs)) }
        : { name: "stock tslab", skipped: "not installed" },
    });
    return [
      row(
        "kernel ready, first cell answered",
        "s",
        READY_AT_MOST_SECONDS,
        ({ readySeconds }) => readySeconds,
      ),
      row("trivial cell", "ms", CELL_AT_MOST_MILLISECONDS, ({ cellMilliseconds }) => cellMilliseconds),
    ];
  },
};

async function measureOnce(kernel: Kernel, times: Times): Promise<void> {
  const begun = performance.now();
  const client = await KernelClient.start(kernel.args);
  try {
    await client.execute("1 + 1");
    times.readySeconds.push((performance.now() - begun) / 1000);
    for (let cell = 0; cell < CELLS_A_START; cell++) {
      const sent = performance.now();
      await client.execute(`${cell} + 1`);
      times.cellMilliseconds.push(performance.now() - sent);
    }
  } finally {
    await client.stop();
  }
}

/** tslab's own kernel, started by its own function; undefined where it is not installed. */
function stockTslab(): Kernel | undefined {
  try {
    const main = createRequire(import.meta.url).resolve("tslab/dist/main.js");
    const start =
      "require(process.argv[1]).startKernel({ configPath: process.argv[2], enableFindLocal: false })";
    return { name: "stock tslab", args: (file) => ["-e", start, main, file] };
  } catch {
    return undefined;
  }
}
