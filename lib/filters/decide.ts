/**
 * Runs the filters over a set of images, in the paper's order: resolution and aspect, size, quality, safety.
 *
 * Known difference: the paper's quality is the model's verdict. Without an endpoint the measures decide quality, and
 * safety is not judged at all; with one the judge decides both, and the measures are recorded beside it. A picture that
 * fails one filter is not shown to the next.
 */
import { inOrder } from "../core/index.js";
import {
  decode,
  encodedImage,
  ImageError,
  type ImageItem,
  type ImageSet,
  imageItems,
  type Pixels,
} from "../images/index.js";
import { type VlmClient, vlmPicture } from "../vlm/index.js";
import type { FilterDecision, FilterStage } from "./decision.js";
import { type JudgeVerdict, judge } from "./judge.js";
import { measureQuality } from "./measures.js";
import { QUALITY_RULES, type QualityRule, qualityFaults } from "./quality-rules.js";
import { SIZE_RULES, type SizeRules, sizeReason } from "./size-rules.js";

/** Without a judge one picture is decoded, in threads of its own, while another is measured. */
const DECODED_AT_ONCE = 2;

/** How the filters run. */
export interface FilterOptions {
  readonly sizeRules?: SizeRules | undefined;
  readonly qualityRules?: readonly QualityRule[] | undefined;
  /** The judge; where it is left out the measures decide quality, and nobody decides safety. */
  readonly client?: VlmClient | undefined;
  /** "unsure" about safety drops a picture (true). */
  readonly unsureDrops?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Decides about every image of a set, in its order; pictures are read one after the other, and the judge is asked about
 * as many at once as its endpoint takes.
 * @throws Error where a container cannot be read at all; the signal's reason where it was stopped. An image that cannot
 *   be read is a decision
 * @example for await (const { key, outcome, reason } of decideImages(images)) console.log(key, outcome, reason);
 */
export function decideImages(
  images: Pick<ImageSet, "parts">,
  options: FilterOptions = {},
): AsyncGenerator<FilterDecision, void, undefined> {
  const { client, signal } = options;
  return inOrder(
    (stopped) => imageItems(images, stopped),
    async (item, stopped) =>
      "read" in item
        ? await decideImage(item, { ...options, signal: stopped })
        : unreadable(item.key, "damaged record", item.message),
    { atOnce: client?.endpoint.concurrency ?? DECODED_AT_ONCE, signal },
  );
}

/**
 * Decides about one image.
 * @throws the system's error where its bytes cannot be read for another reason than the picture itself
 */
export async function decideImage(
  { key, read }: ImageItem,
  { sizeRules = SIZE_RULES, qualityRules = QUALITY_RULES, client, unsureDrops, signal }: FilterOptions = {},
): Promise<FilterDecision> {
  try {
    const content = await read();
    const { width, height } = "pixels" in content ? content.pixels : encodedImage(content.bytes, key);
    const at = { ...undecidedYet(key), width, height };
    if (width > 0 && height > 0) {
      const reason = sizeReason({ width, height }, sizeRules);
      const stage: FilterStage = reason === "too small" ? "size" : "resolution and aspect";
      if (reason !== undefined) return { ...at, outcome: "dropped", stage, reason };
    }
    const pixels = "pixels" in content ? content.pixels : await decode(content.bytes, key);
    const measures = measureQuality(pixels);
    const faults = qualityFaults(measures, qualityRules);
    const measured = { ...at, measures, measuredFaults: faults };
    if (client !== undefined) return await judged(measured, client, pixels, { unsureDrops, signal });
    const [fault] = faults;
    return fault === undefined
      ? measured
      : { ...measured, outcome: "dropped", stage: "quality", reason: fault };
  } catch (error) {
    if (error instanceof ImageError) return unreadable(key, error.kind, error.message);
    throw error;
  }
}

async function judged(
  measured: FilterDecision,
  client: VlmClient,
  pixels: Pixels,
  options: Pick<FilterOptions, "unsureDrops" | "signal">,
): Promise<FilterDecision> {
  const picture = await vlmPicture(pixels, client.endpoint.longestSidePixels);
  let decision = measured;
  for (const aspect of ["quality", "safety"] as const) {
    const verdict = await judge(client, aspect, picture, { key: measured.key, ...options });
    decision = { ...decision, [aspect]: verdict };
    if (verdict.verdict !== "keep") return { ...decision, ...endOf(verdict) };
  }
  return decision;
}

function endOf({ aspect, verdict, reasons, outcome, message }: JudgeVerdict) {
  if (verdict === "drop")
    return { outcome: "dropped", stage: aspect, reason: reasons.join(", "), message: "" } as const;
  return { outcome: "undecided", stage: aspect, reason: outcome, message } as const;
}

function undecidedYet(key: string): FilterDecision {
  return {
    ...{ key, outcome: "kept", stage: undefined, reason: "", message: "" },
    ...{ width: undefined, height: undefined, measures: undefined, measuredFaults: [] },
    ...{ quality: undefined, safety: undefined },
  };
}

function unreadable(key: string, reason: string, message: string): FilterDecision {
  return { ...undecidedYet(key), outcome: "unreadable", stage: "decode", reason, message };
}
