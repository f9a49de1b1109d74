/**
 * Our side of the benchmark of the similarity join: a process that joins the rows of a file for each line that it is told.
 *
 *   join-ours.js ROWS.npy: reads lines of {"threshold": t}, {"threshold": t, "hnsw": true} or {"threshold": t, "probes": n};
 *   answers each with a JoinAnswer
 */
import { createInterface } from "node:readline";
import {
  approximateJoin,
  clusteredJoin,
  clusterRows,
  openRows,
  pairRecall,
  similarityJoin,
} from "../lib/dedup/index.js";
import type { FeatureRows } from "../lib/features/index.js";

/** What a side is asked for. */
export interface JoinWork {
  readonly threshold: number;
  /** The approximate search, and its recall of the exact pairs; ours alone. */
  readonly hnsw?: boolean;
  /** The join within clusters, each row in so many of them, and its recall; ours alone. */
  readonly probes?: number;
}

/** What a side says of one join. */
export interface JoinAnswer {
  /** From the file of rows (of the peer: from rows in memory) to all pairs. */
  readonly seconds: number;
  readonly pairs: number;
  readonly peakMegabytes: number;
  /** Of an approximate search, the share of the exact pairs that it found. */
  readonly recall?: number;
  /** Of a join within clusters, the share of all pairs that it compared. */
  readonly share?: number;
}

/** About the square root of the rows: then finding the clusters and comparing within them cost alike. */
const CLUSTERS = 224;

const path = process.argv[2]!;
for await (const line of createInterface({ input: process.stdin })) {
  const work: JoinWork = JSON.parse(line);
  const answer = work.hnsw || work.probes !== undefined ? await approximate(work) : await exact(work);
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

async function exact({ threshold }: JoinWork): Promise<JoinAnswer> {
  const begun = performance.now();
  const rows = await openRows(path);
  const { pairs } = await similarityJoin(rows, { threshold });
  await rows.close();
  return { seconds: (performance.now() - begun) / 1000, pairs: pairs.count, peakMegabytes: peak() };
}

async function approximate({ threshold, probes }: JoinWork): Promise<JoinAnswer> {
  const file = await openRows(path);
  const { count, width } = file;
  const rows = { data: await file.read(0, count), count, width };
  await file.close();
  const { pairs } = await similarityJoin(rows, { threshold });
  const begun = performance.now();
  const { found, share } =
    probes === undefined
      ? { found: await approximateJoin(rows, { threshold, threads: 2 }), share: undefined }
      : await withinClusters(rows, { threshold, probes });
  const seconds = (performance.now() - begun) / 1000;
  const [measured] = pairRecall({ exact: pairs, found }, [threshold]);
  return {
    ...{ seconds, pairs: found.count, peakMegabytes: peak(), recall: measured!.recall },
    ...(share === undefined ? {} : { share }),
  };
}

async function withinClusters(rows: FeatureRows, { threshold, probes }: Required<Omit<JoinWork, "hnsw">>) {
  const clusters = await clusterRows(rows, { clusters: CLUSTERS, probes, seed: "bench join" });
  return { found: await clusteredJoin(rows, clusters, { threshold }), share: clusters.share };
}

function peak(): number {
  return process.resourceUsage().maxRSS / 1024;
}
