/** From a score and its images to its page: pictures of the images at both ends, made small. */
import { type ImageInfluence, type NearestTraining, trainingText } from "../../../lib/benchmark/index.js";
import { type ImageSet, picturePng } from "../../../lib/images/index.js";
import type { ScorePage } from "../../report/score.js";
import type { ScorePicture, ScoreTile } from "../../report/score-tiles.js";
import { type ScoreRun, versionsOf } from "./score-json.js";

/** Pixels of a picture's side on the page: two for each that a wide screen shows. */
const SIDE_PIXELS = 256;
const JPEG_QUALITY = 78;
/** A hostile header must not make the decoder fill the memory. */
const MOST_INPUT_PIXELS = 200_000_000;

/** The page of a score. */
export function scorePage(
  run: ScoreRun & {
    readonly pictures: ReadonlyMap<string, ScorePicture>;
    readonly trainingPictures: ReadonlyMap<string, ScorePicture>;
  },
): ScorePage {
  const { score, real, generated, sizes, pictures: found, trainingPictures: ofTraining } = run;
  const tiles = (some: readonly ImageInfluence[] = []) =>
    some.map((image) => influenceTile(image, score.values.fd ?? Number.NaN, found));
  return {
    ...{ score, real, generated, sizes, model: run.model },
    worst: tiles(score.images?.leastHelpful),
    best: tiles(score.images?.mostHelpful),
    nearest: (score.training?.nearest ?? []).map((near) => trainingTile(near, found, ofTraining)),
    memorisation:
      score.training === undefined ? undefined : trainingText(score.training, score.counts.generatedRows),
    facts: factsOf(run),
  };
}

function factsOf({ score, real, generated, time, seconds }: ScoreRun): Record<string, string> {
  const maker = generated.provenance;
  const count = (value: number | null) => (value === null ? "not known" : value.toLocaleString("en-US"));
  return {
    "generated images": `${count(score.counts.generated)} (${count(score.counts.generatedRows)} rows)`,
    "real images": `${count(score.counts.real)} (${count(score.counts.realRows)} rows)`,
    ...(maker === undefined
      ? {}
      : {
          encoder: `${maker.encoder.id}: ${maker.encoder.layer}`,
          "SHA-256 of its weights": maker.encoder.weightsSha256,
          protocol: maker.protocol,
          device: [...new Set(maker.makers.map(({ device }) => device))].join(", "),
        }),
    ...(real.sha256 === undefined ? {} : { "SHA-256 of the reference": real.sha256 }),
    seed: String(score.seed),
    versions: Object.entries(versionsOf(generated))
      .map(([name, version]) => `${name} ${version}`)
      .join(", "),
    made: `${time}, in ${seconds.toFixed(1)} s`,
  };
}

/**
 * Small pictures of some images of a set.
 * @param keys which; reading goes on until all are found
 * @returns by key; absent is what is not there or cannot be decoded
 */
export async function pictures(
  images: ImageSet | undefined,
  keys: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Map<string, ScorePicture>> {
  const found = new Map<string, ScorePicture>();
  if (images === undefined || keys.size === 0) return found;
  const seen = new Set<string>();
  for (const part of images.parts)
    for await (const item of part.items({ signal })) {
      if (!keys.has(item.key) || seen.has(item.key)) continue;
      seen.add(item.key);
      const bytes = await item
        .read()
        .then((content) => ("bytes" in content ? content.bytes : picturePng(content.pixels)))
        .then(smaller)
        .catch(() => undefined);
      if (bytes !== undefined) found.set(item.key, { type: "image/jpeg", bytes, alt: item.key });
      if (seen.size === keys.size) return found;
    }
  return found;
}

/** The tile of an image at one of the ends: its share in per cent of the distance. */
function influenceTile(
  { row, key, influence }: ImageInfluence,
  fd: number,
  found: ReadonlyMap<string, ScorePicture>,
): ScoreTile {
  const title = key ?? `row ${row}`;
  const picture = found.get(title);
  const share = Number(((100 * Math.abs(influence)) / fd).toPrecision(2));
  const text = `${influence < 0 ? "−" : "+"}${share.toLocaleString("en-US", { maximumFractionDigits: 6 })} %`;
  return { title, text, pictures: picture === undefined ? [] : [picture] };
}

/** The tile of a sample beside its nearest training image. */
function trainingTile(
  { row, key, trainingRow, trainingKey, distance, isFlagged }: NearestTraining,
  samples: ReadonlyMap<string, ScorePicture>,
  training: ReadonlyMap<string, ScorePicture>,
): ScoreTile {
  const [sample, other] = [key ?? `row ${row}`, trainingKey ?? `row ${trainingRow}`];
  const shown = [samples.get(sample), training.get(other)].filter((picture) => picture !== undefined);
  return {
    title: `${sample} | ${other}`,
    text: `distance ${distance.toPrecision(3)}${isFlagged ? ": nearer than real images" : ""}`,
    pictures: shown,
  };
}

async function smaller(bytes: Uint8Array): Promise<Uint8Array> {
  const { default: sharp } = await import("sharp");
  return sharp(bytes, { limitInputPixels: MOST_INPUT_PIXELS })
    .resize({ width: SIDE_PIXELS, height: SIDE_PIXELS, fit: "cover", withoutEnlargement: false })
    .flatten({ background: "#ffffff" })
    .toColourspace("srgb")
    .jpeg({ quality: JPEG_QUALITY, mozjpeg: true })
    .toBuffer();
}
