/** Whether the images are the benchmark's: how many samples, of what size, against which reference. */
import { countText, type DisclosurePoint, pointOf } from "./disclosure-types.js";
import { cannotBe, type ReferenceExplanation } from "./reference-explain.js";
import { BENCHMARK_RULES } from "./rules.js";
import { countOf, type ScoreSide } from "./score-side.js";

/** A size that sample images have, and how many have it. */
export interface SampleSize {
  readonly widthPixels: number;
  readonly heightPixels: number;
  readonly count: number;
}

/** Checks how many samples there are. */
export function samplesPoint(generated: ScoreSide, failed: number): DisclosurePoint {
  const { generatedImages } = BENCHMARK_RULES;
  const point = pointOf("samples", `${countText(generatedImages)} generated images`);
  const count = countOf(generated);
  if (count === undefined)
    return point("not known", "the file does not say from how many images its moments are.");
  const left = failed > 0 ? `, and ${countText(failed)} that could not be read` : "";
  return point(
    count === generatedImages && failed === 0 ? "met" : "not met",
    `${countText(count)} images${left}.`,
  );
}

/** Checks the size of the samples: of every image that was scored, or could not be. */
export function sizePoint(
  sizes: readonly SampleSize[] | undefined,
  generated: ScoreSide,
  failed: number,
): DisclosurePoint {
  const { imagePixels } = BENCHMARK_RULES;
  const point = pointOf("image_size", `${imagePixels} x ${imagePixels} pixels`);
  if (sizes === undefined || sizes.length === 0)
    return point("not known", "features do not say the size of the images that they are of.");
  const isRight = ({ widthPixels, heightPixels }: SampleSize) =>
    widthPixels === imagePixels && heightPixels === imagePixels;
  const count = countOf(generated);
  const seen = total(sizes);
  if (sizes.every(isRight))
    return count !== undefined && seen >= count && seen <= count + failed
      ? point("met", `all ${countText(seen)} images.`)
      : point(
          "not known",
          `${countText(seen)} images are, of ${count === undefined ? "an unknown number" : countText(count)}.`,
        );
  const [most] = sizes.toSorted((a, b) => b.count - a.count);
  const { widthPixels, heightPixels, count: frequent } = most!;
  const others = sizes.length - 1;
  return point(
    "not met",
    others === 0
      ? `all ${countText(frequent)} images are ${widthPixels} x ${heightPixels}.`
      : `images of ${sizes.length} sizes, ${countText(total(sizes.filter(isRight)))} of ${countText(total(sizes))} right; the most (${countText(frequent)}) are ${widthPixels} x ${heightPixels}.`,
  );
}

/** Checks what the reference is, as far as a file can say. */
export function referencePoint(
  real: ScoreSide,
  explained: ReferenceExplanation | undefined,
  stated: string | undefined,
): DisclosurePoint {
  const { referenceImages } = BENCHMARK_RULES;
  const point = pointOf("reference", `the published statistics of ${countText(referenceImages)} test images`);
  const said = countOf(real);
  if (said !== undefined && said !== referenceImages)
    return point("not met", `statistics of ${countText(said)} images.`);
  if (explained !== undefined && cannotBe(explained, referenceImages))
    return point("not met", explained.sentence);
  const law =
    explained === undefined
      ? "nothing in the file says of how many images it is"
      : explained.sentence.replace(/\.$/, "");
  const hash = real.sha256 === undefined ? "" : `; SHA-256 ${real.sha256}`;
  const from = stated === undefined ? "nobody stated where it is from" : `stated: ${stated}`;
  return point(
    "not known",
    `${law}; no hash of the published file is known to hold this one against, and ${from}${hash}.`,
  );
}

function total(sizes: readonly SampleSize[]): number {
  return sizes.reduce((sum, { count }) => sum + count, 0);
}
