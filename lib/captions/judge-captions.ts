/**
 * Judges pairs of captions through an endpoint: a human one and a written one, no picture (the paper's F.5).
 *
 * Scores come from a checked answer or not at all: a refusal or a failure is an outcome without scores, and
 * `scoreMicrobenchmark` counts it. Which model judged the paper's captions is not published (silence 7), so scores of
 * another judge compare captions with each other, and not with the paper's.
 */
import { inOrder } from "../core/index.js";
import type { CaptionType } from "../corpus/index.js";
import { isFinal, type OutcomeKind, type VlmClient } from "../vlm/index.js";
import { type JudgeScores, judgeQuestion, judgeScores } from "./caption-judge.js";

/** A written caption and what a person wrote of the same picture. */
export interface CaptionPair {
  /** The image's name, for the record. */
  readonly key: string;
  /** Of the written caption. */
  readonly captionType: CaptionType;
  readonly human: string;
  readonly written: string;
}

/**
 * What becomes of a pair:
 * - `judged`: a checked answer
 * - `failed`: the model answered, and no scores can be taken, or the server rejected the pair in two calls; a later run does
 *   not ask again
 * - `unanswered`: nothing came of asking (a time-out, an error, a wrong name); a later run asks again
 */
export type JudgementOutcome = "judged" | "failed" | "unanswered";

/** One pair's scores, or why it has none. */
export interface CaptionJudgement {
  readonly key: string;
  readonly captionType: CaptionType;
  readonly outcome: JudgementOutcome;
  /** Undefined for every outcome but `judged`. */
  readonly scores: JudgeScores | undefined;
  /** The model's reasons, which are text from outside; "" where there are no scores. */
  readonly explanation: string;
  /** What came of the question. */
  readonly asked: OutcomeKind;
  /** Of text from outside; "" where the answer came. */
  readonly message: string;
  /** The answer on disk. */
  readonly answerId: string;
  /** The model that was asked for. */
  readonly model: string;
}

/** How pairs are judged. */
export interface JudgingOptions {
  readonly client: VlmClient;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Judges pairs, as many at once as the endpoint takes; results come in the pairs' order. What is on disk among the client's
 * answers is not asked again, so that a run that was stopped goes on.
 * @throws the signal's reason where it was stopped; the system's error where an answer cannot be kept
 * @example const judged = []; for await (const one of judgeCaptions(pairs, { client })) judged.push(one);
 * scoreMicrobenchmark(judged).overCaptions[0]
 */
export function judgeCaptions(
  pairs: Iterable<CaptionPair> | AsyncIterable<CaptionPair>,
  { client, signal }: JudgingOptions,
): AsyncGenerator<CaptionJudgement, void, undefined> {
  return inOrder(
    () => pairs,
    (pair, stopped) => judgeCaption(pair, { client, signal: stopped }),
    { atOnce: client.endpoint.concurrency, signal },
  );
}

/**
 * Judges one pair.
 * @returns a record, whatever comes of asking
 * @throws the signal's reason where it was stopped; the system's error where an answer cannot be kept
 * @example (await judgeCaption(pair, { client })).scores?.overall_summary // 2
 */
export async function judgeCaption(
  { key, captionType, human, written }: CaptionPair,
  { client, signal }: JudgingOptions,
): Promise<CaptionJudgement> {
  const answer = await client.ask(judgeQuestion({ human, written }), undefined, { key, signal });
  const { value, kind, message, id, model } = answer;
  return {
    ...{ key, captionType, asked: kind, message, answerId: id, model },
    outcome: value !== undefined ? "judged" : isFinal(kind) ? "failed" : "unanswered",
    scores: value === undefined ? undefined : judgeScores(value),
    explanation: value?.explanation ?? "",
  };
}
