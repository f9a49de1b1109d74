/**
 * Builds data/sample.
 *
 *   node dist/data/build-sample.js                                      stage 2: pool, truth, release again from what
 *                                                                       the pool holds, and the tables of the README
 *   node dist/data/build-sample.js --photographs DIR --captions FILE    stage 1 first: DIR has manifest.csv and the
 *                                                                       photographs; FILE is JSON [{file,
 *                                                                       caption_type, caption}], and may be repeated
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { packageFile } from "gpic-lab/io";
import { type CsvRow, formatCsv, parseCsv } from "./build/csv.js";
import { type DeriveInput, derive } from "./build/derive.js";
import { importPhotographs, photographColumns } from "./build/import.js";
import { readPool } from "./build/pool.js";
import { withTables } from "./build/readme.js";
import { releaseFiles } from "./build/release.js";

const sample = packageFile("data", "sample");

/** What the build begins with. */
interface BuildInput extends DeriveInput {
  /** The rows of pool/captions.csv. */
  readonly captions: readonly CsvRow[];
}

/** What the committed sample holds of stage 2's input. */
export async function committedInput(): Promise<BuildInput> {
  const photographs = parseCsv(readFileSync(join(sample, "photographs.csv"), "utf8"));
  const captions = parseCsv(readFileSync(join(sample, "pool", "captions.csv"), "utf8"));
  const keys = new Set(photographs.map((row) => row.key));
  const originals = (await readPool(join(sample, "pool"))).filter(({ metadata }) => keys.has(metadata.key));
  return { originals, photographs, captions };
}

async function importedInput(folder: string, captionFiles: readonly string[]): Promise<BuildInput> {
  const { originals, photographs } = await importPhotographs(folder);
  const keyOf = new Map(photographs.map((row) => [row.file, row.key!]));
  const captions = captionFiles
    .flatMap((file) => JSON.parse(readFileSync(file, "utf8")) as CsvRow[])
    .map((row): CsvRow => ({ ...row, key: keyOf.get(row.file!) ?? fail(`a caption names ${row.file}`) }))
    .sort((a, b) => (a.file! < b.file! ? -1 : 1));
  return { originals, photographs, captions };
}

async function build(): Promise<void> {
  const { values } = parseArgs({
    options: { photographs: { type: "string" }, captions: { type: "string", multiple: true } },
  });
  const input =
    values.photographs === undefined
      ? await committedInput()
      : await importedInput(values.photographs, values.captions ?? []);
  const derived = await derive(input);
  rmSync(join(sample, "release"), { recursive: true, force: true });
  // captions are written anew below, and the recipe is written by hand
  for (const file of readdirSync(join(sample, "pool")))
    if (file.endsWith(".tar")) rmSync(join(sample, "pool", file));
  const put = (name: string, data: Uint8Array | string) => {
    mkdirSync(dirname(join(sample, name)), { recursive: true });
    writeFileSync(join(sample, name), data);
  };
  for (const [name, bytes] of derived.files) put(name, bytes);
  put("photographs.csv", formatCsv(photographColumns, input.photographs));
  put("pool/captions.csv", formatCsv(["key", "file", "caption_type", "caption"], input.captions));
  const release = await releaseFiles(join(sample, "pool"));
  for (const [name, bytes] of release) put(`release/${name}`, bytes);
  const files = new Map([
    ...derived.files,
    ...[...release].map(([name, b]) => [`release/${name}`, b] as const),
  ]);
  const readme = packageFile("data", "README.md");
  writeFileSync(readme, withTables(readFileSync(readme, "utf8"), input.photographs, { ...derived, files }));
  const bytes = [...files.values()].reduce((sum, file) => sum + file.length, 0);
  process.stdout.write(`${files.size} files, ${(bytes / 2 ** 20).toFixed(1)} MiB\n`);
}

function fail(what: string): never {
  throw new Error(`Cannot build the sample: ${what}, which the manifest does not have`);
}

if (process.argv[1]?.endsWith("build-sample.js")) await build();
