/** Captions: rules, leftovers, words, repeats; their lengths are columns of the index (the paper's 2.4 and its Appendix F). */
export { captionTypes } from "../corpus/index.js";
export { type Caption, type Captions, NOT_VISIBLE } from "./caption.js";
export {
  type BrokenRule,
  checkCaption,
  type RuleOptions,
  type RuleReport,
  type RuleShare,
  ruleShares,
} from "./check.js";
export { type Counted, FREQUENT_PLACES, type Frequent, FrequentCounter } from "./frequent.js";
export { type GrowthPoint, type VocabularyGrowth, vocabularyGrowth } from "./growth.js";
export {
  findLeftovers,
  type Leftover,
  type LeftoverKind,
  type LeftoverShare,
  leftoverShares,
} from "./leftovers.js";
export type { Found } from "./markup.js";
export { type NearCopies, type NearCopy, nearCopies } from "./near-copies.js";
export { captionOpenings, type TypeOpenings } from "./openings.js";
export { type CaptionWords, captionWords, colourNames } from "./parts-of-speech.js";
export { type RepeatedCaption, type RepeatedCaptions, repeatedCaptions } from "./repeats.js";
export {
  articles,
  bannedWords,
  connectingWords,
  type Range,
  requestedProse,
  requestedTag,
} from "./requested.js";
export type { CaptionRule, RuleKind } from "./rule.js";
export { captionRules, type UncheckedRule, uncheckedRules } from "./rules.js";
export { DRAWN_CAPTIONS, type DrawOptions, sampleCaptions } from "./sample.js";
export { otherScriptShares, otherScripts, type TypeScripts } from "./scripts.js";
export { type Share, wilson } from "./wilson.js";
