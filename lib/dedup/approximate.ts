/**
 * An approximate search for similar rows, by a graph of neighbours (HNSW), and how many of the exact pairs it finds.
 *
 * Method: Malkov and Yashunin (2016), as usearch implements it; the paper's search is FAISS' of unknown settings (silence
 * 3). What the graph proposes is decided in float64, so no pair is wrong; pairs may be missing. Where many rows lie close
 * together (more than `neighbours` copies of one) pairs must be missing, as no row lists all.
 */
import { setImmediate } from "node:timers/promises";
import { type Interval, wilsonInterval } from "../core/index.js";
import { cosine, type FeatureRows } from "../features/index.js";
import { PairList, pairsWhere, type SimilarPairs } from "./pairs.js";

/** What an approximate search is asked for. */
export interface ApproximateOptions {
  /** The least cosine of a pair, above 0 and at most 1. */
  readonly threshold: number;
  /** Rows that are looked at for each; default 16. */
  readonly neighbours?: number | undefined;
  /** Links of a row in the graph; default 16. */
  readonly connectivity?: number | undefined;
  /** Candidates while the graph is built, default 128, and while it is searched, default 64: more find more. */
  readonly buildCandidates?: number | undefined;
  readonly searchCandidates?: number | undefined;
  /** Numbers of the graph: 16 bits (the default) or 32. */
  readonly precision?: "bf16" | "f32" | undefined;
  /** Threads; default 1, with which the graph is the same each time. */
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?:
    | ((progress: { readonly built: number; readonly searched: number; readonly rows: number }) => void)
    | undefined;
}

/** Rows that are given to the engine at once, between two looks at the signal. */
const BATCH_ROWS = 1024;

/**
 * Looks for pairs of rows whose cosine is at or above a threshold; some may be missing.
 * @returns each pair once, in the order of its rows, with the cosine of the rows themselves
 * @throws RangeError where an option is out of range
 * @example (await approximateJoin(rows, { threshold: 0.9 })).count // 237 of 237
 */
export async function approximateJoin(rows: FeatureRows, options: ApproximateOptions): Promise<SimilarPairs> {
  const { threshold, neighbours = 16, connectivity = 16, buildCandidates = 128 } = options;
  const { searchCandidates = 64, precision = "bf16", threads = 1, signal, onProgress } = options;
  if (!(threshold > 0 && threshold <= 1))
    throw new RangeError(`Cannot search rows: a threshold above 0 and at most 1 is needed, got ${threshold}`);
  for (const [name, value] of Object.entries({
    ...{ neighbours, connectivity, buildCandidates, searchCandidates, threads },
  }))
    if (!(Number.isSafeInteger(value) && value >= 1))
      throw new RangeError(`Cannot search rows: ${name} is a whole number above 0, got ${value}`);
  const { count, width } = rows;
  const data = rows.data instanceof Float32Array ? rows.data : Float32Array.from(rows.data);
  // loaded with the first search: whoever joins exactly needs no such engine
  const { Index, MetricKind, ScalarKind } = await import("usearch");
  const index = new Index({
    dimensions: width,
    metric: MetricKind.Cos,
    quantization: precision === "bf16" ? ScalarKind.BF16 : ScalarKind.F32,
    connectivity,
    expansion_add: buildCandidates,
    expansion_search: searchCandidates,
    multi: false,
  });
  for (let first = 0; first < count; first += BATCH_ROWS) {
    const last = Math.min(count, first + BATCH_ROWS);
    const keys = BigUint64Array.from({ length: last - first }, (_, i) => BigInt(first + i));
    index.add(keys, data.subarray(first * width, last * width), threads);
    onProgress?.({ built: last, searched: 0, rows: count });
    await setImmediate();
    signal?.throwIfAborted();
  }
  const found = new PairList();
  // a row finds itself first
  const wanted = Math.min(count, neighbours + 1);
  for (let first = 0; first < count; first += BATCH_ROWS) {
    const last = Math.min(count, first + BATCH_ROWS);
    const { keys } = index.search(data.subarray(first * width, last * width), wanted, threads);
    for (let i = 0; i < keys.length; i++) {
      const row = first + Math.floor(i / wanted);
      const other = Number(keys[i]!);
      // places that stayed empty hold keys that no row has
      if (other === row || other >= count) continue;
      const similarity = cosine(rows, Math.min(row, other), rows, Math.max(row, other));
      if (similarity >= threshold) found.add(row, other, similarity);
    }
    onProgress?.({ built: count, searched: last, rows: count });
    await setImmediate();
    signal?.throwIfAborted();
  }
  return found.sorted();
}

/** How many of the exact pairs a search found. */
export interface PairRecall {
  readonly threshold: number;
  readonly exact: number;
  readonly found: number;
  /** found / exact; NaN where there is none to find. */
  readonly recall: number;
  /** Wilson's, as if pairs were independent; undefined where there is none. */
  readonly interval: Interval | undefined;
}

/**
 * Recall of a search at some thresholds.
 * @param pairs.exact all pairs from the lowest threshold on, `pairs.found` those that the search found
 * @throws RangeError where a pair was found that is none: the exact pairs reach less far
 * @example pairRecall({ exact, found }, [0.9, 0.95])[0] // { threshold: 0.9, exact: 237, found: 237, recall: 1, ... }
 */
export function pairRecall(
  { exact, found }: { readonly exact: SimilarPairs; readonly found: SimilarPairs },
  thresholds: readonly number[],
): PairRecall[] {
  return thresholds.map((threshold) => {
    const all = pairsWhere(exact, (similarity) => similarity >= threshold);
    const some = pairsWhere(found, (similarity) => similarity >= threshold);
    const names = new Set(Array.from(all.first, (first, i) => `${first} ${all.second[i]}`));
    for (let i = 0; i < some.count; i++)
      if (!names.has(`${some.first[i]} ${some.second[i]}`))
        throw new RangeError(
          `Cannot measure recall at ${threshold}: all exact pairs from there on are needed, got none of rows ${some.first[i]} and ${some.second[i]}`,
        );
    const interval = all.count === 0 ? undefined : wilsonInterval(some.count, all.count);
    return { threshold, exact: all.count, found: some.count, recall: some.count / all.count, interval };
  });
}
