/**
 * Stage 2: makes of the photographs in the pool the whole pool and its truth.
 *
 * Everything follows from the photographs, their tables and the seeds below, so that it can be made again from what
 * the project holds. Sources are drawn without replacement: no photograph is altered twice. Mirrored,
 * grey, cropped and watermarked copies are made of share-alike photographs only: whether a search for copies finds
 * them is for it to show, and the release must not depend on that.
 */
import { Random } from "gpic-lab/core";
import sharp from "sharp";
import { alterations, type Picture } from "./alterations.js";
import { type CsvRow, formatCsv } from "./csv.js";
import { IMAGES_PER_SHARD, type PoolImage, poolShards, sha256 } from "./pool.js";
import { isPermissive, judgedByEye, type Truth, truthColumns, truthRow } from "./truth.js";

/** Records of every kind of alteration. */
const COPIES_PER_KIND = 6;
/** Largest photograph that is altered: keeps the sample small. */
const MAX_SOURCE_BYTES = 90_000;
const fromShareAlike: readonly string[] = ["mirrored", "grey", "cropped", "watermarked"];

/** What stage 2 works on: all of it is in `data/sample`. */
export interface DeriveInput {
  /** The photographs of the pool, in any order. */
  readonly originals: readonly PoolImage[];
  /** The rows of photographs.csv. */
  readonly photographs: readonly CsvRow[];
}

/** Files below `data/sample`, and the tables as rows. */
export interface Derived {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly truth: readonly CsvRow[];
  readonly pool: readonly PoolImage[];
}

/** Makes pool and truth. */
export async function derive(input: DeriveInput): Promise<Derived> {
  const fileOf = new Map(input.photographs.map((row) => [row.key!, row.file!]));
  const originals = [...input.originals].sort((a, b) =>
    fileOf.get(a.metadata.key)! < fileOf.get(b.metadata.key)! ? -1 : 1,
  );
  const known = photographsTruth(originals, fileOf);
  const made = await makeCopies(originals, known, fileOf);
  const truths = new Map([...known, ...made.truths].map((truth) => [truth.key, truth]));
  const pool = inOrderOfRetrieval([...originals, ...made.images], truths);
  const shards = poolShards(pool);
  const files = new Map([...shards].map(([name, bytes]) => [`pool/${name}`, bytes]));
  const shardOf = [...shards.keys()];
  const truth = pool.map(({ metadata, bytes }, i) => {
    const row = truths.get(metadata.key)!;
    return truthRow(
      row,
      shardOf[Math.floor(i / IMAGES_PER_SHARD)]!,
      row.leavesAt === "" ? sha256(bytes) : "",
    );
  });
  files.set("truth.csv", new TextEncoder().encode(formatCsv(truthColumns, truth)));
  return { files, truth, pool };
}

function photographsTruth(originals: readonly PoolImage[], fileOf: ReadonlyMap<string, string>): Truth[] {
  const keyOf = new Map([...fileOf].map(([key, file]) => [file, key]));
  return originals.map(({ metadata: { key, license } }) => {
    const file = fileOf.get(key)!;
    const judged = judgedByEye[file];
    return {
      key,
      kind: "photograph",
      sourceKey: key,
      sourceFile: file,
      parameters: judged?.fault === undefined ? "" : `seen=${judged.fault}`,
      leavesAt: isPermissive(license) ? (judged?.leavesAt ?? "") : "licence",
      duplicateOf: judged?.duplicateOf === undefined ? "" : keyOf.get(judged.duplicateOf)!,
    };
  });
}

async function makeCopies(
  originals: readonly PoolImage[],
  known: readonly Truth[],
  fileOf: ReadonlyMap<string, string>,
): Promise<{ images: PoolImage[]; truths: Truth[] }> {
  const random = new Random("gpic-lab sample pool");
  const free = random.shuffle(
    originals.filter(
      ({ metadata, bytes }) =>
        bytes.length <= MAX_SOURCE_BYTES && !(fileOf.get(metadata.key)! in judgedByEye),
    ),
  );
  const images: PoolImage[] = [];
  const truths: Truth[] = [];
  const truthOf = new Map(known.map((truth) => [truth.key, truth]));
  for (const alteration of alterations) {
    const shareAlike = fromShareAlike.includes(alteration.kind);
    for (let n = 0; n < COPIES_PER_KIND; n++) {
      const at = await findSource(free, shareAlike, alteration.kind, alteration.suits);
      const source = free.splice(at, 1)[0]!;
      const altered = await alteration.apply(pictureOf(source), random);
      const { width, height } = await sharp(altered.bytes).metadata();
      const key = sha256(`made:${alteration.kind}/${n}#${source.metadata.key}`);
      const changes = [source.metadata.changes, altered.change]
        .filter((change) => change !== "none")
        .join("; ");
      images.push({
        metadata: {
          ...source.metadata,
          key,
          img_width: width,
          img_height: height,
          changes: changes || "none",
        },
        bytes: altered.bytes,
        extension: altered.extension,
      });
      truths.push({
        key,
        kind: alteration.kind,
        sourceKey: source.metadata.key,
        sourceFile: fileOf.get(source.metadata.key)!,
        parameters: Object.entries(altered.parameters)
          .map(([name, value]) => `${name}=${value}`)
          .join(";"),
        leavesAt: truthOf.get(source.metadata.key)!.leavesAt === "licence" ? "licence" : alteration.stage,
        duplicateOf: alteration.stage === "duplicate" ? source.metadata.key : "",
      });
    }
  }
  return { images, truths };
}

async function findSource(
  free: readonly PoolImage[],
  shareAlike: boolean,
  kind: string,
  suits: (picture: Picture) => boolean,
): Promise<number> {
  for (const [i, image] of free.entries()) {
    if (isPermissive(image.metadata.license) === shareAlike || !suits(pictureOf(image))) continue;
    if (kind !== "grey" || (await hasColour(image))) return i;
  }
  throw new Error(`Cannot make a picture that is ${kind}: no photograph suits`);
}

/** Whether the means of red, green and blue differ: of a grey picture a grey copy is only a re-encoding. */
async function hasColour({ bytes }: PoolImage): Promise<boolean> {
  const { channels } = await sharp(bytes, { ignoreIcc: true }).toColourspace("srgb").stats();
  const means = channels.slice(0, 3).map((channel) => channel.mean);
  return Math.max(...means) - Math.min(...means) > 10;
}

function pictureOf({ bytes, extension, metadata }: PoolImage): Picture {
  return { bytes, extension, width: metadata.img_width, height: metadata.img_height };
}

/** Shuffled, but never a copy before what it is a copy of: of two equal ones the first comer stays. */
function inOrderOfRetrieval(images: readonly PoolImage[], truths: ReadonlyMap<string, Truth>): PoolImage[] {
  const pool = new Random("gpic-lab sample pool, order").shuffle(images);
  const place = new Map(pool.map(({ metadata }, i) => [metadata.key, i]));
  for (const { key, duplicateOf } of truths.values()) {
    if (duplicateOf === "") continue;
    const copy = place.get(key)!;
    const original = place.get(duplicateOf)!;
    if (copy > original) continue;
    [pool[copy], pool[original]] = [pool[original]!, pool[copy]!];
    place.set(key, original).set(duplicateOf, copy);
  }
  return pool;
}
