/** The records of one shard, as the index takes them: read where it lies, or as it streams by. */
import type { ImageRecord } from "./image-record.js";
import type { ProblemTaker } from "./problems.js";
import type { Shard } from "./shards.js";
import { shardRecords } from "./walk.js";

/**
 * The sound records of a shard in their order; problems go to `onProblem`.
 * @throws the signal's reason where it was stopped
 */
export async function* recordsOf(
  shard: Shard,
  options: {
    readonly signal?: AbortSignal | undefined;
    readonly onProblem: ProblemTaker;
    /** Whether `readImage` will be called. */
    readonly images?: boolean;
  },
): AsyncGenerator<ImageRecord, void, undefined> {
  if (shard.stream !== undefined && shard.path === undefined) {
    // hopping over the pictures would cost a request an image; the pictures are held for whoever hashes them
    yield* shardRecords(shard.stream(options.signal), {
      ...options,
      shard: shard.name,
      images: options.images,
    });
    return;
  }
  const source = await shard.open();
  try {
    yield* shardRecords(source, { ...options, shard: shard.name, images: false });
  } finally {
    await source.close();
  }
}
