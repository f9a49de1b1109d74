/** Images and their descriptors in, who stays and who goes out: the join and the rule in one call. */
import { cosine, type FeatureRows } from "../features/index.js";
import { type DedupInput, type Deduplication, deduplicate } from "./deduplicate.js";
import type { HashedImage } from "./exact.js";
import { type JoinOptions, type JoinResult, similarityJoin } from "./join.js";
import { type RuleOptions, ruleOptions } from "./rule-options.js";
import type { DedupImage } from "./rule-order.js";

/** Images, and a descriptor of each. */
export interface CopiesInput {
  /** With hashes (`hashImages`) exact copies are looked for too, and go first: the rule is applied to what they leave. */
  readonly images: readonly (DedupImage & Partial<Pick<HashedImage, "bytesSha256" | "pixelsSha256">>)[];
  /** A row for each image, in their order. */
  readonly rows: FeatureRows;
}

/** The rule's choices, and how the join is to run. */
export interface CopiesOptions extends Omit<JoinOptions, "threshold"> {
  readonly rule?: Partial<RuleOptions> | undefined;
  /** Of the search, where pairs below the rule's graph are wanted too; the rule's own where it is left out. */
  readonly joinThreshold?: number | undefined;
}

/** Who stays and who goes, and the search that it rests on. */
export interface RemovedCopies extends Deduplication {
  readonly join: JoinResult;
  /** What `deduplicate` was given: for `ruleVariants` with other choices. */
  readonly input: DedupInput;
}

/**
 * Finds similar images and applies the rule.
 * @throws RangeError where there is not one row an image, and as `similarityJoin` and `deduplicate` do
 * @example
 * const { images } = await hashImages(await openImages(packageFile("data", "sample", "pool")));
 * const rows = rowsOfKeys(images.map(({ key }) => key), await sampleDescriptors("pool"));
 * (await removeCopies({ images, rows })).byRule; // { "same-bytes": 6, ... }
 */
export async function removeCopies(
  { images, rows }: CopiesInput,
  { rule, joinThreshold, ...control }: CopiesOptions = {},
): Promise<RemovedCopies> {
  const options = ruleOptions(rule);
  if (rows.count !== images.length)
    throw new RangeError(
      `Cannot remove copies: a descriptor for each of ${images.length} images is needed, got ${rows.count}`,
    );
  const join = await similarityJoin(rows, { ...control, threshold: joinThreshold ?? options.graphThreshold });
  const input: DedupInput = {
    images,
    bytesSha256: images.map(({ bytesSha256 }) => bytesSha256),
    pixelsSha256: images.map(({ pixelsSha256 }) => pixelsSha256),
    similar: join,
    similarityOf: (a, b) => cosine(rows, a, rows, b),
  };
  return { ...deduplicate(input, options), join, input };
}

/** Rows with the names of their images. */
export interface NamedRows {
  readonly rows: FeatureRows;
  readonly keys: readonly string[];
}

/**
 * The rows of some images, in the order in which the images are named.
 * @throws RangeError where an image has no row, or two rows have its key
 * @example rowsOfKeys(["b", "a"], { rows: { data: Float32Array.of(1, 2), count: 2, width: 1 }, keys: ["a", "b"] }).data // [2, 1]
 */
export function rowsOfKeys(wanted: readonly string[], { rows, keys }: NamedRows): FeatureRows {
  const { width } = rows;
  const places = new Map<string, number>();
  const twice = new Set<string>();
  keys.forEach((key, place) => {
    if (places.has(key)) twice.add(key);
    places.set(key, place);
  });
  const isMissing = (key: string) => !places.has(key) || twice.has(key);
  const missing = wanted.filter(isMissing);
  if (missing.length > 0)
    throw new RangeError(
      `Cannot compare images: one descriptor of each is needed, got ${twice.has(missing[0]!) ? "two" : "none"} of ${JSON.stringify(missing[0])}${missing.length > 1 ? ` and as little of ${missing.length - 1} others` : ""}`,
    );
  const data =
    rows.data instanceof Float32Array
      ? new Float32Array(wanted.length * width)
      : new Float64Array(wanted.length * width);
  wanted.forEach((key, row) => {
    const from = places.get(key)! * width;
    data.set(rows.data.subarray(from, from + width), row * width);
  });
  return { data, count: wanted.length, width };
}
