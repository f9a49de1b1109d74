/** The records of one shard, as the index takes them: with the place of their JSON. */

import { parseImageMetadata } from "./image-record.js";
import type { IndexedRecord } from "./index-columns.js";
import { type CorpusProblem, shardPairs } from "./pairs.js";
import type { Shard } from "./shards.js";

/**
 * The sound records of a shard in their order; problems go to `onProblem`.
 * @throws the signal's reason where it was stopped
 */
export async function* recordsOf(
  shard: Shard,
  options: {
    readonly signal?: AbortSignal | undefined;
    readonly onProblem: (problem: CorpusProblem) => void;
  },
): AsyncGenerator<IndexedRecord, void, undefined> {
  const source = await shard.open();
  try {
    for await (const pair of shardPairs(source, { ...options, shard: shard.name })) {
      const wrong = (message: string) =>
        options.onProblem({
          ...{ shard: shard.name, offset: pair.jsonOffset, key: pair.stem, kind: "metadata" },
          message,
        });
      try {
        const metadata = parseImageMetadata(pair.json);
        if (metadata.key !== pair.stem) wrong(`the key is the file's name, got ${metadata.key}`);
        else
          yield {
            ...metadata,
            shard: shard.name,
            imageOffset: pair.image.offset,
            imageBytes: pair.image.size,
            imageExtension: pair.imageExtension,
            jsonOffset: pair.jsonOffset,
            readImage: () => source.read(pair.image.offset, pair.image.size),
          };
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        wrong(error.message);
      }
    }
  } finally {
    await source.close();
  }
}
