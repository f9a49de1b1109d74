/**
 * One image of the corpus as its shard describes it: ten fields of JSON, and where the picture's bytes lie.
 *
 * The paper's section 2.5; the fields are those of the release's data card. The JSON is checked where it is read, once,
 * so that whoever counts can trust it. Texts come from the web: treat every string as hostile where markup is made of it.
 */

/** The kinds of captions that the release has. */
export type CaptionType = "tag" | "short" | "medium" | "long";
/** The nested parts of the train split. */
export type Tier = "nano" | "lite" | "full";
/** The parts of the release that share no image. */
export type Split = "train" | "val" | "test";

/** Every caption type, shortest first. */
export const captionTypes: readonly CaptionType[] = ["tag", "short", "medium", "long"];
/** Every tier, smallest first. */
export const tiers: readonly Tier[] = ["nano", "lite", "full"];
/** Every split, in the release's order. */
export const splits: readonly Split[] = ["train", "val", "test"];

/** The ten fields of the JSON beside an image. */
export interface ImageMetadata {
  /** Name of the image in the shard: 64 hexadecimal digits of a SHA-256. */
  readonly key: string;
  /** The licence's name, as the source writes it: "CC BY 2.0". */
  readonly license: string;
  readonly license_url: string;
  /** Whom to credit, in the source's own words. */
  readonly attribution: string;
  /** When the image was fetched, as written (ISO 8601 in the sample). */
  readonly retrieved_at: string;
  /** Width in pixels, at least 1. */
  readonly img_width: number;
  /** Height in pixels, at least 1. */
  readonly img_height: number;
  /** The tiers that hold the image; empty outside train. */
  readonly split: readonly Tier[];
  readonly caption_type: CaptionType;
  readonly caption: string;
  /** Fields that the data card does not know, as they were written, unchecked; absent where there are none. */
  readonly extra?: { readonly [name: string]: unknown };
}

/** One image: its metadata, its place, and its pixels on demand. */
export interface ImageRecord extends ImageMetadata {
  /** The shard's name below the corpus: "train/gpic_train_00000.tar". */
  readonly shard: string;
  /** Where the JSON's entry begins in the shard: its header, or that of its PAX or long-name header. */
  readonly jsonOffset: number;
  /** Where the picture's bytes begin in the shard. */
  readonly imageOffset: number;
  /** Size of the encoded picture. */
  readonly imageBytes: number;
  /** "jpg" for .jpeg too. */
  readonly imageExtension: "jpg" | "png";
  /**
   * Reads the encoded picture: `imageBytes` bytes of JPEG or PNG.
   * @throws Error where the shard streamed by without its images being kept
   */
  readImage(): Promise<Uint8Array>;
}
