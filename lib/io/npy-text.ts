/**
 * Text in numpy arrays: fixed-width elements, padded with NUL, of UCS-4 code points (U) or bytes (S).
 *
 * Bytes are read as UTF-8. NULs at the end are padding, as in numpy, which cannot tell them from text either.
 */
import type { NpyType } from "./npy-dtype.js";

/** Texts that are encoded at once, padding and all. */
const BLOCK_BYTES: number = 8 << 20;

/**
 * Strings from the bytes of a U or S array.
 * @param bytes little-endian
 * @param name what messages call the array
 * @throws RangeError where a number is no code point, SyntaxError where bytes are no UTF-8
 */
export function decodeText(bytes: Uint8Array, dtype: NpyType, name: string): string[] {
  const width = Number(dtype.slice(1));
  if (width === 0) return [];
  return dtype.startsWith("U") ? decodeCodePoints(bytes, width, name) : decodeBytes(bytes, width, name);
}

/**
 * The type and bytes of an array of strings; the bytes are made as they are taken, a few megabytes at a time, as one
 * long text makes all others as long.
 * @param texts without NUL at the end; the width is that of the longest, in code points
 * @returns dtype "U<width>", width at least 1 as in numpy; count x width x 4 bytes in all, little-endian
 * @throws RangeError where a text ends in NUL, which would be lost
 * @example encodeText(["a", "bc"]).dtype // "U2"
 */
export function encodeText(texts: readonly string[]): {
  readonly dtype: NpyType;
  readonly chunks: Iterable<Uint8Array>;
} {
  let width = 1;
  texts.forEach((text, i) => {
    if (text.endsWith("\0"))
      throw new RangeError(
        `Cannot write text ${i}: no NUL at the end is needed (it is numpy's padding), got ${JSON.stringify(text)}`,
      );
    width = Math.max(width, codePoints(text));
  });
  return { dtype: `U${width}`, chunks: blocksOf(texts, width) };
}

function* blocksOf(texts: readonly string[], width: number): Generator<Uint8Array, void, undefined> {
  const blockTexts = Math.max(1, Math.floor(BLOCK_BYTES / (4 * width)));
  for (let from = 0; from < texts.length; from += blockTexts) {
    const block = texts.slice(from, from + blockTexts);
    const points = new Uint32Array(block.length * width);
    block.forEach((text, i) => {
      let at = i * width;
      for (const character of text) points[at++] = character.codePointAt(0)!;
    });
    yield new Uint8Array(points.buffer);
  }
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

function decodeCodePoints(bytes: Uint8Array, width: number, name: string): string[] {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  const points = new Uint32Array(aligned.buffer as ArrayBuffer, aligned.byteOffset, aligned.length / 4);
  return Array.from({ length: points.length / width }, (_, i) => {
    let end = (i + 1) * width;
    while (end > i * width && points[end - 1] === 0) end--;
    let text = "";
    for (let at = i * width; at < end; at++) {
      const point = points[at]!;
      if (point > 0x10ffff)
        throw new RangeError(
          `Cannot read text ${i} of ${name}: code points are needed, got the number ${point}`,
        );
      text += String.fromCodePoint(point);
    }
    return text;
  });
}

function decodeBytes(bytes: Uint8Array, width: number, name: string): string[] {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  return Array.from({ length: bytes.length / width }, (_, i) => {
    let end = (i + 1) * width;
    while (end > i * width && bytes[end - 1] === 0) end--;
    try {
      return decoder.decode(bytes.subarray(i * width, end));
    } catch {
      throw new SyntaxError(`Cannot read text ${i} of ${name}: UTF-8 is needed, got other bytes`);
    }
  });
}
