/** Archives for tests, entry by entry. */
import { TAR_BLOCK_BYTES, tarChecksum, tarFileHeader } from "gpic-lab/io";

export const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** One entry of any type, header and padded data. */
export function entry(
  name: string,
  data: Uint8Array,
  typeFlag: string,
  edit?: (block: Uint8Array) => void,
): Uint8Array {
  const block = tarFileHeader(name, data.length);
  block[156] = typeFlag.charCodeAt(0);
  edit?.(block);
  block.set(encode(`${tarChecksum(block).toString(8).padStart(6, "0")}\0 `), 148);
  const bytes = new Uint8Array(TAR_BLOCK_BYTES * (1 + Math.ceil(data.length / TAR_BLOCK_BYTES)));
  bytes.set(block);
  bytes.set(data, TAR_BLOCK_BYTES);
  return bytes;
}

/** PAX records. */
export function pax(...records: readonly (readonly [string, string])[]): Uint8Array {
  const lines = records.map(([key, value]) => {
    const rest = encode(` ${key}=${value}\n`).length;
    let length = rest + String(rest).length;
    if (rest + String(length).length !== length) length = rest + String(length).length;
    return `${length} ${key}=${value}\n`;
  });
  return encode(lines.join(""));
}

/** The parts and two closing blocks. */
export function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat([...parts, new Uint8Array(2 * TAR_BLOCK_BYTES)]));
}

/** Bytes as a stream, in chunks of the lengths drawn. */
export async function* streamOf(bytes: Uint8Array, draw: () => number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; ) {
    const length = draw();
    yield bytes.slice(at, at + length);
    at += length;
  }
}
