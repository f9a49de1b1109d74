/**
 * Walks through a shard and puts each JSON together with its image, whichever comes first; reads no pixels.
 *
 * The release's layout (data card): `{key}.json` directly followed by `{key}.jpg` or `{key}.png`. What is read here is
 * more than that: images before their JSON, pairs that lie a little apart, `.jpeg`. What belongs to no pair is a finding.
 */
import { type ByteSource, tarFindings } from "../io/index.js";
import { kindOf } from "./entry-names.js";
import { MAX_IMAGE_BYTES, MAX_JSON_BYTES, Pairing, type ShardPair } from "./pairing.js";
import { type CorpusProblem, type ProblemTaker, throwProblem } from "./problems.js";

/** What `shardPairs` takes beside the shard. */
export interface PairOptions {
  /** The shard's name in findings. */
  readonly shard: string;
  readonly signal?: AbortSignal | undefined;
  /** Takes problems, and lets the reading go on; without it the first one is thrown as a CorpusError. */
  readonly onProblem?: ProblemTaker | undefined;
  /** Brings the images' bytes with the pairs, as a stream must where they are wanted. */
  readonly images?: boolean | undefined;
  /** Reads every byte in large pieces instead of hopping: for a far source whose images are wanted anyway. */
  readonly sequential?: boolean | undefined;
  /** Where the first header lies, 0 where it is left out. */
  readonly start?: number | undefined;
}

/**
 * The pairs of a shard, in the order in which they are complete.
 * @param shard a source, whose images are hopped over, or a stream of bytes
 * @throws CorpusError at the first problem, unless `onProblem` takes them
 * @example for await (const pair of shardPairs(source, { shard: "one.tar" })) console.log(pair.stem, pair.image.size);
 */
export async function* shardPairs(
  shard: ByteSource | AsyncIterable<Uint8Array>,
  options: PairOptions,
): AsyncGenerator<ShardPair, void, undefined> {
  const { onProblem = throwProblem, signal } = options;
  for await (const batch of pairBatches(shard, options))
    for (const pair of batch) {
      signal?.throwIfAborted();
      if ("kind" in pair) onProblem(pair);
      else yield pair;
    }
}

/**
 * Pairs and problems in their order, in batches as the tar reader gives them: a step of an asynchronous loop costs as
 * much as a record.
 */
export async function* pairBatches(
  shard: ByteSource | AsyncIterable<Uint8Array>,
  options: PairOptions,
): AsyncGenerator<readonly (ShardPair | CorpusProblem)[], void, undefined> {
  const { signal, images = false, sequential, start } = options;
  const wantsData = (name: string, size: number) => {
    const kind = kindOf(name);
    return kind === "json" ? size <= MAX_JSON_BYTES : images && kind !== undefined && size <= MAX_IMAGE_BYTES;
  };
  const found: (ShardPair | CorpusProblem)[] = [];
  const pairing = new Pairing(options.shard, (problem) => found.push(problem));
  for await (const batch of tarFindings(shard, { signal, wantsData, sequential, start })) {
    for (const finding of batch) {
      const pair = pairing.add(finding);
      if (pair !== undefined) found.push(pair);
    }
    yield found.splice(0);
  }
  pairing.end();
  yield found;
}
