/**
 * What the paper's prompts ask of a caption, as numbers and words (2.4; Appendix F.1 to F.4).
 *
 * The same values stand as claims in data/paper/captions.json; a test compares the two, so that neither can drift.
 */

/** A range with both ends allowed. */
export type Range = readonly [number, number];

/** F.1. */
export const requestedTag: { readonly tags: Range; readonly wordsPerTag: Range } = {
  tags: [3, 8],
  wordsPerTag: [1, 3],
};

/** F.2 to F.4; `usually` is the number of sentences asked for unless more are needed. "About" in words is the prompts'. */
export const requestedProse: {
  readonly short: { readonly sentences: Range; readonly usually: number; readonly words: Range };
  readonly medium: { readonly sentences: Range; readonly usually: number; readonly words: Range };
  readonly long: { readonly sentences: Range };
} = {
  short: { sentences: [1, 2], usually: 1, words: [12, 25] },
  medium: { sentences: [2, 3], usually: 2, words: [25, 60] },
  long: { sentences: [5, 7] },
};

/** Words that must not occur, by type. Tags are under no such ban. */
export const bannedWords: {
  readonly short: readonly string[];
  readonly medium: readonly string[];
  readonly long: readonly string[];
} = {
  short: ["photo", "image", "picture"],
  medium: ["image", "photo", "picture"],
  long: ["image", "photo", "picture", "foreground"],
};

/** Articles, which tags must not have. */
export const articles: readonly string[] = ["a", "an", "the"];

/** The commonest conjunctions and prepositions of captions: our list, the prompt gives none ("connecting words"). */
export const connectingWords: readonly string[] = (
  "and or but with without of in on at by to from for near under over above below behind beside between " +
  "through against along around across into onto inside outside next while as"
).split(" ");
