/**
 * One image of the corpus as its shard describes it: ten fields of JSON, and where the picture's bytes lie.
 *
 * The paper's section 2.5; the fields are those of the release's data card. The JSON is checked here, once, so that
 * whoever counts can trust it. Texts come from the web: treat every string as hostile where markup is made of it.
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
}

/** One image: its metadata, its place, and its pixels on demand. */
export interface ImageRecord extends ImageMetadata {
  /** The shard's name below the corpus: "train/gpic_train_00000.tar". */
  readonly shard: string;
  /** Where the picture's bytes begin in the shard. */
  readonly imageOffset: number;
  /** Size of the encoded picture. */
  readonly imageBytes: number;
  readonly imageExtension: "jpg" | "png";
  /** Reads the encoded picture: `imageBytes` bytes of JPEG or PNG. */
  readImage(): Promise<Uint8Array>;
}

/**
 * Checks that a parsed JSON has the release's ten fields; unknown extra ones are left out.
 * @param value what JSON.parse gave
 * @throws TypeError that names the first field which is missing, of a wrong type or out of range
 * @example parseImageMetadata(JSON.parse(text)).caption_type // "short"
 */
export function parseImageMetadata(value: unknown): ImageMetadata {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw wrong("the record", "a JSON object", value);
  const fields = value as Record<string, unknown>;
  const text = (name: string) => {
    const field = fields[name];
    if (typeof field !== "string") throw wrong(name, "text", field);
    return field;
  };
  const pixels = (name: string) => {
    const field = fields[name];
    if (!Number.isSafeInteger(field) || (field as number) < 1)
      throw wrong(name, "a positive whole number", field);
    return field as number;
  };
  const key = text("key");
  if (!/^[0-9a-f]{64}$/i.test(key)) throw wrong("key", "64 hexadecimal digits", key);
  const split = fields.split;
  if (!Array.isArray(split) || !split.every((tier) => tiers.includes(tier)))
    throw wrong("split", `a list out of ${tiers.join(", ")}`, split);
  const captionType = text("caption_type");
  if (!captionTypes.includes(captionType as CaptionType))
    throw wrong("caption_type", `one of ${captionTypes.join(", ")}`, captionType);
  return {
    key,
    license: text("license"),
    license_url: text("license_url"),
    attribution: text("attribution"),
    retrieved_at: text("retrieved_at"),
    img_width: pixels("img_width"),
    img_height: pixels("img_height"),
    split: split as Tier[],
    caption_type: captionType as CaptionType,
    caption: text("caption"),
  };
}

function wrong(field: string, needed: string, got: unknown): TypeError {
  const shown = got === undefined ? "nothing" : JSON.stringify(got);
  return new TypeError(
    `${field} is ${needed}, got ${shown.length > 80 ? `${shown.slice(0, 80)}...` : shown}`,
  );
}
