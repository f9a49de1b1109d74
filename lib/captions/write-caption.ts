/**
 * Writes one picture's caption: asks, checks the answer, asks once more with what was wrong, then records the failure.
 *
 * Where no caption passes there is none: an answer that breaks a rule is kept on disk, and never taken for a caption.
 */
import type { CaptionType } from "../corpus/index.js";
import { isFinal, type OutcomeKind, type VlmAnswer, type VlmClient, type VlmPicture } from "../vlm/index.js";
import { NOT_VISIBLE } from "./caption.js";
import { type AnswerFault, checkCaptionAnswer } from "./caption-answer.js";
import { captionQuestion, secondCaptionQuestion } from "./caption-questions.js";

/**
 * What becomes of an image:
 * - `captioned`: an answer that keeps to the rules
 * - `not visible`: the fixed answer, to the letter; what becomes of such images the paper does not say (silence 6)
 * - `failed`: the model answered, and no answer can be taken, or the server rejected the picture in two calls; a later run
 *   does not ask again
 * - `unanswered`: nothing came of asking (a time-out, an error, a wrong name); a later run asks again
 * - `unreadable`: there are no pixels to show
 */
export const captionOutcomes = ["captioned", "not visible", "failed", "unanswered", "unreadable"] as const;
/** One of them. */
export type CaptionOutcome = (typeof captionOutcomes)[number];

/** One image's caption, or why it has none. */
export interface WrittenCaption {
  readonly key: string;
  readonly captionType: CaptionType;
  readonly outcome: CaptionOutcome;
  /** The caption; "" for every outcome but the first two. */
  readonly caption: string;
  /** Answers that were looked at: 0, 1 or 2. */
  readonly tries: number;
  /** What was wrong with each answer; empty for one that was taken. */
  readonly faults: readonly (readonly AnswerFault[])[];
  /** Preferred rules that the caption breaks. */
  readonly notes: readonly string[];
  /** What came of the last question; undefined where none was asked. */
  readonly asked: OutcomeKind | undefined;
  /** Of text from outside; "" where the answer came. */
  readonly message: string;
  /** The answers on disk, in their order. */
  readonly answerIds: readonly string[];
  /** The model that was asked for; "" where none was. */
  readonly model: string;
}

/** Answers that another try may better, and what to say of them. */
const MENDABLE: { readonly [Kind in OutcomeKind]?: string } = {
  malformed: 'The answer is one JSON object with the one field "caption", and nothing before or after it.',
  truncated: "The answer is brief enough to come to its end.",
};

/**
 * Asks for a caption of a picture.
 * @param key the image's name
 * @returns a record, whatever happens
 * @throws the signal's reason where it was stopped, the system's error where an answer cannot be kept
 * @example (await writeCaption(client, "short", picture, { key: "a.jpg" })).outcome // "captioned"
 */
export async function writeCaption(
  client: VlmClient,
  captionType: CaptionType,
  picture: VlmPicture,
  { key, signal }: { readonly key: string; readonly signal?: AbortSignal | undefined },
): Promise<WrittenCaption> {
  const first = await client.ask(captionQuestion(captionType), picture, { key, signal });
  const firstLook = look(captionType, first);
  const tries = [{ answer: first, ...firstLook }];
  if (firstLook.faults.length > 0) {
    const wrong = firstLook.faults.map(({ sentence }) => sentence);
    const question = secondCaptionQuestion(captionType, [...new Set(wrong)]);
    const second = await client.ask(question, picture, { key, signal });
    tries.push({ answer: second, ...look(captionType, second) });
  }
  const { answer, faults, notes } = tries.at(-1)!;
  const isTaken = answer.kind === "answered" && faults.length === 0;
  const caption = isTaken ? answer.value!.caption! : "";
  const said = tries.filter(({ answer: { kind } }) => isFinal(kind) && kind !== "rejected again");
  return {
    ...{ key, captionType, caption },
    outcome: isTaken ? (caption === NOT_VISIBLE ? "not visible" : "captioned") : outcomeWithout(answer.kind),
    tries: said.length,
    faults: said.map((one) => one.faults),
    notes: isTaken ? notes : [],
    ...{ asked: answer.kind, message: answer.message, model: answer.model },
    answerIds: tries.map(({ answer: { id } }) => id),
  };
}

/** What is wrong with an answer that another try may better; nothing where none may. */
function look(type: CaptionType, { kind, value, message }: VlmAnswer) {
  if (kind === "answered") return checkCaptionAnswer(type, value!.caption!);
  const sentence = MENDABLE[kind];
  if (sentence === undefined) return { faults: [], notes: [] };
  return { faults: [{ rule: kind, sentence, found: message }], notes: [] };
}

function outcomeWithout(kind: OutcomeKind): CaptionOutcome {
  return isFinal(kind) ? "failed" : "unanswered";
}
