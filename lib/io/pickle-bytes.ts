/** The bytes of a pickle, read forwards: numbers and texts of the opcodes, none longer than a limit. */

import { isUtf8 } from "node:buffer";

/** Bytes of one text or bytes object: names are short, and notes beside weights fit. */
export const MAX_PICKLE_TEXT_BYTES: number = 1 << 20;

/** Thrown where the bytes at hand end inside a pickle. */
export class PickleEnd extends Error {
  override readonly name = "PickleEnd";
}

/** Thrown where a pickle cannot be right, or asks for what no weights need; the message says what was found. */
export class PickleFault extends Error {
  override readonly name = "PickleFault";
  readonly kind: "damaged" | "hostile" | "unsupported";
  constructor(message: string, kind: PickleFault["kind"] = "damaged") {
    super(message);
    this.kind = kind;
  }
}

/** A place in a pickle; every method reads on from it and throws PickleEnd where the bytes end. */
export class PickleBytes {
  /** Byte that is read next. */
  at: number;
  readonly #bytes: Buffer;

  constructor(bytes: Uint8Array, at = 0) {
    this.at = at;
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  uint8(): number {
    return this.#bytes.readUInt8(this.#skip(1));
  }

  uint16(): number {
    return this.#bytes.readUInt16LE(this.#skip(2));
  }

  int32(): number {
    return this.#bytes.readInt32LE(this.#skip(4));
  }

  uint32(): number {
    return this.#bytes.readUInt32LE(this.#skip(4));
  }

  /** A 64-bit size; Infinity where no number holds it. */
  size64(): number {
    const size = this.#bytes.readBigUInt64LE(this.#skip(8));
    return size > BigInt(Number.MAX_SAFE_INTEGER) ? Number.POSITIVE_INFINITY : Number(size);
  }

  /** A double as pickles have it: big-endian. */
  float64(): number {
    return this.#bytes.readDoubleBE(this.#skip(8));
  }

  /** A whole number in two's complement; bigint where it is beyond the safe integers. */
  long(length: number): number | bigint {
    if (length > 255) throw new PickleFault(`a number must have at most 255 bytes, got ${length}`);
    if (length === 0) return 0;
    const from = this.#skip(length);
    if (length <= 6) return this.#bytes.readIntLE(from, length);
    const digits = Buffer.from(this.#bytes.subarray(from, this.at)).reverse().toString("hex");
    const value = BigInt.asIntN(8 * length, BigInt(`0x${digits}`));
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }

  /** So many bytes; a view. */
  bytes(length: number): Uint8Array {
    const from = this.#skipText(length);
    return this.#bytes.subarray(from, this.at);
  }

  /** UTF-8 text of so many bytes. */
  text(length: number): string {
    const from = this.#skipText(length);
    return this.#decoded(from, this.at);
  }

  /** Text up to a line's end, which is passed over. */
  line(): string {
    const from = this.at;
    const found = this.#bytes.indexOf(0x0a, from);
    const end = found < 0 ? this.#bytes.length : found;
    if (end - from > MAX_PICKLE_TEXT_BYTES)
      throw new PickleFault(`a line must have at most ${MAX_PICKLE_TEXT_BYTES} bytes`);
    if (found < 0) throw new PickleEnd();
    this.at = end + 1;
    return this.#decoded(from, end);
  }

  #decoded(from: number, to: number): string {
    const text = this.#bytes.toString("utf8", from, to);
    // the mark of what is no UTF-8 may also have been written
    if (text.includes("\ufffd") && !isUtf8(this.#bytes.subarray(from, to)))
      throw new PickleFault("a text must be UTF-8");
    return text;
  }

  #skipText(length: number): number {
    if (length > MAX_PICKLE_TEXT_BYTES)
      throw new PickleFault(`a text must have at most ${MAX_PICKLE_TEXT_BYTES} bytes, got ${length}`);
    return this.#skip(length);
  }

  #skip(length: number): number {
    const from = this.at;
    if (from + length > this.#bytes.length) throw new PickleEnd();
    this.at = from + length;
    return from;
  }
}
