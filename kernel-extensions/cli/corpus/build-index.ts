/** `gpic-lab corpus index`: builds the index of a corpus in a folder, or goes on where a build was stopped. */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import {
  buildIndex,
  hubShards,
  type IndexBuilt,
  isHubName,
  lastingName,
  openCorpus,
  type ShardChoice,
} from "../../../lib/corpus/index.js";
import { oneLine } from "../../show/escape.js";
import { type Command, printJson, UsageError } from "../command.js";
import { wholeOption } from "../words.js";
import { CHOICE_USAGE, choiceOptions, corpusName, shardChoice } from "./choice.js";
import { connectHere, fetchShards } from "./fetch.js";
import { indexProgress } from "./progress.js";
import { stoppable } from "./stoppable.js";

export const command: Command = {
  help: `
gpic-lab corpus index [CORPUS] --out DIR ${CHOICE_USAGE}
                      [--hash] [--workers N] [--no-store] [--json]

Builds an index of a corpus: Parquet, one part a shard, tables images and problems. DIR can then be opened wherever a
CORPUS is asked for. Stopped or killed at any moment and started again it goes on where it was; several processes may
build one DIR together, each with the same words or with its own --shards.

  --out DIR      where the index is, or will be
  --hash         read the pictures too, and keep their SHA-256: "corpus stats DIR" then tells exact duplicates
  --workers N    threads (as many as cores); a shard is the work of one
  --no-store     read shards of the Hub that are not on this machine as they stream, and keep none; without it they
                 are downloaded into the Hub's cache first

example:
  gpic-lab corpus index sample --out sample-index
  152 images, 0 problems, 11 parts (11 new), 0.1 MB, 0.8 s: sample-index
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
    const workers = wholeOption("workers", values.workers, 4 * availableParallelism());
    const out = values.out;
    const choice = shardChoice(values);
    const begun = performance.now();
    const progress = indexProgress();
    return stoppable<0>(async (signal) => {
      const corpus = await openCorpus(
        isHubName(name) && !values["no-store"] ? await fetched(name, choice, signal) : name,
        choice,
      );
      const built = await buildIndex(corpus.shards, out, {
        corpus: lastingName(name),
        identity: corpus.identity,
        hash: values.hash,
        workers,
        signal,
        onProgress: progress.show,
      }).finally(progress.clear);
      const seconds = (performance.now() - begun) / 1000;
      if (values.json) printJson({ corpus: corpus.describe(), ...built, seconds });
      else process.stdout.write(`${finalLine(built, seconds)}\n`);
      return 0;
    });
  },
};

/** Downloads the shards, and names the commit that they are of: a branch may have moved meanwhile. */
async function fetched(name: string, choice: ShardChoice, signal: AbortSignal): Promise<string> {
  const found = await hubShards(name, choice, { hub: await connectHere(), signal });
  await fetchShards(found, signal);
  return `hf://${found.snapshot.repository.name}@${found.snapshot.commit}`;
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
