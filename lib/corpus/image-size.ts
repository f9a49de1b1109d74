/**
 * Width and height out of a picture's own header: JPEG's start of frame, PNG's IHDR; reads no pixels.
 *
 * Sources: ITU-T T.81, annex B; PNG (third edition), 11.2.1. The size is the file's own: a rotation that EXIF asks for
 * is not applied. Known difference from a decoder: what lies behind the header is not looked at.
 */
import type { Need, Reading } from "../io/index.js";

/** What a picture's header says, or what is there instead. */
export type ImageHeader =
  | {
      readonly format: "jpeg" | "png";
      readonly widthPixels: number;
      readonly heightPixels: number;
      readonly found?: undefined;
    }
  | { readonly format?: undefined; readonly found: string };

/** Most JPEG segments before the frame: an ICC profile may have 255 and EXIF a hundred more; beyond is no picture. */
const MAX_SEGMENTS = 1024;

/**
 * Reads a picture's header; asks for a few bytes of each segment and hops over the rest.
 * @example runReading(imageHeader(), bytes) // { format: "png", widthPixels: 640, heightPixels: 480 }
 */
export function* imageHeader(): Reading<ImageHeader> {
  const need: Need = { offset: 0, length: 26, keep: 0 };
  const bytes = yield need;
  const view = viewOf(bytes);
  if (bytes.length >= 2 && view.getUint16(0) === 0xffd8) return yield* jpegFrame(need);
  if (bytes.length >= 8 && view.getUint32(0) === 0x89504e47 && view.getUint32(4) === 0x0d0a1a0a) {
    if (bytes.length < 24 || view.getUint32(12) !== 0x49484452) return { found: "a PNG without IHDR" };
    return sized("png", view.getUint32(16), view.getUint32(20));
  }
  return { found: `bytes that begin with ${Buffer.from(bytes.subarray(0, 8)).toString("hex")}` };
}

function* jpegFrame(need: Need): Reading<ImageHeader> {
  let at = 2;
  for (let segments = 0; segments < MAX_SEGMENTS; segments++) {
    need.offset = at;
    need.length = 9;
    need.keep = at;
    const bytes = yield need;
    const view = viewOf(bytes);
    if (bytes.length < 4) return { found: "a JPEG that ends before its frame" };
    const marker = bytes[1]!;
    if (bytes[0] !== 0xff) return { found: `a JPEG without a marker at byte ${at}` };
    // a marker may be preceded by any number of fill bytes
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) {
      if (bytes.length < 9) return { found: "a JPEG that ends in its frame" };
      return sized("jpeg", view.getUint16(7), view.getUint16(5));
    }
    if (marker === 0xda || marker === 0xd9) return { found: "a JPEG without a frame" };
    const isBare = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
    const length = isBare ? 0 : view.getUint16(2);
    if (!isBare && length < 2) return { found: `a JPEG with an empty segment at byte ${at}` };
    at += 2 + length;
  }
  return { found: `a JPEG with more than ${MAX_SEGMENTS} segments before its frame` };
}

function sized(format: "jpeg" | "png", widthPixels: number, heightPixels: number): ImageHeader {
  if (widthPixels === 0 || heightPixels === 0)
    return { found: `a picture of ${widthPixels} x ${heightPixels} pixels` };
  return { format, widthPixels, heightPixels };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
