/** Names and labels from data: one visible line of bounded length. */
import { oneLine, truncate } from "./escape.js";

const LABEL_LIMIT = 200;

/** A name or label from data in one line of at most 200 characters; not yet escaped for HTML or Markdown. */
export function displayText(text: string, limit: number = LABEL_LIMIT): string {
  return truncate(oneLine(text), limit);
}
