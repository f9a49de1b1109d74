/** A model behind an OpenAI-compatible endpoint: questions with pictures, or without, in; checked answers out. */
export { AnswerFolder, type UsualAnswer } from "./answers.js";
export { type VlmAnswer, VlmClient, type VlmClientOptions } from "./client.js";
export { type CompleteEndpoint, completeEndpoint, endpointFrom, type VlmEndpoint } from "./endpoint.js";
export { type AskingEstimate, type AskingPlan, estimateAsking, pictureTokens } from "./estimate.js";
export { MOST_BODY_BYTES } from "./guarded-fetch.js";
export { answerId, type KeptAnswer } from "./kept-answer.js";
export { isEnding, isFinal, isPassing, type OutcomeKind, outcomeKinds } from "./outcome.js";
export { type VlmPicture, vlmPicture } from "./picture.js";
export {
  type AnswerField,
  answerSchema,
  checkAnswer,
  questionHash,
  type VlmQuestion,
  type VlmValue,
} from "./question.js";
