/** What captioning will take, before it starts: each type has its own question and its own length. */
import { type CaptionType, captionTypes } from "../corpus/index.js";
import { type AskingEstimate, type AskingPlan, estimateAsking } from "../vlm/index.js";
import { captionQuestion } from "./caption-questions.js";

/** Tokens of a typical caption with its JSON: characters of the sample's captions by fours, and 6 for the frame. */
export const TYPICAL_TOKENS: { readonly [Type in CaptionType]: number } = {
  tag: 31,
  short: 38,
  medium: 63,
  long: 176,
};

/** What is known beforehand: images by type, and how they are asked about. */
export interface CaptioningPlan
  extends Omit<AskingPlan, "images" | "questions" | "tokensPerAnswer" | "picture"> {
  readonly images: { readonly [Type in CaptionType]: number };
  /** A typical picture, before it is scaled. */
  readonly picture: NonNullable<AskingPlan["picture"]>;
  /** Share of the images that need the second try; 0 if not given. */
  readonly secondTries?: number | undefined;
}

/**
 * Tokens, time and cost of one caption an image, and of the second tries.
 * @throws RangeError where a number of the plan is negative or no number
 * @example estimateCaptioning({ images: { tag: 1, short: 45, medium: 45, long: 9 },
 *   picture: { width: 587, height: 479 }, longestSidePixels: 768, concurrency: 8 }).answers // 100
 */
export function estimateCaptioning({ images, secondTries = 0, ...plan }: CaptioningPlan): AskingEstimate {
  if (!(secondTries >= 0 && secondTries <= 1))
    throw new RangeError(`Cannot estimate: a share of second tries is needed, got ${secondTries}`);
  const estimates = captionTypes.map((type) =>
    estimateAsking({
      ...plan,
      images: Math.round(images[type] * (1 + secondTries)),
      questions: [captionQuestion(type)],
      tokensPerAnswer: TYPICAL_TOKENS[type],
    }),
  );
  const sum = (name: "answers" | "inputTokens" | "outputTokens") =>
    estimates.reduce((total, estimate) => total + estimate[name], 0);
  const known = (name: "seconds" | "cost") =>
    estimates.reduce<number | null>((total, { [name]: value }) => {
      return total === null || value === null ? null : total + value;
    }, 0);
  return {
    ...{ answers: sum("answers"), inputTokens: sum("inputTokens"), outputTokens: sum("outputTokens") },
    ...{ seconds: known("seconds"), cost: known("cost") },
  };
}
