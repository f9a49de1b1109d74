/** Counts words, sentences and characters of a text. */

/** Lengths of a text. */
export interface TextCounts {
  readonly words: number;
  readonly sentences: number;
  /** Unicode code points. */
  readonly characters: number;
}

/** The lengths of a text. */
export function countText(text: string): TextCounts {
  const words = text.split(/\s+/).filter((word) => word !== "").length;
  return {
    words,
    sentences: text.split(/[.!?](?:\s|$)/).filter((part) => part !== "").length,
    characters: [...text].length,
  };
}
