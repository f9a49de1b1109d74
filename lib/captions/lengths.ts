/**
 * How long captions are, by type: words, sentences, characters, CLIP tokens (the paper's section 2.4, Appendix F).
 *
 * Memory grows with the number of distinct lengths, not of captions. How words and sentences are counted: `countText`.
 */
import { type CaptionType, captionTypes } from "../corpus/index.js";
import { CLIP_CONTEXT, countClipTokens, countText } from "../text/index.js";
import type { Captions } from "./caption.js";
import { type Distribution, Histogram } from "./histogram.js";
import { type Share, wilson } from "./wilson.js";

/** The lengths of the captions of one type. */
export interface TypeLengths {
  readonly caption_type: CaptionType;
  readonly captions: number;
  readonly words: Distribution;
  readonly sentences: Distribution;
  /** Unicode code points. */
  readonly characters: Distribution;
  /** Without the marks of start and end. */
  readonly clip_tokens: Distribution;
  /** Captions of which CLIP does not read the end: more than 75 tokens, as the marks take 2 of its 77 places. */
  readonly over_context: Share;
}

/** Tokens that fit beside the marks of start and end. */
const ROOM = CLIP_CONTEXT - 2;

/**
 * The lengths of captions, a row for each type that occurs, in the order of the types.
 * @example (await captionLengths([{ caption_type: "tag", caption: "red boat, sea" }]))[0].words.mean // 3
 */
export async function captionLengths(captions: Captions): Promise<TypeLengths[]> {
  const counters = new Map<CaptionType, Counter>();
  for await (const { caption_type, caption } of captions) {
    let counter = counters.get(caption_type);
    if (counter === undefined) {
      counter = newCounter();
      counters.set(caption_type, counter);
    }
    const { words, sentences, characters } = countText(caption);
    const tokens = countClipTokens(caption);
    counter.words.add(words);
    counter.sentences.add(sentences);
    counter.characters.add(characters);
    counter.clip_tokens.add(tokens);
    if (tokens > ROOM) counter.over++;
  }
  return captionTypes.flatMap((caption_type) => {
    const counter = counters.get(caption_type);
    return counter === undefined ? [] : [typeLengths(caption_type, counter)];
  });
}

interface Counter {
  readonly words: Histogram;
  readonly sentences: Histogram;
  readonly characters: Histogram;
  readonly clip_tokens: Histogram;
  over: number;
}

function newCounter(): Counter {
  return {
    words: new Histogram(),
    sentences: new Histogram(),
    characters: new Histogram(),
    clip_tokens: new Histogram(),
    over: 0,
  };
}

function typeLengths(caption_type: CaptionType, counter: Counter): TypeLengths {
  const words = counter.words.distribution();
  return {
    caption_type,
    captions: words.count,
    words,
    sentences: counter.sentences.distribution(),
    characters: counter.characters.distribution(),
    clip_tokens: counter.clip_tokens.distribution(),
    over_context: wilson(counter.over, words.count),
  };
}
