/** Lengths of texts: words, sentences, CLIP tokens; knows nothing of GPIC. */
export { countClipTokens } from "./clip-tokens.js";
export { countText, type TextCounts } from "./count.js";
