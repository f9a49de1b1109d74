/** Which of two images is the better one: by resolution, and of equal ones by what the rule's ties say. */
import type { RuleOptions } from "./rule-options.js";

/** What the rule needs to know of an image. */
export interface DedupImage {
  /** Its own: no other image has it. */
  readonly key: string;
  readonly widthPixels: number;
  readonly heightPixels: number;
  /** Of the encoded file; for ties by bytes. */
  readonly sizeBytes?: number | undefined;
  /** Where it stands in the pool; for ties by place. */
  readonly place?: number | undefined;
}

/** An order of images that does not depend on how they are listed. */
export interface ImageOrder {
  /** The images, the best first. */
  readonly best: Uint32Array;
  /** Place of each image among them. */
  readonly rank: Uint32Array;
  /** Whether the rule calls one image lower than another: never of two that tie, where ties keep both. */
  isLower(image: number, than: number): boolean;
}

/**
 * Orders images.
 * @throws RangeError where two images have one key, a size is no size, or a tie needs bytes or places that are not given
 */
export function imageOrder(
  images: readonly DedupImage[],
  { resolution, ties }: Pick<RuleOptions, "resolution" | "ties">,
): ImageOrder {
  const resolutions = Float64Array.from(images, (image) => resolutionOf(image, resolution));
  const second = Float64Array.from(images, (image) => -tieValue(image, ties));
  const keys = images.map(({ key }) => key);
  const best = new Uint32Array(images.length).map((_, i) => i);
  best.sort(
    (a, b) =>
      resolutions[b]! - resolutions[a]! ||
      second[b]! - second[a]! ||
      (keys[a]! < keys[b]! ? -1 : keys[a] === keys[b] ? 0 : 1),
  );
  if (new Set(keys).size !== keys.length)
    throw new RangeError(
      `Cannot order images: a key of its own is needed for each, got ${keys.length - new Set(keys).size} twice`,
    );
  const rank = new Uint32Array(images.length);
  best.forEach((image, place) => {
    rank[image] = place;
  });
  const isLower =
    ties === "both"
      ? (a: number, b: number) => resolutions[a]! < resolutions[b]!
      : (a: number, b: number) => rank[a]! > rank[b]!;
  return { best, rank, isLower };
}

function resolutionOf(image: DedupImage, resolution: RuleOptions["resolution"]): number {
  const { key, widthPixels: width, heightPixels: height } = image;
  if (!(Number.isSafeInteger(width) && width > 0 && Number.isSafeInteger(height) && height > 0))
    throw new RangeError(
      `Cannot order images: sizes in whole pixels are needed, got ${width} x ${height} of ${JSON.stringify(key)}`,
    );
  if (resolution === "pixels") return width * height;
  return resolution === "longest-side" ? Math.max(width, height) : Math.min(width, height);
}

/** What is larger of the image that goes. */
function tieValue({ key, sizeBytes, place }: DedupImage, ties: RuleOptions["ties"]): number {
  if (ties === "key" || ties === "both") return 0;
  const value = ties === "bytes" ? sizeBytes : place;
  if (value === undefined || !Number.isFinite(value))
    throw new RangeError(
      `Cannot order images: ${ties === "bytes" ? "sizeBytes" : "place"} of each is needed for ties by ${ties}, got ${value} of ${JSON.stringify(key)}`,
    );
  return ties === "bytes" ? -value : value;
}
