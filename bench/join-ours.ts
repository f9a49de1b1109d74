/**
 * Our side of the benchmark of the similarity join: a process that joins the rows of a file for each line that it is told.
 *
 *   join-ours.js ROWS.npy: reads lines of {"threshold": t} or {"threshold": t, "hnsw": true}; answers each with a JoinAnswer
 */
import { createInterface } from "node:readline";
import { approximateJoin, openRows, pairRecall, similarityJoin } from "../lib/dedup/index.js";

/** What a side is asked for. */
export interface JoinWork {
  readonly threshold: number;
  /** The approximate search, and its recall of the exact pairs; ours alone. */
  readonly hnsw?: boolean;
}

/** What a side says of one join. */
export interface JoinAnswer {
  /** From the file of rows (of the peer: from rows in memory) to all pairs. */
  readonly seconds: number;
  readonly pairs: number;
  readonly peakMegabytes: number;
  /** Of an approximate search, the share of the exact pairs that it found. */
  readonly recall?: number;
}

const path = process.argv[2]!;
for await (const line of createInterface({ input: process.stdin })) {
  const work: JoinWork = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(work.hnsw ? await approximate(work) : await exact(work))}\n`);
}

async function exact({ threshold }: JoinWork): Promise<JoinAnswer> {
  const begun = performance.now();
  const rows = await openRows(path);
  const { pairs } = await similarityJoin(rows, { threshold });
  await rows.close();
  return { seconds: (performance.now() - begun) / 1000, pairs: pairs.count, peakMegabytes: peak() };
}

async function approximate({ threshold }: JoinWork): Promise<JoinAnswer> {
  const file = await openRows(path);
  const { count, width } = file;
  const rows = { data: await file.read(0, count), count, width };
  await file.close();
  const { pairs } = await similarityJoin(rows, { threshold });
  const begun = performance.now();
  const found = await approximateJoin(rows, { threshold, threads: 2 });
  const seconds = (performance.now() - begun) / 1000;
  const [measured] = pairRecall({ exact: pairs, found }, [threshold]);
  return { seconds, pairs: found.count, peakMegabytes: peak(), recall: measured!.recall };
}

function peak(): number {
  return process.resourceUsage().maxRSS / 1024;
}
