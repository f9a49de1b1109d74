/** Makes a record of a pair, or tells everything that is wrong with it. */
import type { ByteSource, Reading, TarEntry } from "../io/index.js";
import { runReading, runReadingAt } from "../io/index.js";
import { checkMetadata } from "./check-metadata.js";
import { keyOf } from "./entry-names.js";
import type { ImageMetadata } from "./image-record.js";
import { imageHeader } from "./image-size.js";
import type { ShardPair } from "./pairing.js";
import type { CorpusProblem, ProblemTaker } from "./problems.js";

/**
 * The metadata of a pair.
 * @param tell takes each problem
 * @returns undefined where there are any
 */
export function metadataOf(shard: string, pair: ShardPair, tell: ProblemTaker): ImageMetadata | undefined {
  const { metadata, findings } = checkMetadata(pair.json);
  const key = keyOf(pair.stem);
  const at = { shard, offset: pair.jsonOffset, key };
  if (metadata === undefined) {
    for (const { kind, expected, found } of findings) tell({ ...at, kind, expected, found });
    return undefined;
  }
  if (metadata.key === key) return metadata;
  tell({ ...at, kind: "key-not-name", expected: `key, the file's name ${key}`, found: metadata.key });
  return undefined;
}

/**
 * Compares a picture's own header with its record; reads some bytes of it.
 * @param source where the picture lies; undefined where `pair.image.data` holds it
 * @returns what is wrong, nothing where all is as the record says
 */
export async function imageProblems(
  shard: string,
  pair: ShardPair,
  metadata: ImageMetadata,
  source: ByteSource | undefined,
): Promise<CorpusProblem[]> {
  const at = { shard, offset: pair.image.headerOffset, key: metadata.key };
  const header = await runOver(imageHeader(), pair.image, source);
  const promised = pair.imageExtension === "png" ? "png" : "jpeg";
  const expected = `${promised.toUpperCase()} data, as the name says`;
  if (header.format === undefined)
    return [{ ...at, kind: "image-unreadable", expected, found: header.found }];
  if (header.format !== promised)
    return [{ ...at, kind: "image-unreadable", expected, found: `${header.format.toUpperCase()} data` }];
  const { widthPixels, heightPixels } = header;
  const size = (name: string, own: number, said: number): CorpusProblem[] =>
    own === said
      ? []
      : [{ ...at, kind: "image-size", expected: `${name}, the picture's own ${own}`, found: String(said) }];
  return [
    ...size("img_width", widthPixels, metadata.img_width),
    ...size("img_height", heightPixels, metadata.img_height),
  ];
}

function runOver<T>(
  reader: Reading<T>,
  { data, offset, size }: TarEntry,
  source: ByteSource | undefined,
): T | Promise<T> {
  if (data !== undefined) return runReading(reader, data);
  if (source !== undefined) return runReadingAt(reader, source, offset, size);
  throw new TypeError(
    "Cannot check an image: its bytes or a source are needed, got neither; ask for images with the pairs",
  );
}
