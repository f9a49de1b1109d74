/**
 * A corpus as a set of images: one part for each shard, keys are those of its records.
 *
 * A shard with the release's name gives the records that are sound. Any other tar (a pool, say, whose records have no
 * captions yet) gives each image that has a JSON beside it, by its name; what the JSON holds does not matter.
 */
import { basename } from "node:path";
import {
  type Corpus,
  CorpusError,
  type CorpusProblem,
  describeProblem,
  type ProblemTaker,
  type Shard,
  shardPairs,
  shardRecords,
} from "../corpus/index.js";
import type { ByteSource } from "../io/index.js";
import { fingerprintOf, safeNames, sizeText } from "./image-blocks.js";
import type { ImageItem, ImagePart, ImagePartOptions, ImageSet } from "./image-set.js";

/** The set of a corpus that is open. */
export function corpusSet(corpus: Corpus): ImageSet {
  return shardSet(corpus.name, corpus.describe(), corpus.shards);
}

/** The set of tars that lie in a folder without the release's names. */
export function tarSet(folder: string, shards: readonly Shard[]): ImageSet {
  const bytes = shards.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const tars = `${shards.length} ${shards.length === 1 ? "tar" : "tars"}`;
  return shardSet(folder, `folder ${basename(folder)}: ${tars}, ${sizeText(bytes)}`, shards);
}

function shardSet(name: string, description: string, shards: readonly Shard[]): ImageSet {
  const names = safeNames(shards.map((shard) => shard.name.replace(/\.tar$/, "")));
  return {
    name,
    fingerprint: fingerprintOf(
      "shards",
      shards.map((shard) => [shard.name, shard.sizeBytes, shard.sha256 ?? ""]),
    ),
    describe: () => description,
    parts: shards.map(
      (shard, i): ImagePart => ({ name: names[i]!, items: (options = {}) => shardItems(shard, options) }),
    ),
    async close() {},
  };
}

async function* shardItems(
  shard: Shard,
  { signal, onProblem }: ImagePartOptions,
): AsyncGenerator<ImageItem, void, undefined> {
  const tell = onProblem === undefined ? undefined : oncePerRecord(onProblem);
  // a shard that is not on this machine comes in one pass, with its images
  const stream = shard.path === undefined ? shard.stream?.(signal) : undefined;
  let source: ByteSource | undefined;
  const readImage = async (offset: number, length: number): Promise<Uint8Array> => {
    if (source !== undefined) return source.read(offset, length);
    // the walk is over, and one of its last images is wanted
    const again = await shard.open();
    try {
      return await again.read(offset, length);
    } finally {
      await again.close();
    }
  };
  try {
    if (stream === undefined) source = await shard.open();
    const options = { shard: shard.name, signal, onProblem: tell, images: stream !== undefined, readImage };
    if (shard.split !== undefined)
      for await (const record of shardRecords(source ?? stream!, options))
        yield { key: record.key, read: async () => ({ bytes: await record.readImage() }) };
    else {
      const keys = new Set<string>();
      for await (const { stem, jsonOffset, image } of shardPairs(source ?? stream!, options)) {
        const { offset, size, data } = image;
        if (keys.has(stem)) {
          const expected = "a name that no other record of the shard has";
          const problem = {
            shard: shard.name,
            offset: jsonOffset,
            key: stem,
            expected,
            found: "a second one",
          };
          if (tell === undefined) throw new CorpusError({ ...problem, kind: "duplicate-key" });
          tell({ ...problem, kind: "duplicate-key" });
          continue;
        }
        keys.add(stem);
        yield { key: stem, read: async () => ({ bytes: data ?? (await readImage(offset, size)) }) };
      }
    }
  } finally {
    const open = source;
    source = undefined;
    await open?.close();
  }
}

/** A record with several findings is one image that is lost: the first one is told. */
function oncePerRecord(onProblem: NonNullable<ImagePartOptions["onProblem"]>): ProblemTaker {
  let last: CorpusProblem | undefined;
  return (problem) => {
    const isSame = problem.key !== "" && problem.key === last?.key && problem.offset === last.offset;
    last = problem;
    if (!isSame) onProblem({ key: problem.key, message: describeProblem(problem) });
  };
}
