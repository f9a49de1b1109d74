/** JPEG files for the benchmark of features: seeded crops of the sample's photographs, at the release's mean size. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { crop, decode, drawCrops, openImages, type Pixels } from "../lib/images/index.js";

const SIZE = { width: 587, height: 479 };
const QUALITY = 90;
const SEED = "bench features";
/** Crops that are encoded side by side. */
const AT_ONCE = 4;

/**
 * Writes 00000.jpg, 00001.jpg, ...; fewer are the first of more.
 * @param count how many files
 */
export async function makePhotographs(folder: string, count: number): Promise<void> {
  const photographs = await samplePixels();
  const places = drawCrops(photographs, count, SEED);
  const write = async (place: (typeof places)[number], at: number): Promise<void> => {
    const { width, height, data } = crop(photographs[place.image]!, place);
    const jpeg = await sharp(data, { raw: { width, height, channels: 3 } })
      .resize({ ...SIZE, fit: "fill" })
      .jpeg({ quality: QUALITY })
      .toBuffer();
    await writeFile(join(folder, `${String(at).padStart(5, "0")}.jpg`), jpeg);
  };
  for (let first = 0; first < count; first += AT_ONCE)
    await Promise.all(places.slice(first, first + AT_ONCE).map((place, at) => write(place, first + at)));
}

async function samplePixels(): Promise<Pixels[]> {
  const set = await openImages("sample");
  const all: Pixels[] = [];
  try {
    for (const part of set.parts)
      for await (const item of part.items()) {
        const content = await item.read();
        all.push("bytes" in content ? await decode(content.bytes, item.key) : content.pixels);
      }
  } finally {
    await set.close();
  }
  return all;
}
