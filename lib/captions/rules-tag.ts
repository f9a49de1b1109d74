/** The rules of tag captions (Appendix F.1): one line of 3-8 tags of 1-3 words, commas only, lower case. */
import { find } from "./markup.js";
import { articles, connectingWords, requestedTag } from "./requested.js";
import type { CaptionRule } from "./rule.js";

/** A tag and where it begins. */
interface Tag {
  readonly text: string;
  readonly at: number;
}

const TYPES = ["tag"] as const;
const ARTICLE = new RegExp(`(?<![\\p{L}\\p{N}'’-])(?:${articles.join("|")})(?![\\p{L}\\p{N}'’-])`, "iu");
const CONNECTING = new RegExp(
  `(?<![\\p{L}\\p{N}'’-])(?:${connectingWords.join("|")})(?![\\p{L}\\p{N}'’-])`,
  "iu",
);
const NUMBER =
  /\p{Nd}|(?<![\p{L}'’-])(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand)(?![\p{L}'’-])/iu;

/** The rules of tags, in the prompt's order. */
export const tagRules: readonly CaptionRule[] = [
  {
    id: "tag/one-line",
    types: TYPES,
    kind: "required",
    sentence: "Tags stand on one line.",
    breach: (text) => find(/[\n\r\u2028\u2029]/, text.trimEnd()),
  },
  {
    id: "tag/tags",
    types: TYPES,
    kind: "required",
    sentence: `There are ${requestedTag.tags.join(" to ")} tags.`,
    breach: (text) => {
      const count = tagsOf(text).length;
      const [least, most] = requestedTag.tags;
      return count < least || count > most ? { found: `${count} tags`, at: 0 } : undefined;
    },
  },
  {
    id: "tag/words-per-tag",
    types: TYPES,
    kind: "required",
    sentence: `A tag has ${requestedTag.wordsPerTag.join(" to ")} words.`,
    breach: (text) => {
      const [least, most] = requestedTag.wordsPerTag;
      const tag = tagsOf(text).find(({ text: words }) => {
        const count = words.split(/\s+/u).length;
        return count < least || count > most;
      });
      return tag && { found: tag.text.slice(0, 80), at: tag.at };
    },
  },
  {
    id: "tag/commas-only",
    types: TYPES,
    kind: "required",
    sentence: "Nothing but single commas parts the tags; there is no other sign, and none at the end.",
    // apostrophes and hyphens inside words are spelling
    breach: (text) =>
      find(/[^\p{L}\p{M}\p{N}\s,'’-]|(?<!\p{L})['’]|^\s*,|,\s*(?:,|$)|(?<=\s)-|-(?=\s|$)/u, text),
  },
  {
    id: "tag/lower-case",
    types: TYPES,
    kind: "required",
    sentence: "Tags are in lower case.",
    breach: (text) => find(/\p{Lu}[\p{L}\p{M}]*/u, text),
  },
  {
    id: "tag/no-articles",
    types: TYPES,
    kind: "required",
    sentence: "Tags have no articles.",
    breach: (text) => find(ARTICLE, text),
  },
  {
    id: "tag/no-connecting-words",
    types: TYPES,
    kind: "required",
    sentence: "Tags have no connecting words.",
    breach: (text) => find(CONNECTING, text),
  },
  {
    id: "tag/no-numbers",
    types: TYPES,
    kind: "preferred",
    sentence: "Tags avoid counting; plurals are preferred.",
    breach: (text) => find(NUMBER, text),
  },
];

function tagsOf(text: string): Tag[] {
  const tags: Tag[] = [];
  let at = 0;
  for (const part of text.split(/[,\n]/)) {
    const tag = part.trim();
    if (tag !== "") tags.push({ text: tag, at: at + part.indexOf(tag) });
    at += part.length + 1;
  }
  return tags;
}
