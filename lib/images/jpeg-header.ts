/**
 * What a JPEG's segments say before its first scan: size, components, coding.
 *
 * ITU-T T.81, annex B. Bytes between segments and fill bytes are skipped, as libjpeg and Pillow skip them.
 */

/** The frame of a JPEG. */
export interface JpegHeader {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  /** Bits a sample. */
  readonly precision: number;
  /** Whether a component's sampling is no whole part of the finest one's: 2 where another has 3. */
  readonly isFractional: boolean;
  /** Low byte of the frame's marker: 0xc0 baseline, 0xc2 progressive, 0xc3 lossless, 0xc9 arithmetic. */
  readonly frame: number;
}

/** What stands in a header's place where there is none. */
export interface HeaderFault {
  readonly fault: "truncated" | "damaged";
  readonly found: string;
}

/** Markers that no length follows: TEM, RST0 to RST7, SOI. */
const BARE = new Set([0x01, 0xd0, 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8]);
/** Markers from 0xc0 to 0xcf that begin no frame: DHT, JPG, DAC. */
const NO_FRAME = new Set([0xc4, 0xc8, 0xcc]);
const SOS = 0xda;
const EOI = 0xd9;

/**
 * Reads a JPEG's header up to its first scan.
 * @param bytes a file that begins with SOI
 * @example jpegHeader(bytes) // { width: 640, height: 480, components: 3, frame: 0xc0, ... }
 */
export function jpegHeader(bytes: Uint8Array): JpegHeader | HeaderFault {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let frame: JpegHeader | undefined;
  for (let at = 2; at + 1 < bytes.length; ) {
    const marker = bytes[at + 1]!;
    if (bytes[at] !== 0xff || marker === 0 || marker === 0xff || BARE.has(marker)) {
      // a byte that is no marker, or a fill byte: one on; a marker without a length: two
      at += bytes[at] === 0xff && marker !== 0xff ? 2 : 1;
      continue;
    }
    if (marker === SOS || marker === EOI) {
      if (frame === undefined) return { fault: "damaged", found: "a JPEG without a frame" };
      return frame;
    }
    if (at + 4 > bytes.length) break;
    const length = view.getUint16(at + 2);
    if (length < 2) return { fault: "damaged", found: `a JPEG with an empty segment at byte ${at}` };
    if (at + 2 + length > bytes.length) break;
    if (marker >= 0xc0 && marker <= 0xcf && !NO_FRAME.has(marker)) {
      if (frame !== undefined) return { fault: "damaged", found: "a JPEG with two frames" };
      const components = bytes[at + 9]!;
      if (length !== 8 + 3 * components)
        return {
          fault: "damaged",
          found: `a JPEG with a frame of ${length} bytes for ${components} components`,
        };
      frame = {
        width: view.getUint16(at + 7),
        height: view.getUint16(at + 5),
        components,
        precision: bytes[at + 4]!,
        isFractional: isFractional(bytes.subarray(at + 10, at + 2 + length)),
        frame: marker,
      };
    }
    at += 2 + length;
  }
  return { fault: "truncated", found: "a JPEG that ends before its first scan" };
}

/** Whether a JPEG's scans lead to its end: one that failed although they do is damaged, not truncated. */
export function isWholeJpeg(bytes: Uint8Array): boolean {
  for (let at = 2; at + 1 < bytes.length; ) {
    // within a scan's data 0xff is followed by 0 or by the marker of a restart
    at = bytes.indexOf(0xff, at);
    if (at < 0 || at + 1 >= bytes.length) return false;
    const marker = bytes[at + 1]!;
    if (marker === EOI) return true;
    if (marker === 0xff) at += 1;
    else if (marker === 0 || BARE.has(marker) || at + 3 >= bytes.length) at += 2;
    else at += 2 + ((bytes[at + 2]! << 8) | bytes[at + 3]!);
  }
  return false;
}

/** @param components identifier, both samplings in one byte, and table of each */
function isFractional(components: Uint8Array): boolean {
  const factors = components.filter((_, i) => i % 3 === 1);
  const most = (of: (factor: number) => number) => Math.max(...Array.from(factors, of));
  const across = most((factor) => factor >> 4);
  const down = most((factor) => factor & 15);
  return factors.some((factor) => across % (factor >> 4) !== 0 || down % (factor & 15) !== 0);
}
