/**
 * Whether a written caption can be taken: the rules of its type, its length, its language, no leftovers of the chat.
 *
 * Stricter than the rules of Appendix F where a corpus would suffer, milder where they say "about": the words of a short
 * or medium caption may leave the range by half of its bounds (the short prompt's own samples do), and rules that are
 * "preferred" are noted and do not fail an answer.
 */
import type { CaptionType } from "../corpus/index.js";
import { countText } from "../text/index.js";
import { NOT_VISIBLE } from "./caption.js";
import { notEnglish } from "./caption-language.js";
import { checkCaption } from "./check.js";
import { findLeftovers, type LeftoverKind } from "./leftovers.js";
import { requestedProse } from "./requested.js";

/** A short or medium caption has from (1 - this) of the least words to (1 + this) of the most. */
const WORDS_SLACK = 0.5;

/** Leftovers that a rule of prose finds too; they are not said twice. */
const SAME_AS: { readonly [Kind in LeftoverKind]?: string } = {
  heading: "prose/no-headings",
  json: "prose/no-json",
  list: "prose/no-lists",
  markdown: "prose/no-markdown",
  "meta phrase": "prose/no-meta-opening",
};

/** A rule that an answer breaks. */
export interface AnswerFault {
  /** A rule of `captionRules`, or "length", "language", "form", "invisible", "leftover/chat". */
  readonly rule: string;
  /** What is asked; of our own, so that it may stand in a prompt. */
  readonly sentence: string;
  /** The evidence: text from outside. */
  readonly found: string;
}

/** What is wrong with an answer. */
export interface AnswerCheck {
  /** Why it cannot be taken; none for an answer that can. */
  readonly faults: readonly AnswerFault[];
  /** Preferred rules that it breaks all the same. */
  readonly notes: readonly string[];
}

/**
 * Checks a caption as it was written; nothing is trimmed or mended.
 * @throws RangeError where the type is not one of the four
 * @example checkCaptionAnswer("short", "Caption: a red boat.").faults[0].rule // "leftover/label"
 */
export function checkCaptionAnswer(type: CaptionType, text: string): AnswerCheck {
  const broken = checkCaption(type, text);
  if (text === NOT_VISIBLE) return { faults: [], notes: [] };
  const required = broken.filter(({ kind }) => kind === "required");
  const faults = [
    ...required.map(({ rule, sentence, found }) => ({ rule, sentence, found })),
    ...invisible(text),
    ...form(text),
    ...length(type, text),
    ...language(type, text),
  ];
  for (const { kind, found } of findLeftovers(text)) {
    // "a face that is not visible" is a description: the rule tells it from the fixed answer
    if (kind === "not visible" || faults.some(({ rule }) => rule === SAME_AS[kind])) continue;
    const sentence = `The text is the caption alone, without traces of a chat (${kind}).`;
    faults.push({ rule: `leftover/${kind}`, sentence, found });
  }
  const notes = broken.filter(({ kind }) => kind === "preferred").map(({ rule }) => rule);
  return { faults, notes };
}

/**
 * Text that a person does not see and a model reads: tags (U+E00xx), variation selectors, zero-width and directional marks,
 * soft hyphens, code points of no character. What Unicode ignores by default is a property of its own.
 */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cn}\p{Co}\p{Cs}]/u;

function invisible(text: string): AnswerFault[] {
  const found = INVISIBLE.exec(text)?.[0];
  if (found === undefined) return [];
  const sentence = "The text has no invisible or unassigned characters.";
  return [{ rule: "invisible", sentence, found: codePoint(found) }];
}

function codePoint(character: string): string {
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`;
}

function form(text: string): AnswerFault[] {
  const sentence = "The text is one paragraph without line breaks, control characters or spaces at its ends.";
  const strange = /[\p{Cc}\p{Zl}\p{Zp}]/u.exec(text);
  if (strange !== null || text !== text.trim())
    return [{ rule: "form", sentence, found: codePoint(strange?.[0] ?? " ") }];
  const isQuoted = /^(?:"[^"]*"|“[^”]*”|'[^']*'|‘[^’]*’)\.?$/u.test(text);
  if (!isQuoted) return [];
  return [
    { rule: "form", sentence: "No quotation marks stand around the whole text.", found: text.slice(0, 80) },
  ];
}

function length(type: CaptionType, text: string): AnswerFault[] {
  if (type !== "short" && type !== "medium") return [];
  const [least, most] = requestedProse[type].words;
  const { words } = countText(text);
  if (words >= least * (1 - WORDS_SLACK) && words <= most * (1 + WORDS_SLACK)) return [];
  const sentence = `A ${type} caption has about ${least} to ${most} words.`;
  return [{ rule: "length", sentence, found: `${words} words` }];
}

function language(type: CaptionType, text: string): AnswerFault[] {
  const found = notEnglish(type, text);
  const sentence =
    "The text is in English; other languages only where lettering is copied, between double quotation marks.";
  return found === undefined ? [] : [{ rule: "language", sentence, found }];
}
