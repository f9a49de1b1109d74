/**
 * Which kinds of encoded images there are, and how each comes to the pixels that Pillow gives.
 *
 * The kind is told by the first bytes and the header, never by the file's name. The table is what `decode` goes by.
 */
import { ImageError } from "./image-error.js";
import { type HeaderFault, type JpegHeader, jpegHeader } from "./jpeg-header.js";
import { pngHeader } from "./png-header.js";
import { webpHeader } from "./webp-header.js";

/** How libvips' pixels become Pillow's. */
export type DecodeTreatment = "identical" | "converted" | "refused";

/** A kind of encoded image. */
export interface DecodeKind {
  readonly kind: string;
  readonly treatment: DecodeTreatment;
  /** What is done, or why it is refused. */
  readonly how: string;
}

/** The kinds that `decode` tells apart. */
export const decodeKinds: {
  readonly [name in
    | "jpeg"
    | "jpegFourComponents"
    | "jpegOther"
    | "png"
    | "pngGrey16"
    | "webp"
    | "otherFormat"]: DecodeKind;
} = {
  jpeg: {
    kind: "JPEG, grey or three components",
    treatment: "identical",
    how: "baseline and progressive, Huffman and arithmetic, every sub-sampling; YCbCr and RGB; EXIF's orientation and ICC profiles are left alone",
  },
  jpegFourComponents: {
    kind: "JPEG, four components",
    treatment: "converted",
    how: "CMYK and YCCK: the inks as they are stored, then Pillow's formula",
  },
  jpegOther: {
    kind: "JPEG, lossless, hierarchical, 12 bits, two components or fractional sub-sampling",
    treatment: "refused",
    how: "libvips reads none of these, or other pixels than Pillow, which itself reads only lossless ones",
  },
  png: {
    kind: "PNG, every colour type and depth but 16-bit grey",
    treatment: "identical",
    how: "transparency is dropped and 16 bits are cut to the high 8; gamma and profiles are left alone",
  },
  pngGrey16: {
    kind: "PNG, 16-bit grey",
    treatment: "converted",
    how: "the 16-bit numbers, clipped at 255 as Pillow does: such a picture is white but for its darkest 1/256",
  },
  webp: {
    kind: "WebP",
    treatment: "identical",
    how: "lossy and lossless; transparency is dropped; of an animation the first frame, on a black canvas",
  },
  otherFormat: {
    kind: "GIF, BMP, TIFF, AVIF, HEIC, JPEG 2000, JPEG XL, SVG, PDF, ICO",
    treatment: "refused",
    how: "GPIC holds JPEG and PNG, and its evaluation reads WebP too: nothing else goes into a comparison",
  },
};

/** What is known of an encoded image before it is decoded. */
export interface EncodedImage {
  readonly format: "jpeg" | "png" | "webp";
  readonly kind: DecodeKind;
  readonly width: number;
  readonly height: number;
}

/** What formats begin with that are refused by name: text at a place, in Latin-1. */
const OTHER_FORMATS: readonly (readonly [name: string, at: number, text: string])[] = [
  ["GIF", 0, "GIF8"],
  ["BMP", 0, "BM"],
  ["TIFF", 0, "II*\0"],
  ["TIFF", 0, "II+\0"],
  ["TIFF", 0, "MM\0*"],
  ["TIFF", 0, "MM\0+"],
  ["AVIF", 4, "ftypavi"],
  ["HEIC", 4, "ftyphe"],
  ["HEIC", 4, "ftypmif1"],
  ["HEIC", 4, "ftypmsf1"],
  ["JPEG 2000", 4, "jP  \r\n"],
  ["JPEG 2000", 0, "\xff\x4f\xff\x51"],
  ["JPEG XL", 4, "JXL \r\n"],
  ["JPEG XL", 0, "\xff\x0a"],
  ["PDF", 0, "%PDF-"],
  ["ICO", 0, "\0\0\x01\0"],
  ["PNM", 0, "P5"],
  ["PNM", 0, "P6"],
  ["Photoshop", 0, "8BPS"],
];
/** Baseline, extended and progressive, with Huffman's code and with arithmetic coding. */
const CODED_FRAMES = new Set([0xc0, 0xc1, 0xc2, 0xc9, 0xca]);
/** Bytes that are looked at to name a format. */
const LOOKED_AT_BYTES = 256;

/**
 * Looks at an encoded image's first bytes and header, and says what it is; decodes nothing.
 * @param bytes the whole file
 * @param name what messages call it
 * @throws ImageError where it is empty, no image, or ends or is harmed before its data
 * @example encodedImage(bytes, "a.jpg").kind.kind // "JPEG, four components"
 */
export function encodedImage(bytes: Uint8Array, name: string): EncodedImage {
  const needed = "a JPEG, PNG or WebP is needed";
  if (bytes.length === 0) throw new ImageError("empty", name, `${needed}, got no bytes`);
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, LOOKED_AT_BYTES)).toString(
    "latin1",
  );
  const take = <T extends object>(header: T | HeaderFault): T => {
    if ("fault" in header) throw new ImageError(header.fault, name, `${needed}, got ${header.found}`);
    return header as T;
  };
  if (head.startsWith("\xff\xd8\xff")) {
    const header = take(jpegHeader(bytes));
    return { format: "jpeg", kind: jpegKind(header), width: header.width, height: header.height };
  }
  if (head.startsWith("\x89PNG\r\n\x1a\n")) {
    const { width, height, depth, colour } = take(pngHeader(bytes));
    const kind = depth === 16 && colour === 0 ? decodeKinds.pngGrey16 : decodeKinds.png;
    return { format: "png", kind, width, height };
  }
  if (head.startsWith("RIFF") && head.slice(8, 12) === "WEBP") {
    const { width, height } = take(webpHeader(bytes));
    return { format: "webp", kind: decodeKinds.webp, width, height };
  }
  const isSvg = /^\s*(?:<\?xml|<!DOCTYPE svg|<svg\b)/i.test(head) && head.includes("<svg");
  const other = isSvg ? "SVG" : OTHER_FORMATS.find(([, at, text]) => head.startsWith(text, at))?.[0];
  if (other !== undefined) throw new ImageError("unsupported", name, `${needed}, got ${other}`);
  const hex = Buffer.from(head.slice(0, 8), "latin1").toString("hex");
  throw new ImageError("not an image", name, `${needed}, got bytes that begin with ${hex}`);
}

function jpegKind({ frame, precision, components, isFractional }: JpegHeader): DecodeKind {
  const isCoded = CODED_FRAMES.has(frame) && precision === 8 && !isFractional;
  if (isCoded && (components === 1 || components === 3)) return decodeKinds.jpeg;
  return isCoded && components === 4 ? decodeKinds.jpegFourComponents : decodeKinds.jpegOther;
}
