/** Lengths of texts: words, sentences, CLIP tokens; knows nothing of GPIC. */
export { CLIP_CONTEXT, clipTokens, countClipTokens } from "./clip-tokens.js";
export { countText, splitSentences, type TextCounts } from "./count.js";
export { fixText, mayBeMisread } from "./fix-text.js";
export { type TaggedWord, tagWords, words } from "./words.js";
