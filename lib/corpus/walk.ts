/**
 * Walks through the records of shards; reads headers and JSON, and pixels only where it is asked for them.
 *
 * A record is told only where nothing is wrong with it; everything else is a problem, and costs no other record.
 */
import { type ByteSource, isByteStream } from "../io/index.js";
import { imageProblems, metadataOf } from "./check-record.js";
import type { ImageMetadata, ImageRecord } from "./image-record.js";
import type { ShardPair } from "./pairing.js";
import { type PairOptions, pairBatches } from "./pairs.js";
import { type ProblemTaker, throwProblem } from "./problems.js";
import type { Shard } from "./shards.js";

/** How far a walk through a corpus has come. */
export interface CorpusProgress {
  readonly shardsDone: number;
  readonly shardsTotal: number;
  readonly images: number;
}

/** What a walk through the records takes. */
export interface WalkOptions {
  /** Stops between two records, by throwing the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called after every shard. */
  readonly onProgress?: ((progress: CorpusProgress) => void) | undefined;
  /** Takes what is wrong, and lets the walk go on; without it the first problem is thrown as a CorpusError. */
  readonly onProblem?: ProblemTaker | undefined;
  /** Compares width, height and format with the picture's own header: one more read an image. */
  readonly checkImages?: boolean | undefined;
}

/** What reading one shard takes. */
export interface ShardRecordOptions extends PairOptions {
  /** As in `WalkOptions`; a stream is read with its images for it. */
  readonly checkImages?: boolean | undefined;
  /**
   * Reads a picture that is not held, by its place in the shard; where a source is given, it reads from that source,
   * which must then stay open, unless something else is said here.
   */
  readonly readImage?: ((offset: number, length: number) => Promise<Uint8Array>) | undefined;
}

/**
 * The records of shards, in their order.
 * @throws CorpusError at the first problem, unless `onProblem` takes them
 */
export async function* walkShards(
  shards: readonly Shard[],
  options: WalkOptions = {},
): AsyncGenerator<ImageRecord, void, undefined> {
  const { signal, onProgress, onProblem = throwProblem, checkImages } = options;
  let images = 0;
  for (const [done, shard] of shards.entries()) {
    signal?.throwIfAborted();
    const readImage = (offset: number, length: number) => readRange(shard, offset, length);
    let source: ByteSource | undefined;
    try {
      const stream = shard.path === undefined ? shard.stream?.(signal) : undefined;
      if (stream === undefined) source = await shard.open();
      const own = { shard: shard.name, signal, onProblem, checkImages, readImage };
      for await (const batch of recordBatches(source ?? stream!, own))
        for (const record of batch) {
          signal?.throwIfAborted();
          images++;
          yield record;
        }
    } catch (error) {
      if (shard.path === undefined || !isSystemError(error)) throw error;
      const expected = "a file that can be read to its end";
      onProblem({
        ...{ shard: shard.name, offset: 0, key: "", kind: "shard-unreadable" },
        ...{ expected, found: error.message },
      });
    } finally {
      await source?.close();
    }
    onProgress?.({ shardsDone: done + 1, shardsTotal: shards.length, images });
  }
}

/**
 * The records of one shard, in the order in which their pairs are complete; of two with the same key the first.
 * @param bytes a source, or a stream of bytes, such as a download that is not stored: pulled as records are asked for
 * @throws CorpusError at the first problem, unless `onProblem` takes them
 * @example for await (const record of shardRecords(response.body, { shard: "train/gpic_train_00000.tar" })) ...
 */
export async function* shardRecords(
  bytes: ByteSource | AsyncIterable<Uint8Array>,
  options: ShardRecordOptions,
): AsyncGenerator<ImageRecord, void, undefined> {
  for await (const batch of recordBatches(bytes, options))
    for (const record of batch) {
      options.signal?.throwIfAborted();
      yield record;
    }
}

async function* recordBatches(
  bytes: ByteSource | AsyncIterable<Uint8Array>,
  options: ShardRecordOptions,
): AsyncGenerator<readonly ImageRecord[], void, undefined> {
  const { shard, onProblem = throwProblem, checkImages = false, signal, sequential, start } = options;
  const source = isByteStream(bytes) ? undefined : bytes;
  const images = options.images ?? (checkImages && (source === undefined || sequential === true));
  const readImage = options.readImage ?? source?.read.bind(source) ?? notHeld(shard);
  const keys = new Set<string>();
  for await (const batch of pairBatches(bytes, { shard, signal, images, sequential, start })) {
    const records: ImageRecord[] = [];
    for (const pair of batch) {
      if ("kind" in pair) {
        onProblem(pair);
        continue;
      }
      const metadata = metadataOf(shard, pair, onProblem);
      if (metadata === undefined) continue;
      if (keys.has(metadata.key)) {
        const expected = "a key that no other record of the shard has";
        const at = { shard, offset: pair.jsonOffset, key: metadata.key };
        onProblem({ ...at, kind: "duplicate-key", expected, found: "a second one" });
        continue;
      }
      if (checkImages) {
        const problems = await imageProblems(shard, pair, metadata, source);
        for (const problem of problems) onProblem(problem);
        if (problems.length > 0) continue;
      }
      keys.add(metadata.key);
      records.push(recordOf(shard, pair, metadata, readImage));
    }
    yield records;
  }
}

function recordOf(
  shard: string,
  pair: ShardPair,
  metadata: ImageMetadata,
  readImage: (offset: number, length: number) => Promise<Uint8Array>,
): ImageRecord {
  const { offset, size, data } = pair.image;
  // field by field: copying by "..." takes longer than all the rest of a record
  const record = {
    key: metadata.key,
    license: metadata.license,
    license_url: metadata.license_url,
    attribution: metadata.attribution,
    retrieved_at: metadata.retrieved_at,
    img_width: metadata.img_width,
    img_height: metadata.img_height,
    split: metadata.split,
    caption_type: metadata.caption_type,
    caption: metadata.caption,
    shard,
    jsonOffset: pair.jsonOffset,
    imageOffset: offset,
    imageBytes: size,
    imageExtension: pair.imageExtension,
    readImage: data === undefined ? () => readImage(offset, size) : async () => data,
  };
  return metadata.extra === undefined ? record : { ...record, extra: metadata.extra };
}

function notHeld(shard: string): () => Promise<never> {
  return async () => {
    throw new Error(
      `Cannot read an image of ${shard}: the shard streamed by and its images were not kept; pass images: true`,
    );
  };
}

async function readRange(shard: Shard, offset: number, length: number): Promise<Uint8Array> {
  const source = await shard.open();
  try {
    return await source.read(offset, length);
  } finally {
    await source.close();
  }
}

/** What the system says of a file: EACCES, EIO, ENOENT. */
function isSystemError(error: unknown): error is Error {
  return error instanceof Error && "syscall" in error && "errno" in error;
}
