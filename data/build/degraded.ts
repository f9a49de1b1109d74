/**
 * Descriptors of spoilt photographs by SSCD in its int8 build: data/sample/features/degraded.npz.
 *
 *   node dist/data/build/degraded.js [--out DIR]     needs `gpic-lab models fetch sscd-int8`
 *
 * The first 200 of the crops of crops.npz, after each way of spoiling of lib/images/degrade.ts; 8-bit integers.
 * A way that is done is kept beside the file until all are, so that a run that was stopped goes on where it was.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describePictures } from "gpic-lab/features";
import { crop, type Degradation, degradations, drawCrops, type Pixels } from "gpic-lab/images";
import { currentSettings, installSettings, packageFile, settingsFrom, writeNpz } from "gpic-lab/io";
import { type Encoder, openEncoder } from "gpic-lab/models";
import { DEGRADED_SCALE } from "../../lib/features/sample-features.js";
import { CROP_SEED, CROPS, releasePixels } from "./features.js";

/** How many of the crops are spoilt: the first ones. */
export const DEGRADED_CROPS = 200;

/** The crops that are spoilt, in their order. */
export async function cropsToSpoil(): Promise<(() => Pixels)[]> {
  const release = (await releasePixels()).map(({ pixels }) => pixels);
  return drawCrops(release, CROPS, CROP_SEED)
    .slice(0, DEGRADED_CROPS)
    .map((place) => () => crop(release[place.image]!, place));
}

/** A crop after a way of spoiling; its noise is drawn by its number. */
export async function spoilt(how: Degradation, picture: () => Pixels, number: number): Promise<Pixels> {
  return how.apply(picture(), `${CROP_SEED}/${number}`);
}

async function buildDegraded(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { out: { type: "string" } } });
  const out = values.out ?? packageFile("data", "sample", "features");
  const parts = join(out, "degraded-parts");
  mkdirSync(parts, { recursive: true });
  const crops = await cropsToSpoil();
  const encoder = await openEncoder("sscd-int8", { device: "cpu" });
  try {
    const arrays = [];
    for (const how of degradations) {
      const data = await partOf(how, join(parts, `${how.id}.i8`), crops, encoder);
      arrays.push({ name: how.id, data, shape: [crops.length, encoder.width] });
    }
    await writeNpz(join(out, "degraded.npz"), arrays);
  } finally {
    await encoder.close();
  }
  rmSync(parts, { recursive: true });
}

/** The rows of one way of spoiling: as they are kept, or made and kept. */
async function partOf(
  how: Degradation,
  path: string,
  crops: readonly (() => Pixels)[],
  encoder: Encoder,
): Promise<Int8Array> {
  if (existsSync(path)) return new Int8Array(readFileSync(path));
  const { data } = await describePictures(
    encoder,
    crops.map((picture, number) => () => spoilt(how, picture, number)),
    {
      onProgress: ({ picturesDone, picturesTotal }) => {
        process.stderr.write(`\r${how.id}: ${picturesDone} of ${picturesTotal} crops`);
      },
    },
  );
  process.stderr.write("\n");
  const rows = Int8Array.from(data, (value) =>
    Math.max(-128, Math.min(127, Math.round(DEGRADED_SCALE * value))),
  );
  writeFileSync(`${path}.new`, rows);
  renameSync(`${path}.new`, path);
  return rows;
}

if (process.argv[1]?.endsWith("degraded.js")) {
  installSettings(() => settingsFrom(process.env));
  process.stderr.write(`weights from ${currentSettings().cache}\n`);
  await buildDegraded(process.argv.slice(2));
}
