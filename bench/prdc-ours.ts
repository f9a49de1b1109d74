/**
 * Our side of the benchmarks of PRDC and MMD: a process that reads rows once and, for each line, takes one metric.
 *
 *   prdc-ours.js prdc | subsets | all-pairs: reads lines of FeatureFiles; answers each with a MetricAnswer
 */
import { createInterface } from "node:readline";
import type { FeatureRows } from "../lib/features/index.js";
import { readFeatures } from "../lib/features/index.js";
import { mmd, mmdAllPairs, prdc } from "../lib/metrics/index.js";
import type { FeatureFiles } from "./prdc-data.js";
import type { MetricAnswer } from "./prdc-sides.js";

type Sets = { readonly real: FeatureRows; readonly generated: FeatureRows };

const metrics: { readonly [name: string]: (sets: Sets) => Promise<MetricAnswer["values"]> } = {
  prdc: async (sets) => {
    const { precision, recall, density, coverage } = (await prdc(sets)).k[0]!;
    return { precision, recall, density, coverage };
  },
  subsets: async (sets) => {
    const { mmd: value, standardError } = await mmd(sets);
    return { mmd: value, standardError };
  },
  "all-pairs": async (sets) => ({ mmd: (await mmdAllPairs(sets)).mmd }),
};

const metric = metrics[process.argv[2] ?? ""];
if (metric === undefined)
  throw new RangeError(`Cannot measure "${process.argv[2]}": there is no such metric`);
let sets: Sets | undefined;
for await (const line of createInterface({ input: process.stdin })) {
  const files: FeatureFiles = JSON.parse(line);
  if (sets === undefined) {
    sets = { real: await rowsOf(files.real), generated: await rowsOf(files.generated) };
    await metric({ real: first(sets.real), generated: first(sets.generated) });
  }
  const begun = performance.now();
  const values = await metric(sets);
  const seconds = (performance.now() - begun) / 1000;
  process.stdout.write(`${JSON.stringify({ seconds, values } satisfies MetricAnswer)}\n`);
}

async function rowsOf(path: string): Promise<FeatureRows> {
  const { rows } = await readFeatures(path);
  if (rows === undefined) throw new TypeError(`Cannot measure ${path}: rows are needed, got none`);
  return rows;
}

/** A few rows, which warm up the engine. */
function first({ data, width }: FeatureRows): FeatureRows {
  return { data: data.slice(0, 100 * width), count: 100, width };
}
