/**
 * Captions (the paper's 2.4 and its Appendices E and F): rules, leftovers, words, repeats of those that are there, with
 * their lengths as columns of the index; and how they are written by a model, checked, judged, and at what cost.
 */
export { captionTypes } from "../corpus/index.js";
export { type Caption, type Captions, NOT_VISIBLE } from "./caption.js";
export { type AnswerCheck, type AnswerFault, checkCaptionAnswer } from "./caption-answer.js";
export { type CaptioningPlan, estimateCaptioning, TYPICAL_TOKENS } from "./caption-estimate.js";
export { createCaptionFile } from "./caption-file.js";
export { type CaptioningOptions, captionImage, captionImages } from "./caption-images.js";
export {
  type JudgeAxis,
  type JudgeScore,
  type JudgeScores,
  judgeAxes,
  judgeQuestion,
  judgeScores,
} from "./caption-judge.js";
export { notEnglish } from "./caption-language.js";
export { captionQuestion, secondCaptionQuestion } from "./caption-questions.js";
export { CAPTION_SHARES, drawCaptionType } from "./caption-type.js";
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
  type CaptionJudgement,
  type CaptionPair,
  type JudgementOutcome,
  type JudgingOptions,
  judgeCaption,
  judgeCaptions,
} from "./judge-captions.js";
export {
  findLeftovers,
  type Leftover,
  type LeftoverKind,
  type LeftoverShare,
  leftoverShares,
} from "./leftovers.js";
export type { Found } from "./markup.js";
export {
  type AxisScore,
  type JudgedCaption,
  type MicrobenchmarkScore,
  scoreMicrobenchmark,
} from "./microbenchmark.js";
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
export {
  jointScores,
  type ScoreLaw,
  scoreCorrelation,
  scoreLaw,
  scoreMean,
  scoreVariance,
} from "./score-law.js";
export {
  type ScoreComparison,
  type ScorePower,
  type SimulatedPower,
  scorePower,
  simulateScorePower,
  type TestPower,
} from "./score-power.js";
export { otherScriptShares, otherScripts, type TypeScripts } from "./scripts.js";
export {
  type CaptioningPart,
  captioningHours,
  type LengthRate,
  rateByLength,
  requiredRate,
} from "./throughput.js";
export { type CaptionOutcome, captionOutcomes, type WrittenCaption, writeCaption } from "./write-caption.js";
