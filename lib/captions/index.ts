/** Captions: lengths, rules, words (the paper's 2.4 and its Appendix F). */
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
export type { Distribution } from "./histogram.js";
export {
  findLeftovers,
  type Leftover,
  type LeftoverKind,
  type LeftoverShare,
  leftoverShares,
} from "./leftovers.js";
export { captionLengths, type TypeLengths } from "./lengths.js";
export type { Found } from "./markup.js";
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
export { type Share, wilson } from "./wilson.js";
