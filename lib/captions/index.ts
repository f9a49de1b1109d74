/** Captions: lengths, rules, words (the paper's 2.4 and its Appendix F). */
export { captionTypes } from "../corpus/index.js";
