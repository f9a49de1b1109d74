/** An outcome as it lies on disk: its fields, its name, its line. */
import { createHash } from "node:crypto";
import { type OutcomeKind, outcomeKinds } from "./outcome.js";

/** A question's outcome as it is kept. */
export interface KeptAnswer {
  /** Of model, question, picture and seed: see `answerId`. */
  readonly id: string;
  /** The image's name in its set. */
  readonly key: string;
  readonly question: string;
  /** SHA-256 of prompt, form and length. */
  readonly questionHash: string;
  /** SHA-256 of the JPEG that was sent; "" where none was. */
  readonly pictureSha256: string;
  /** The name that was asked for. */
  readonly model: string;
  /** The name that the server gave. */
  readonly served: string;
  readonly temperature: 0;
  readonly seed: number;
  readonly kind: OutcomeKind;
  /** What is wrong; "" for an answer. */
  readonly message: string;
  /** The model's text, to the letter; "" where none came. */
  readonly raw: string;
  readonly refusal: string;
  readonly finish: string;
  /** How often it was sent; 0 where an earlier outcome made it pointless. */
  readonly attempts: number;
  readonly promptTokens: number | null;
  readonly answerTokens: number | null;
  /** Of all attempts and waits; null where nobody passed a clock in. */
  readonly seconds: number | null;
}

/** The name of a question put to a model; without a picture its hash is "", which is no picture's. */
export function answerId(parts: {
  readonly model: string;
  readonly questionHash: string;
  readonly pictureSha256: string;
  readonly seed: number;
}): string {
  const { model, questionHash, pictureSha256, seed } = parts;
  return createHash("sha256")
    .update(JSON.stringify([model, questionHash, pictureSha256, seed]))
    .digest("hex");
}

/** The line of an outcome, with its end. */
export function answerLine(answer: KeptAnswer): string {
  return `${JSON.stringify(answer)}\n`;
}

/** The outcome of a line; undefined where it is damaged. */
export function readAnswerLine(line: string): KeptAnswer | undefined {
  try {
    const answer: Partial<KeptAnswer> | null = JSON.parse(line);
    const texts = [answer?.key, answer?.question, answer?.model, answer?.raw, answer?.finish];
    const isWhole = texts.every((text) => typeof text === "string") && outcomeKinds.includes(answer!.kind!);
    return isWhole && /^[0-9a-f]{64}$/.test(answer!.id!) ? (answer as KeptAnswer) : undefined;
  } catch {
    return undefined;
  }
}
