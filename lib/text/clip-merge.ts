/**
 * Byte pair encoding of one word: the oldest merge first, everywhere from left to right, until none is left.
 *
 * A merge's two halves are older than itself (the vocabulary checks it), so a merge only makes younger ones
 * possible. Short words are searched again after each merge; long ones, which no caption has but hostile text may,
 * take the merges in order of age with the places where each is possible: about a second for a million letters.
 */
import type { ClipVocabulary } from "./clip-vocabulary.js";

/** Up to here searching again is faster than keeping lists. */
const SHORT = 64;

/**
 * The tokens of a word.
 * @param tokens its bytes as tokens, the last one as the end of a word; written over
 * @param short the longest word that is searched again after each merge
 */
export function mergeTokens(
  tokens: Uint16Array,
  vocabulary: ClipVocabulary,
  short: number = SHORT,
): Uint16Array {
  return tokens.length <= short ? mergeShort(tokens, vocabulary) : mergeLong(tokens, vocabulary);
}

function mergeShort(tokens: Uint16Array, { merged }: ClipVocabulary): Uint16Array {
  let length = tokens.length;
  for (;;) {
    let oldest = -1;
    for (let i = 0; i + 1 < length; i++) {
      const merge = merged(tokens[i]!, tokens[i + 1]!);
      if (merge !== -1 && (oldest === -1 || merge < oldest)) oldest = merge;
    }
    if (oldest === -1) return tokens.slice(0, length);
    let kept = 0;
    for (let i = 0; i < length; i++) {
      const joins = i + 1 < length && merged(tokens[i]!, tokens[i + 1]!) === oldest;
      tokens[kept++] = joins ? oldest : tokens[i]!;
      if (joins) i++;
    }
    length = kept;
  }
}

function mergeLong(tokens: Uint16Array, { merged, size }: ClipVocabulary): Uint16Array {
  const length = tokens.length;
  const next = Int32Array.from(tokens, (_, i) => i + 1);
  const previous = Int32Array.from(tokens, (_, i) => i - 1);
  const isGone = new Uint8Array(length);
  const placesOf: (number[] | undefined)[] = new Array(size);
  const note = (place: number) => {
    const right = next[place]!;
    const merge = right < length ? merged(tokens[place]!, tokens[right]!) : -1;
    if (merge === -1) return;
    const places = placesOf[merge];
    if (places === undefined) placesOf[merge] = [place];
    else places.push(place);
  };
  for (let i = 0; i < length; i++) note(i);
  for (let merge = 0; merge < size; merge++) {
    const places = placesOf[merge]?.sort((a, b) => a - b) ?? [];
    placesOf[merge] = undefined;
    for (const place of places) {
      const right = next[place]!;
      // an earlier merge may have taken either half
      if (isGone[place] === 1 || right >= length || merged(tokens[place]!, tokens[right]!) !== merge)
        continue;
      tokens[place] = merge;
      isGone[right] = 1;
      const after = next[right]!;
      next[place] = after;
      if (after < length) previous[after] = place;
      note(place);
      if (previous[place]! >= 0) note(previous[place]!);
    }
  }
  return tokens.filter((_, i) => isGone[i] === 0);
}
