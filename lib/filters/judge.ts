/**
 * The judge: a vision-language model's verdict on quality and on safety, as the paper's 2.2 has it.
 *
 * Where no checked answer came there is no verdict, whatever the reason: neither keep nor drop.
 */
import type { OutcomeKind, VlmAnswer, VlmClient, VlmPicture } from "../vlm/index.js";
import { QUALITY_QUESTION, SAFETY_QUESTION } from "./judge-questions.js";

/** What is judged. */
export type JudgedAspect = "quality" | "safety";

/** A verdict, and what it rests on. */
export interface JudgeVerdict {
  readonly aspect: JudgedAspect;
  /** "none" where there is no checked answer. */
  readonly verdict: "keep" | "drop" | "none";
  /** The fields that speak against the picture: "severe_blur", "hate (unsure)". */
  readonly reasons: readonly string[];
  readonly outcome: OutcomeKind;
  /** What went wrong; "" for an answer. */
  readonly message: string;
  /** The answer on disk that it rests on. */
  readonly answerId: string;
  /** The model that was asked for. */
  readonly model: string;
}

/** How the judge is asked. */
export interface JudgeOptions {
  /** The image's name. */
  readonly key: string;
  /** "unsure" about safety drops a picture; true, since the paper calls its filter conservative. */
  readonly unsureDrops?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks the judge about one aspect of a picture.
 * @throws the signal's reason where it was stopped, the system's error where the answer cannot be kept
 * @example (await judge(client, "quality", picture, { key: "a.jpg" })).verdict // "keep"
 */
export async function judge(
  client: VlmClient,
  aspect: JudgedAspect,
  picture: VlmPicture,
  { key, unsureDrops = true, signal }: JudgeOptions,
): Promise<JudgeVerdict> {
  const question = aspect === "quality" ? QUALITY_QUESTION : SAFETY_QUESTION;
  return verdictOf(aspect, await client.ask(question, picture, { key, signal }), unsureDrops);
}

function verdictOf(aspect: JudgedAspect, answer: VlmAnswer, unsureDrops: boolean): JudgeVerdict {
  const { value, kind, message, id, model } = answer;
  const against = Object.entries(value ?? {}).flatMap(([field, word]) => {
    if (field === "seen") return [];
    if (word === "yes") return [field];
    return word === "unsure" && unsureDrops ? [`${field} (unsure)`] : [];
  });
  const verdict = value === undefined ? "none" : against.length > 0 ? "drop" : "keep";
  return { aspect, verdict, reasons: against, outcome: kind, message, answerId: id, model };
}

/**
 * A verdict in words that may stand beside its picture. What was said of safety is withheld unless it is asked for: it
 * may be wrong, and it sticks to whoever is in the picture. That there is no verdict is withheld too, since a refusal says
 * as much.
 * @example verdictText(verdict) // "quality: drop (severe blur)", or "safety: withheld"
 */
export function verdictText(
  { aspect, verdict, reasons, outcome }: JudgeVerdict,
  { showSafety = false }: { readonly showSafety?: boolean } = {},
): string {
  if (aspect === "safety" && !showSafety) return "safety: withheld";
  if (verdict === "none") return `${aspect}: no verdict (${outcome})`;
  const words = reasons.map((reason) => reason.replaceAll("_", " ")).join(", ");
  return `${aspect}: ${verdict}${words === "" ? "" : ` (${words})`}`;
}
