/** What can come of a question: an answer, or one of the ways in which there is none. None of them is a verdict. */

/**
 * Every outcome:
 * - `answered`: an answer in the form that was asked for
 * - `refused`: the model or the server's filter declined
 * - `malformed`: the answer is no JSON, or not of the form
 * - `truncated`: it was cut at its token limit
 * - `wrong model`: the server does not know the name, or answers for another model
 * - `wrong address`: there is no chat completion at the address
 * - `unauthorised`: the key is missing, wrong or without the right
 * - `rejected`: the server finds the request wrong
 * - `rejected again`: it found so in an earlier call too, and has answered the same question about another picture
 * - `timed out`: no whole answer in time
 * - `rate limited`: the server asks to wait (429), still after the last attempt
 * - `server error`: the server failed (5xx), or sent what is no chat completion
 * - `unreachable`: no connection, or one that broke before the answer was whole
 */
export const outcomeKinds = [
  ...(["answered", "refused", "malformed", "truncated", "wrong model", "wrong address"] as const),
  ...(["unauthorised", "rejected", "rejected again", "timed out", "rate limited"] as const),
  ...(["server error", "unreachable"] as const),
] as const;
/** One of them. */
export type OutcomeKind = (typeof outcomeKinds)[number];

/** What may pass, and is asked again at once. */
const PASSING: ReadonlySet<OutcomeKind> = new Set([
  "timed out",
  "rate limited",
  "server error",
  "unreachable",
]);
/**
 * What the model itself said: asked again at temperature 0 it would say the same. And what the server rejects in a second
 * call while it answers the same question about other pictures: the picture is what it cannot take. One rejection proves
 * nothing: vLLM and SGLang answer 400 for too short a context and for parts that their version does not know, which another
 * start of the server mends, and the question of all pictures may be what is wrong.
 */
const FINAL: ReadonlySet<OutcomeKind> = new Set([
  ...(["answered", "refused", "malformed", "truncated", "rejected again"] as const),
]);
/** What would come of every further question too. */
const ENDING: ReadonlySet<OutcomeKind> = new Set(["wrong model", "wrong address", "unauthorised"]);

/** Whether a second attempt may do better. */
export function isPassing(kind: OutcomeKind): boolean {
  return PASSING.has(kind);
}

/** Whether a later run takes the outcome as it is, and does not ask again. */
export function isFinal(kind: OutcomeKind): boolean {
  return FINAL.has(kind);
}

/** Whether no further question needs to be sent. */
export function isEnding(kind: OutcomeKind): boolean {
  return ENDING.has(kind);
}
