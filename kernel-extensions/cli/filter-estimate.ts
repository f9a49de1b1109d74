/** What asking the judge will take, before it is asked: for `gpic-lab filter`. */
import { isHubName } from "../../lib/corpus/index.js";
import { QUALITY_QUESTION, SAFETY_QUESTION } from "../../lib/filters/index.js";
import { type ImageSet, imageItems } from "../../lib/images/index.js";
import {
  type AnswerFolder,
  type AskingEstimate,
  completeEndpoint,
  estimateAsking,
  type VlmEndpoint,
} from "../../lib/vlm/index.js";
import { oneLine } from "../show/escape.js";
import { UsageError } from "./command.js";
import { timeText } from "./corpus/progress.js";
import { imagesOfShards, typicalPicture } from "./release-images.js";

/** What the call says of an estimate. */
export interface Known {
  readonly secondsPerAnswer: number | undefined;
  readonly prices: { readonly input: number; readonly output: number } | undefined;
}

/**
 * Reads the two options.
 * @throws UsageError where they are no numbers
 */
export function knownOf(seconds: string | undefined, prices: string | undefined): Known {
  const number = (text: string | undefined) =>
    /^\d+(?:\.\d+)?$/.test(text ?? "") ? Number(text) : Number.NaN;
  const [input, output, more] = (prices ?? "0,0").split(",").map(number);
  if (seconds !== undefined && !(number(seconds) > 0))
    throw new UsageError(`--seconds-per-answer is a number above 0, got "${seconds}"`);
  if (!(input! >= 0 && output! >= 0) || more !== undefined)
    throw new UsageError(`--prices is two numbers, such as 0.1,0.4, got "${prices}"`);
  return {
    secondsPerAnswer: seconds === undefined ? undefined : number(seconds),
    prices: prices === undefined ? undefined : { input: input!, output: output! },
  };
}

/**
 * What the judge will take. Pictures are counted, not read: their size is taken to be the release's, and
 * those of the Hub are counted by their shards.
 */
export async function estimateOf(
  images: ImageSet,
  endpoint: VlmEndpoint,
  answers: AnswerFolder,
  known: Known,
  signal: AbortSignal,
): Promise<AskingEstimate> {
  return judgeEstimate(images.count ?? (await countImages(images, signal)), endpoint, answers, known);
}

/** What judging so many images will take. */
export function judgeEstimate(
  images: number,
  endpoint: VlmEndpoint,
  answers: AnswerFolder,
  known: Partial<Known> = {},
): AskingEstimate {
  const { longestSidePixels, concurrency } = completeEndpoint(endpoint);
  const usual = answers.usual(endpoint.model);
  return estimateAsking({
    ...{ images, questions: [QUALITY_QUESTION, SAFETY_QUESTION], picture: typicalPicture() },
    ...{ longestSidePixels, concurrency },
    ...{ secondsPerAnswer: known.secondsPerAnswer ?? usual.seconds, prices: known.prices },
    tokensPerAnswer: usual.answerTokens,
  });
}

async function countImages(images: ImageSet, signal: AbortSignal): Promise<number> {
  if (isHubName(images.name)) return imagesOfShards(images.parts.length);
  let count = 0;
  for await (const item of imageItems(images, signal)) if ("read" in item) count++;
  return count;
}

/** An estimate in one line. */
export function estimateText(estimate: AskingEstimate, model: string): string {
  const { answers, inputTokens, outputTokens, seconds, cost } = estimate;
  const time = seconds === null ? "time unknown until some answers are kept" : `about ${timeText(seconds)}`;
  const money = cost === null ? "" : `; cost about ${cost.toPrecision(3)}`;
  const millions = (tokens: number) => `${(tokens / 1e6).toPrecision(3)} M`;
  return oneLine(
    `at most ${answers} answers of ${model}: about ${millions(inputTokens)} tokens in, ${millions(outputTokens)} out; ${time}${money}`,
  );
}
