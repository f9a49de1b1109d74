/** `gpic-lab corpus index`: builds the index of a corpus in a folder, or goes on where a build was stopped. */
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { buildIndex, type IndexBuilt, openCorpus } from "../../../lib/corpus/index.js";
import { oneLine } from "../../show/escape.js";
import { type Command, printJson, UsageError } from "../command.js";
import { CHOICE_USAGE, choiceOptions, corpusName, shardChoice } from "./choice.js";
import { indexProgress } from "./progress.js";

export const command: Command = {
  help: `
gpic-lab corpus index [CORPUS] --out DIR ${CHOICE_USAGE}
                      [--hash] [--workers N] [--no-store] [--json]

Builds an index of a corpus: Parquet, one part a shard, tables images and problems. DIR can then be opened wherever a
CORPUS is asked for. Stopped or killed at any moment and started again it goes on where it was; several processes may
build one DIR together, each with the same words or with its own --shards.

  --out DIR      where the index is, or will be
  --hash         read the pictures too, and keep their SHA-256: finds exact duplicates
  --workers N    threads (as many as cores); a shard is the work of one
  --no-store     read shards that lie on the Hub as they stream, without keeping them

example:
  gpic-lab corpus index sample --out /tmp/sample-index
  152 images, 0 problems, 11 parts (11 new), 0.1 MB, 0.8 s: /tmp/sample-index
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...choiceOptions,
        out: { type: "string" },
        hash: { type: "boolean" },
        workers: { type: "string" },
        "no-store": { type: "boolean" },
      },
    });
    const name = corpusName("index", positionals);
    if (!values.out) throw new UsageError("corpus index takes --out DIR, the folder of the index, got none");
    const workers = workerCount(values.workers);
    const corpus = await openCorpus(name, shardChoice(values));
    const begun = performance.now();
    const stop = new AbortController();
    const onSignal = () => stop.abort(new Error(`stopped; the same call goes on where it was`));
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, onSignal);
    const progress = indexProgress();
    try {
      const built = await buildIndex(corpus.shards, values.out, {
        corpus: name === "sample" || name.includes("://") ? name : resolve(name),
        identity: corpus.identity,
        hash: values.hash,
        workers,
        signal: stop.signal,
        onProgress: progress.show,
      });
      progress.clear();
      const seconds = (performance.now() - begun) / 1000;
      if (values.json) printJson({ corpus: corpus.describe(), ...built, seconds });
      else process.stdout.write(`${finalLine(built, seconds)}\n`);
      return 0;
    } finally {
      progress.clear();
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, onSignal);
    }
  },
};

function workerCount(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const count = Number(text);
  const most = 4 * availableParallelism();
  if (Number.isSafeInteger(count) && count >= 1 && count <= most) return count;
  throw new UsageError(`--workers is a whole number from 1 to ${most}, got "${text}"`);
}

function finalLine(
  { images, problems, parts, built, sizeBytes, folder }: IndexBuilt,
  seconds: number,
): string {
  const size = `${(sizeBytes / 1e6).toFixed(1)} MB`;
  return oneLine(
    `${images} images, ${problems} problems, ${parts} parts (${built} new), ${size}, ${seconds.toFixed(1)} s: ${folder}`,
  );
}
