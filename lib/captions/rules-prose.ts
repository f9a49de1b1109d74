/** The rules of short, medium and long captions (Appendix F.2 to F.4): sentences, words, and what must not be said. */
import type { CaptionType } from "../corpus/index.js";
import { countText, type TextCounts } from "../text/index.js";
import { type Found, find, HEADING, JSON_TEXT, LIST_ITEM, MARKDOWN, META_OPENING } from "./markup.js";
import { bannedWords, type Range, requestedProse } from "./requested.js";
import type { CaptionRule } from "./rule.js";

type Prose = "short" | "medium" | "long";

const PROSE: readonly Prose[] = ["short", "medium", "long"];

/** The rules of prose: those of one type first, then those of all three. */
export const proseRules: readonly CaptionRule[] = [
  sentences("short"),
  usualSentences("short", requestedProse.short.usually),
  wordCount("short", requestedProse.short.words),
  sentences("medium"),
  usualSentences("medium", requestedProse.medium.usually),
  wordCount("medium", requestedProse.medium.words),
  sentences("long"),
  ...bans(),
  {
    id: "prose/no-meta-opening",
    types: PROSE,
    kind: "required",
    sentence: 'Prose begins with what is seen, not with a meta phrase ("The image shows", "This is a").',
    breach: (text) => find(META_OPENING, text),
  },
  {
    id: "prose/no-lists",
    types: PROSE,
    kind: "required",
    sentence: "Prose has no lists.",
    breach: (text) => find(LIST_ITEM, text),
  },
  {
    id: "prose/no-headings",
    types: PROSE,
    kind: "required",
    sentence: "Prose has no headings.",
    breach: (text) => find(HEADING, text),
  },
  {
    id: "prose/no-json",
    types: PROSE,
    kind: "required",
    sentence: "Prose is not JSON.",
    breach: (text) => find(JSON_TEXT, text),
  },
  {
    id: "prose/no-markdown",
    types: PROSE,
    kind: "required",
    sentence: "Prose has no Markdown: emphasis, code, tables, links (our reading of the ban on markup).",
    breach: (text) => find(MARKDOWN, text),
  },
];

function sentences(type: Prose): CaptionRule {
  const [least, most] = requestedProse[type].sentences;
  return {
    id: `${type}/sentences`,
    types: [type],
    kind: "required",
    sentence: `A ${type} caption has ${least} to ${most} sentences.`,
    breach: (text) => outside(counts(text).sentences, [least, most], "sentences"),
  };
}

function usualSentences(type: Prose, usually: number): CaptionRule {
  return {
    id: `${type}/sentences-usually`,
    types: [type],
    kind: "preferred",
    sentence: `A ${type} caption has ${usually} sentence${usually === 1 ? "" : "s"}, one more only if needed.`,
    breach: (text) => outside(counts(text).sentences, [0, usually], "sentences"),
  };
}

function wordCount(type: Prose, range: Range): CaptionRule {
  return {
    id: `${type}/words`,
    types: [type],
    kind: "preferred",
    sentence: `A ${type} caption has about ${range.join(" to ")} words.`,
    breach: (text) => outside(counts(text).words, range, "words"),
  };
}

/** One rule a banned word, for the types that ban it. */
function bans(): CaptionRule[] {
  const all = [...new Set(PROSE.flatMap((type) => bannedWords[type]))];
  return all.map((word) => {
    const pattern = new RegExp(`(?<![\\p{L}\\p{N}-])${word}s?(?![\\p{L}\\p{N}])`, "iu");
    const types: readonly CaptionType[] = PROSE.filter((type) => bannedWords[type].includes(word));
    return {
      id: `prose/no-${word}`,
      types,
      kind: "required",
      sentence: `The word "${word}" does not occur, but in copied text.`,
      breach: (text) => find(pattern, withoutCopies(text)),
    };
  });
}

/** The text with what stands between double quotation marks blanked out, so that offsets stay. */
function withoutCopies(text: string): string {
  return text.replace(/"[^"\n]{0,300}"|“[^”\n]{0,300}”/g, (copy) => " ".repeat(copy.length));
}

let lastText = "";
let lastCounts: TextCounts = countText("");

/** The lengths of a text; the rules of one caption ask for the same ones, one after the other. */
function counts(text: string): TextCounts {
  if (text !== lastText) {
    lastCounts = countText(text);
    lastText = text;
  }
  return lastCounts;
}

function outside(count: number, [least, most]: Range, unit: string): Found | undefined {
  return count < least || count > most ? { found: `${count} ${unit}`, at: 0 } : undefined;
}
