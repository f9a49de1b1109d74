/** What captioning a set of images would ask and take, before anything is asked: for `gpic-lab caption`. */
import {
  CAPTION_SHARES,
  captioningHours,
  captionQuestion,
  captionTypes,
  drawCaptionType,
  estimateCaptioning,
  rateByLength,
  TYPICAL_TOKENS,
} from "../../lib/captions/index.js";
import { claim } from "../../lib/claims/index.js";
import { isHubName } from "../../lib/corpus/index.js";
import { type ImageSet, imageItems } from "../../lib/images/index.js";
import {
  type AskingEstimate,
  answerSchema,
  completeEndpoint,
  type VlmEndpoint,
} from "../../lib/vlm/index.js";
import { oneLine } from "../show/escape.js";
import { timeText } from "./corpus/progress.js";
import type { Known } from "./filter-estimate.js";
import { imagesOfShards, typicalPicture } from "./release-images.js";

/** How an endpoint is asked that is not there yet: its address and name matter to no estimate. */
const NO_ENDPOINT: VlmEndpoint = { baseUrl: "http://127.0.0.1", model: "Qwen3-VL-4B-Instruct" };

type Counts = { readonly [Type in (typeof captionTypes)[number]]: number };

/** What is planned. */
export interface CaptionPlan {
  readonly images: number;
  readonly types: Counts;
  /** Counted by keys; false where the images of the Hub are counted by shards and shares. */
  readonly isDrawn: boolean;
  readonly estimate: AskingEstimate;
  /** One H100 at the rates of the paper's Figure 7; tag and long, which it leaves out, by length. */
  readonly hoursOnOneH100: number;
}

/** Counts the images by type and estimates. */
export async function planCaptions(
  images: ImageSet,
  endpoint: VlmEndpoint | undefined,
  known: Known,
  { seed, signal }: { readonly seed: number; readonly signal: AbortSignal },
): Promise<CaptionPlan> {
  const isDrawn = !isHubName(images.name);
  const types = isDrawn ? await countTypes(images, seed, signal) : sharesOf(images);
  return {
    images: captionTypes.reduce((sum, type) => sum + types[type], 0),
    ...{ types, isDrawn },
    estimate: estimateTypes(types, endpoint, known),
    hoursOnOneH100: hoursOf(types),
  };
}

/** Pictures are counted, not read: their size is taken to be the release's. */
function estimateTypes(
  types: Counts,
  endpoint: VlmEndpoint | undefined,
  known: Partial<Known>,
): AskingEstimate {
  const { longestSidePixels, concurrency } = completeEndpoint(endpoint ?? NO_ENDPOINT);
  return estimateCaptioning({
    ...{ images: types, picture: typicalPicture(), longestSidePixels, concurrency },
    ...known,
  });
}

/** What captioning so many images will take, of the types in the shares in which they are drawn. */
export function captionEstimate(
  images: number,
  endpoint: VlmEndpoint,
  known: Partial<Known> = {},
): AskingEstimate {
  return estimateTypes(typesOf(images), endpoint, known);
}

async function countTypes(images: ImageSet, seed: number, signal: AbortSignal): Promise<Counts> {
  const counts = { tag: 0, short: 0, medium: 0, long: 0 };
  for await (const item of imageItems(images, signal))
    if ("read" in item) counts[drawCaptionType(item.key, seed)]++;
  return counts;
}

function sharesOf(images: ImageSet): Counts {
  return typesOf(images.count ?? imagesOfShards(images.parts.length));
}

function typesOf(total: number): Counts {
  const of = (type: keyof Counts) => Math.round((total * CAPTION_SHARES[type]) / 100);
  return { tag: of("tag"), short: of("short"), medium: of("medium"), long: of("long") };
}

function hoursOf(types: Counts): number {
  const rate = (type: "short" | "medium") => ({
    words: TYPICAL_TOKENS[type],
    imagesPerSecond: Number(claim(`captions/microbenchmark/qwen3-vl-4b/images-per-s-${type}-1xh100`).value),
  });
  return captioningHours(
    captionTypes.map((type) => ({
      images: types[type],
      imagesPerSecond: rateByLength(rate("short"), rate("medium"), TYPICAL_TOKENS[type]),
    })),
  );
}

/** The plan as JSON, with every question in full. */
export function planJson(plan: CaptionPlan, why: string): object {
  const questions = captionTypes.map((type) => {
    const question = captionQuestion(type);
    const { name, prompt, mostTokens } = question;
    return { name, prompt, schema: answerSchema(question), mostTokens };
  });
  return { ran: false, why, ...plan, questions };
}

/** The plan in words, with every question in full. */
export function planText(plan: CaptionPlan, why: string, set: string, model: string | undefined): string {
  const { images, types, isDrawn, estimate, hoursOnOneH100 } = plan;
  const counts = captionTypes.map((type) => `${types[type]} ${type}`).join(", ");
  const prompts = captionTypes.map((type) => `\n--- ${type} ---\n${captionQuestion(type).prompt}\n`);
  return [
    `${oneLine(set)}: no caption was written (${oneLine(why)})\n`,
    `${isDrawn ? "" : "about "}${images} images, types ${isDrawn ? "drawn by key" : "by their shares"}: ${counts}\n`,
    `${takesText(estimate, model ?? NO_ENDPOINT.model)}\n`,
    `at the rates of the paper's Figure 7: about ${timeText(hoursOnOneH100 * 3600)} on one H100 (tag and long, which it leaves out, by length)\n`,
    "what would be asked, with the picture:\n",
    ...prompts,
  ].join("");
}

/** What asking takes, in one line. */
export function takesText(estimate: AskingEstimate, model: string): string {
  const { answers, inputTokens, outputTokens, seconds, cost } = estimate;
  const millions = (tokens: number) => `${(tokens / 1e6).toPrecision(3)} M`;
  const time = seconds === null ? "time by --seconds-per-answer" : `about ${timeText(seconds)}`;
  const money = cost === null ? "cost by --prices" : `cost about ${cost.toPrecision(3)}`;
  return oneLine(
    `${answers} answers of ${model}, and second tries: about ${millions(inputTokens)} tokens in, ${millions(outputTokens)} out; ${time}; ${money}`,
  );
}
