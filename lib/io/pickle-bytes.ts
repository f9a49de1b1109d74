/** The bytes of a pickle, read forwards: numbers and texts of the opcodes, none longer than a limit. */

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

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A place in a pickle; every method reads on from it and throws PickleEnd where the bytes end. */
export class PickleBytes {
  /** Byte that is read next. */
  at: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, at = 0) {
    this.at = at;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  uint8(): number {
    return this.#view.getUint8(this.#skip(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#skip(2), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#skip(4), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#skip(4), true);
  }

  /** A 64-bit size; Infinity where no number holds it. */
  size64(): number {
    const size = this.#view.getBigUint64(this.#skip(8), true);
    return size > BigInt(Number.MAX_SAFE_INTEGER) ? Number.POSITIVE_INFINITY : Number(size);
  }

  /** A double as pickles have it: big-endian. */
  float64(): number {
    return this.#view.getFloat64(this.#skip(8), false);
  }

  /** A whole number in two's complement; bigint where it is beyond the safe integers. */
  long(length: number): number | bigint {
    if (length > 255) throw new PickleFault(`a number must have at most 255 bytes, got ${length}`);
    const bytes = this.bytes(length);
    let value = 0n;
    for (let at = length - 1; at >= 0; at--) value = (value << 8n) | BigInt(bytes[at]!);
    value = BigInt.asIntN(8 * length, value);
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }

  /** So many bytes; a view. */
  bytes(length: number): Uint8Array {
    if (length > MAX_PICKLE_TEXT_BYTES)
      throw new PickleFault(`a text must have at most ${MAX_PICKLE_TEXT_BYTES} bytes, got ${length}`);
    const from = this.#skip(length);
    return this.#bytes.subarray(from, from + length);
  }

  /** UTF-8 text of so many bytes. */
  text(length: number): string {
    return decoded(this.bytes(length));
  }

  /** Text up to a line's end, which is passed over. */
  line(): string {
    const rest = this.#bytes.subarray(this.at, this.at + MAX_PICKLE_TEXT_BYTES);
    const length = rest.indexOf(0x0a);
    if (length >= 0) {
      this.at += length + 1;
      return decoded(rest.subarray(0, length));
    }
    if (rest.length < MAX_PICKLE_TEXT_BYTES) throw new PickleEnd();
    throw new PickleFault(`a line must have at most ${MAX_PICKLE_TEXT_BYTES} bytes`);
  }

  #skip(length: number): number {
    const from = this.at;
    if (from + length > this.#bytes.length) throw new PickleEnd();
    this.at = from + length;
    return from;
  }
}

function decoded(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new PickleFault("a text must be UTF-8");
  }
}
