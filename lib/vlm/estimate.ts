/**
 * What asking will cost, before it starts: tokens, money, hours.
 *
 * A picture's tokens are those of Qwen3-VL, the paper's model: one for each 32 x 32 pixels (patches of 16, merged two by
 * two), each side rounded to a multiple of 32. A token of English text is about four characters. Both are
 * approximations for other models.
 */
import type { VlmQuestion } from "./question.js";

const PIXELS_A_TOKEN_SIDE = 32;
const CHARACTERS_A_TOKEN = 4;
/** The chat template around a message. */
const TEMPLATE_TOKENS = 16;

/** What is known beforehand. */
export interface AskingPlan {
  readonly images: number;
  readonly questions: readonly VlmQuestion[];
  /** Of a typical picture, before it is scaled; undefined where none is sent. */
  readonly picture: { readonly width: number; readonly height: number } | undefined;
  readonly longestSidePixels: number;
  readonly concurrency: number;
  /** How long one answer takes while others run too: measured, or assumed. */
  readonly secondsPerAnswer?: number | undefined;
  /** Tokens of one answer; half of what is allowed where it is left out. */
  readonly tokensPerAnswer?: number | undefined;
  /** Price of a million tokens that go in, and that come out; in any currency. */
  readonly prices?: { readonly input: number; readonly output: number } | undefined;
}

/** What it comes to; null where it cannot be known from the plan. */
export interface AskingEstimate {
  readonly answers: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly seconds: number | null;
  readonly cost: number | null;
}

/**
 * Tokens, time and cost of asking every question about every image.
 * @throws RangeError where a number of the plan is negative or no number
 * @example estimateAsking({ images: 1000, questions, picture: { width: 640, height: 480 }, longestSidePixels: 768,
 *   concurrency: 8, secondsPerAnswer: 0.8 }).seconds // 100 for each question
 */
export function estimateAsking(plan: AskingPlan): AskingEstimate {
  const { images, questions, picture, longestSidePixels, concurrency, secondsPerAnswer, prices } = plan;
  const { width, height } = picture ?? { width: 0, height: 0 };
  const numbers = [images, width, height, longestSidePixels, concurrency];
  const more = [secondsPerAnswer, plan.tokensPerAnswer, prices?.input, prices?.output].map((n) => n ?? 0);
  const wrong = [...numbers, ...more].find((number) => !(number >= 0 && Number.isFinite(number)));
  if (wrong !== undefined || concurrency < 1)
    throw new RangeError(
      `Cannot estimate: numbers from 0, and a concurrency from 1, are needed, got ${wrong ?? concurrency}`,
    );
  const ofPicture = picture === undefined ? 0 : pictureTokens(picture, longestSidePixels);
  const perImage = ofPicture + TEMPLATE_TOKENS;
  const answers = images * questions.length;
  const promptTokens = questions.reduce(
    (sum, { prompt }) => sum + perImage + Math.ceil(prompt.length / CHARACTERS_A_TOKEN),
    0,
  );
  const written = questions.reduce(
    (sum, { mostTokens }) => sum + (plan.tokensPerAnswer ?? mostTokens / 2),
    0,
  );
  const inputTokens = images * promptTokens;
  const outputTokens = Math.round(images * written);
  return {
    ...{ answers, inputTokens, outputTokens },
    seconds: secondsPerAnswer === undefined ? null : (answers * secondsPerAnswer) / concurrency,
    cost:
      prices === undefined ? null : (inputTokens * prices.input + outputTokens * prices.output) / 1_000_000,
  };
}

/**
 * Tokens that a picture becomes in Qwen3-VL.
 * @example pictureTokens({ width: 640, height: 480 }, 768) // 20 x 15 = 300
 */
export function pictureTokens(
  { width, height }: { readonly width: number; readonly height: number },
  longestSidePixels: number,
): number {
  const scale = Math.min(1, longestSidePixels / Math.max(width, height));
  const side = (length: number) => Math.max(1, Math.round((length * scale) / PIXELS_A_TOKEN_SIDE));
  return side(width) * side(height);
}
