/**
 * The pool that the sample's release was curated from, with the truth about each of its images: a photograph, or what
 * was made of one.
 *
 * The paper's source pool is not released (section 2); this one is made (data/README.md), so that whoever looks for
 * copies, faults or licences can be told whether all were found.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openFileSource, packageFile } from "../io/index.js";
import { shardPairs } from "./pairs.js";

/** One image of the pool. */
export interface PoolImage {
  readonly key: string;
  readonly title: string;
  readonly author: string;
  /** The licence's name, as its source writes it. */
  readonly license: string;
  readonly attribution: string;
  /** "photograph", or what was done to one: "mirrored", "cropped", "near-blank" ... */
  readonly kind: string;
  /** A fault that was seen in a photograph as it came: "blurred"; "" where none was. */
  readonly seenFault: string;
  /** The photograph that it was made of; its own key for a photograph. */
  readonly sourceKey: string;
  /** The record whose copy it is, by whoever made it; "" where there is none. */
  readonly duplicateOf: string;
  /** Its key in the release; "" where it is not in it. */
  readonly releaseKey: string;
  /** Reads the encoded picture. */
  readImage(): Promise<Uint8Array>;
}

/** The columns of truth.csv that are used here. */
const COLUMNS = ["key", "shard", "kind", "source_key", "parameters", "duplicate_of", "release_key"] as const;
type Truth = { readonly [column in (typeof COLUMNS)[number]]: string };
/** What is used of a record's JSON. */
type PoolJson = Pick<PoolImage, "key" | "title" | "author" | "license" | "attribution">;

/**
 * Every image of the sample's pool, in the order of its shards; reads no pixels.
 * @param folder the sample's; the package's own where it is left out
 * @throws Error or SyntaxError where shards and truth.csv do not fit together
 * @example (await samplePool()).filter(({ kind }) => kind === "mirrored").length // 6
 */
export async function samplePool(folder: string = packageFile("data", "sample")): Promise<PoolImage[]> {
  const truths = readTruths(join(folder, "truth.csv"));
  const images: PoolImage[] = [];
  for (const shard of [...new Set(truths.map((truth) => truth.shard))].sort()) {
    const known = new Map(truths.flatMap((truth) => (truth.shard === shard ? [[truth.key, truth]] : [])));
    const path = join(folder, "pool", shard);
    const source = await openFileSource(path);
    try {
      for await (const { json, stem, image } of shardPairs(source, { shard })) {
        const truth = known.get(stem);
        if (truth === undefined)
          throw new Error(`Cannot read ${path}: images that truth.csv knows are needed, got ${stem}`);
        const { title, author, license, attribution } = json as PoolJson;
        images.push({
          ...{ key: stem, title, author, license, attribution, kind: truth.kind },
          seenFault: /^seen=(.*)$/.exec(truth.parameters)?.[1] ?? "",
          sourceKey: truth.source_key,
          duplicateOf: truth.duplicate_of,
          releaseKey: truth.release_key,
          readImage: () => readBytes(path, image.offset, image.size),
        });
      }
    } finally {
      await source.close();
    }
  }
  if (images.length !== truths.length)
    throw new Error(
      `Cannot read the pool of ${folder}: the ${truths.length} images of truth.csv are needed, got ${images.length}`,
    );
  return images;
}

/** Our own table: no field of it has a comma, a quotation mark or a line feed. */
function readTruths(path: string): Truth[] {
  const [head = "", ...lines] = readFileSync(path, "utf8").trimEnd().split("\n");
  const names = head.split(",");
  const places = COLUMNS.map((column) => names.indexOf(column));
  return lines.map((line, i) => {
    const fields = line.split(",");
    if (fields.length !== names.length || line.includes('"') || places.includes(-1))
      throw new SyntaxError(
        `Cannot read ${path}: ${names.length} plain fields are needed in line ${i + 2}, with ${COLUMNS.join(", ")}`,
      );
    return Object.fromEntries(COLUMNS.map((column, at) => [column, fields[places[at]!]!])) as Truth;
  });
}

async function readBytes(path: string, offset: number, length: number): Promise<Uint8Array> {
  const source = await openFileSource(path);
  try {
    return await source.read(offset, length);
  } finally {
    await source.close();
  }
}
