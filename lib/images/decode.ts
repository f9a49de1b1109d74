/**
 * Decodes an image to the very pixels that Pillow's `Image.open(...).convert("RGB")` gives; the paper's appendix B.1.
 *
 * libvips (by sharp) does the work, in threads of its own; what it does otherwise than Pillow 13.0 is converted or
 * refused, kind by kind, as `decodeKinds` says. Known differences: what Pillow reads although it is cut (a PNG whose
 * data lack rows, which it leaves black) is an error here, and so is a PNG with an unknown critical chunk, without its
 * palette, or with a side beyond `MAX_IMAGE_SIDE`. Of some thousand files with harmed bytes that both read, none came out otherwise than Pillow's.
 */
import type { Sharp } from "sharp";
import { decodeKinds, type EncodedImage, encodedImage } from "./decode-kinds.js";
import { ImageError } from "./image-error.js";
import { jpegEnding } from "./jpeg-header.js";
import type { Pixels } from "./pixels.js";
import { isWholePng } from "./png-header.js";

/** Most pixels of an image: Pillow raises DecompressionBombError above 2 x 89,478,485. */
export const MAX_IMAGE_PIXELS: number = 2 * 89_478_485;
/** Longest side: JPEG's own limit. A PNG a million pixels wide is a bomb for every resize, whose weights grow with it. */
export const MAX_IMAGE_SIDE: number = 65_535;

const FORMAT_NAMES = { jpeg: "JPEG", png: "PNG", webp: "WebP" } as const;

/**
 * Decodes a JPEG, PNG or WebP, whatever its name ends with.
 * @param bytes the whole file
 * @param name what messages call it
 * @returns 8-bit RGB, neither turned (EXIF) nor colour-managed (ICC, gamma); transparency is dropped, not blended
 * @throws ImageError where no pixels can be had, or others than Pillow's would be; the size is judged by the header,
 *   before memory is taken
 * @example
 * const { width, height, data } = await decode(await readFile("a.jpg"), "a.jpg"); // data: height x width x 3
 */
export async function decode(bytes: Uint8Array, name: string): Promise<Pixels> {
  const image = encodedImage(bytes, name);
  const { kind, width, height } = image;
  if (kind.treatment === "refused")
    throw new ImageError("unsupported", name, `another kind is needed, got ${kind.kind}`);
  if (width === 0 || height === 0)
    throw new ImageError("damaged", name, `at least one pixel is needed, got ${width} x ${height}`);
  if (width * height > MAX_IMAGE_PIXELS)
    throw new ImageError(
      "too large",
      name,
      `at most ${MAX_IMAGE_PIXELS} pixels are read, got ${width} x ${height} by its header`,
    );
  if (Math.max(width, height) > MAX_IMAGE_SIDE)
    throw new ImageError(
      "too large",
      name,
      `sides of at most ${MAX_IMAGE_SIDE} pixels are needed, got ${width} x ${height} by its header`,
    );
  if (image.format === "jpeg" && jpegEnding(bytes) === "damaged") throw damaged(image, name);
  const { default: sharp } = await import("sharp");
  // "truncated" is Pillow's own severity: files that end early are errors, libjpeg's warnings of odd data are none
  const opened = sharp(bytes, {
    failOn: "truncated",
    ignoreIcc: true,
    limitInputPixels: MAX_IMAGE_PIXELS,
  });
  try {
    if (kind === decodeKinds.jpegFourComponents) return await fromInks(opened);
    if (kind === decodeKinds.pngGrey16) return await fromGrey16(opened);
    return await fromRgb(opened);
  } catch (error) {
    throw failure(error, image, bytes, name);
  }
}

async function fromRgb(opened: Sharp): Promise<Pixels> {
  const raw = opened.removeAlpha().toColourspace("srgb").raw();
  const { data, info } = await raw.toBuffer({ resolveWithObject: true });
  expectChannels(info.channels, 3);
  return { width: info.width, height: info.height, data: viewOf(data) };
}

/**
 * Pillow's conversion of CMYK, which knows no profile: max(0, 255 - k - round(c x (255 - k) / 255)). Both libraries take
 * the inks as stored upside down, as Adobe does, whether its segment is there or not.
 */
async function fromInks(opened: Sharp): Promise<Pixels> {
  const raw = opened.pipelineColourspace("cmyk").toColourspace("cmyk").raw();
  const { data: inks, info } = await raw.toBuffer({ resolveWithObject: true });
  expectChannels(info.channels, 4);
  const data = new Uint8Array(info.width * info.height * 3);
  for (let from = 0, to = 0; to < data.length; from += 4) {
    const light = 255 - inks[from + 3]!;
    for (let i = 0; i < 3; i++) {
      const product = inks[from + i]! * light + 128;
      data[to++] = Math.max(0, light - (((product >> 8) + product) >> 8));
    }
  }
  return { width: info.width, height: info.height, data };
}

async function fromGrey16(opened: Sharp): Promise<Pixels> {
  const raw = opened.removeAlpha().toColourspace("grey16").raw({ depth: "ushort" });
  const { data: bytes, info } = await raw.toBuffer({ resolveWithObject: true });
  expectChannels(info.channels, 1);
  const values = new Uint16Array(bytes.buffer, bytes.byteOffset, info.width * info.height);
  const data = new Uint8Array(values.length * 3);
  for (let i = 0, to = 0; i < values.length; i++) {
    const value = Math.min(values[i]!, 255);
    data[to++] = value;
    data[to++] = value;
    data[to++] = value;
  }
  return { width: info.width, height: info.height, data };
}

function expectChannels(got: number, needed: number): void {
  if (got !== needed) throw new Error(`${needed} channels are needed, got ${got}`);
}

function viewOf(data: Buffer): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/**
 * What kind of failure it is, by the file's own marks: libvips keeps one message for the whole process, so that the one
 * that comes with an error may be another thread's, or none. It stays as the error's cause.
 */
function failure(cause: unknown, image: EncodedImage, bytes: Uint8Array, name: string): ImageError {
  const isJpegCut = image.format === "jpeg" && jpegEnding(bytes) === "truncated";
  const isPngCut = image.format === "png" && !isWholePng(bytes);
  if (!isJpegCut && !isPngCut) return damaged(image, name, cause);
  const got = `a whole ${FORMAT_NAMES[image.format]} is needed, got one that ends early`;
  return new ImageError("truncated", name, got, { cause });
}

function damaged({ format }: EncodedImage, name: string, cause?: unknown): ImageError {
  const reason = `a whole ${FORMAT_NAMES[format]} is needed, got one with damaged data`;
  return new ImageError("damaged", name, reason, { cause });
}
