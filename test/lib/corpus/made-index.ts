/**
 * A plausible index of any size, made inside DuckDB by seeded hashes: a million rows in seconds.
 *
 * What a column holds is drawn by the hash of (seed, row, column), so the same seed gives the same index. No shards
 * lie behind it: questions can be asked, pictures cannot be read.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { normaliseLicence } from "gpic-lab/licences";
import { INDEX_BUILDER_VERSION, imageColumns } from "../../../lib/corpus/index-columns.js";
import { captionKinds, captionWords, credits, licences, sizes, type Weighted } from "./plausible.js";

/** How an index is made. */
export interface MadeIndex {
  readonly images: number;
  /** 12,500 as the release, where it is left out. */
  readonly imagesPerShard?: number;
  readonly seed?: number;
  /** Every so many-th caption is the one of another image; 0 for none. */
  readonly repeatEvery?: number;
}

/** Captions are made of pieces of so many words: a lookup a word would take a minute for a million captions. */
const PIECE_WORDS = 8;

const text = (value: string | null) => (value === null ? "NULL" : `'${value.replaceAll("'", "''")}'`);

/** Writes the index into a folder. */
export async function makeIndex(folder: string, made: MadeIndex): Promise<void> {
  const { images, imagesPerShard = 12_500, seed = 1, repeatEvery = 500 } = made;
  for (const name of ["images", "problems", "parts"]) mkdirSync(join(folder, name), { recursive: true });
  const connection = await (await DuckDBInstance.create(":memory:", { threads: "2" })).connect();
  const words = await captionWords();
  const pieces = Array.from({ length: Math.ceil(words.length / PIECE_WORDS) }, (_, at) =>
    words.slice(at * PIECE_WORDS, (at + 1) * PIECE_WORDS).join(" "),
  ).slice(0, -1);
  await connection.run(`SET VARIABLE pieces = [${pieces.map(text).join(", ")}]`);
  const shards = Math.ceil(images / imagesPerShard);
  const manifest: object[] = [];
  for (let number = 0; number < shards; number++) {
    const count = Math.min(imagesPerShard, images - number * imagesPerShard);
    const file = `gpic_train_${String(number).padStart(5, "0")}`;
    const shard = { name: `train/${file}.tar`, sizeBytes: count * 130_000, split: "train", number };
    const rows = rowsSql(shard.name, number * imagesPerShard, count, number, seed, repeatEvery);
    const path = join(folder, "images", `${file}.parquet`);
    await connection.run(
      `COPY (${rows}) TO ${text(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 24576)`,
    );
    const part = { builder: INDEX_BUILDER_VERSION, shard, hashed: true, images: count, problems: 0 };
    const files = { imageFiles: [`images/${file}.parquet`], problemFiles: [] };
    writeFileSync(join(folder, "parts", `${file}.json`), JSON.stringify({ ...part, ...files }));
    manifest.push(shard);
  }
  connection.closeSync();
  const head = { format: "gpic-lab index", builder: INDEX_BUILDER_VERSION };
  const corpus = { corpus: join(folder, "no-shards-behind"), dataset: "local", shards: manifest };
  writeFileSync(join(folder, "index.json"), JSON.stringify({ ...head, ...corpus }));
}

function rowsSql(
  shard: string,
  first: number,
  count: number,
  number: number,
  seed: number,
  repeatEvery: number,
): string {
  const h = (column: string, row = "id") => `hash(${row}, '${column}', ${seed})`;
  const uniform = (column: string, row = "id") => `(${h(column, row)} % 1000003) / 1000003`;
  const pick = <T>(from: Weighted<T>, column: string, row: string, value: (one: T) => string) => {
    const total = from.reduce((sum, [, weight]) => sum + weight, 0);
    let below = 0;
    const cases = from.map(([one, weight]) => {
      below += weight;
      return `WHEN ${uniform(column, row)} < ${below / total} THEN ${value(one)}`;
    });
    return `CASE ${cases.join(" ")} ELSE ${value(from[0]![0])} END`;
  };
  const licence = (value: (one: readonly [string, string]) => string | null) =>
    pick(licences, "licence", "id", (one) => text(value(one)));
  const tiers = number < 80 ? "['nano','lite','full']" : number < 800 ? "['lite','full']" : "['full']";
  // the image whose caption this one has: mostly its own
  const captioned = repeatEvery === 0 ? "id" : `CASE WHEN id % ${repeatEvery} = 1 THEN 7 ELSE id END`;
  const columns: { readonly [column in keyof typeof imageColumns]: string } = {
    shard: text(shard),
    shard_split: "'train'",
    image_offset: `(id - ${first}) * 130000 + 2048`,
    image_bytes: `(60000 + ${h("bytes")} % 120000)::BIGINT`,
    image_extension: `CASE WHEN ${uniform("extension")} < 0.02 THEN 'png' ELSE 'jpg' END`,
    json_offset: `(id - ${first}) * 130000`,
    key: "sha256(concat('image ', id))",
    license: licence(([name]) => name),
    license_url: licence(([, url]) => url),
    attribution: `concat('Photographer ', ${h("who")} % 200000, ${pick(credits, "credit", "id", text)})`,
    retrieved_at: `strftime(TIMESTAMP '2026-01-01' + to_seconds((${h("when")} % 5000000)::BIGINT), '%Y-%m-%dT%H:%M:%SZ')`,
    img_width: pick(sizes, "size", "id", ([width]) => `${width}::BIGINT`),
    img_height: pick(sizes, "size", "id", ([, height]) => `${height}::BIGINT`),
    split: tiers,
    caption_type: pick(captionKinds, "kind", "captioned", ([type]) => text(type)),
    caption: "array_to_string(parts, ' ')",
    extra: "NULL::VARCHAR",
    spdx: licence(([name, url]) => normaliseLicence(name, url).spdx ?? null),
    licence_category: licence(([name, url]) => normaliseLicence(name, url).category),
    licence_version: licence(([name, url]) => normaliseLicence(name, url).version ?? null),
    permissive: pick(licences, "licence", "id", ([name, url]) =>
      String(normaliseLicence(name, url).permissive),
    ),
    source: pick(
      [
        ["'flickr'", 875],
        ["'wikimedia'", 123],
        ["'unknown'", 2],
      ],
      "credit",
      "id",
      String,
    ),
    words: "len(parts)::INTEGER",
    sentences: "greatest(1, len(parts) // 18)::INTEGER",
    characters: "length(array_to_string(parts, ' '))::INTEGER",
    clip_tokens: "(len(parts) * 1.25)::INTEGER",
    sha256: "sha256(concat('bytes ', id))",
  };
  const length = pick(
    captionKinds,
    "kind",
    "captioned",
    ([, fewest, most]) => `(${fewest} + ${h("words", "captioned")} % ${most - fewest})::BIGINT`,
  );
  const list = Object.entries(columns).map(
    ([name, sql]) => `${sql}::${imageColumns[name as keyof typeof imageColumns]} AS "${name}"`,
  );
  const piece = `list_extract(getvariable('pieces'), (hash(captioned, turn, ${seed}) % len(getvariable('pieces')) + 1)::BIGINT)`;
  return `SELECT ${list.join(", ")} FROM (
    SELECT id, captioned, list_slice(string_split(array_to_string(
      list_transform(range(n // ${PIECE_WORDS} + 1), lambda turn: ${piece}), ' '), ' '), 1, n) AS parts
    FROM (SELECT id, captioned, ${length} AS n
      FROM (SELECT id, ${captioned} AS captioned FROM (SELECT range + ${first} AS id FROM range(${count}))))
  )`;
}
