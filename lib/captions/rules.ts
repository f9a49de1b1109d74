/**
 * The rules of the four caption types that can be checked on text (the paper's 2.4; Appendix F.1 to F.4).
 *
 * "required" is what the prompt states flatly; "preferred" is what it asks for with "about", "if needed", "avoid".
 * Quirks of the prompts, and what is done here:
 * - `NOT VISIBLE.` is no list of tags and no description: a caption that is exactly this breaks no rule.
 * - Long captions shall copy text of the picture exactly, and shall not say "photo": words between double
 *   quotation marks are a copy, so they are not searched for banned words.
 * - Long captions are asked for the foreground and must not say "foreground": the ban is checked.
 * - The short prompt's own three samples have under 12 words, so its bounds are "preferred".
 * - Text of the picture belongs into sentences 3-5 of a long caption, its plan says 4-6: not checked.
 * What no text can tell stands in `uncheckedRules`.
 */
import type { CaptionType } from "../corpus/index.js";
import type { CaptionRule } from "./rule.js";
import { proseRules } from "./rules-prose.js";
import { tagRules } from "./rules-tag.js";

/** Every rule that can be checked, in the order of the paper's Appendix F. */
export const captionRules: readonly CaptionRule[] = [
  {
    id: "not-visible",
    types: ["tag", "short", "medium", "long"],
    kind: "required",
    sentence: 'Where nothing can be made out the answer is exactly "NOT VISIBLE.", and nothing else.',
    breach: (text) => {
      const match = /not visible/i.exec(text);
      if (match === null) return undefined;
      // "a face that is not visible" is a description; the answer in other clothes is not
      const isAnswer = match[0] === "NOT VISIBLE" || /^\W*not visible\W*$/i.test(text);
      return isAnswer ? { found: text.slice(match.index, match.index + 80), at: match.index } : undefined;
    },
  },
  ...tagRules,
  ...proseRules,
];

/** A rule of the prompts that cannot be checked on text alone. */
export interface UncheckedRule {
  readonly types: readonly CaptionType[];
  readonly sentence: string;
  /** Why not. */
  readonly why: string;
}

const ALL: readonly CaptionType[] = ["tag", "short", "medium", "long"];
const PROSE: readonly CaptionType[] = ["short", "medium", "long"];

/** The rules that are left out, each with what it would need. */
export const uncheckedRules: readonly UncheckedRule[] = [
  { types: ALL, sentence: "State only what is plainly visible, without guessing.", why: "needs the image" },
  {
    types: PROSE,
    sentence: "Begin with the main entity.",
    why: "which entity is the main one is in the image",
  },
  { types: PROSE, sentence: "Be neutral and literal.", why: "a matter of judgement" },
  {
    types: PROSE,
    sentence: "Be readable in middle school.",
    why: "formulas of readability misjudge single sentences",
  },
  { types: ALL, sentence: "Name one to three main things, and attributes.", why: "needs the image" },
  {
    types: ALL,
    sentence: "Count exactly only where it is easy.",
    why: "needs the image; tags are asked to avoid numbers, which is checked",
  },
  {
    types: ALL,
    sentence: "Copy text of the picture exactly (long), only if needed (short, medium), never (tag).",
    why: "needs the image",
  },
  {
    types: ["medium"],
    sentence: "Say whether it is indoors or outdoors, and the layout.",
    why: "the setting is often implied",
  },
  {
    types: ["long"],
    sentence: "Subject and setting first, layout and background after, detail last.",
    why: "needs the image",
  },
];
