/**
 * Tells from the credit where an image came from, as the release names no source and no URL.
 *
 * The paper's section 2.1: Flickr 87.7 %, Wikimedia 12.3 %. The rule is ours: a host or name of Flickr or Wikimedia
 * in the attribution or in the licence's URL, Flickr's first as Wikimedia carries pictures from Flickr and not the
 * other way round; whoever names neither is "unknown".
 */

/** Where an image was published. */
export type ImageSource = "flickr" | "wikimedia" | "unknown";

/** Every source, the largest of the paper first. */
export const imageSources: readonly ImageSource[] = ["flickr", "wikimedia", "unknown"];

/** A source, and the rule that decided. */
export interface SourceFinding {
  readonly source: ImageSource;
  /** In words: what was found where. */
  readonly rule: string;
}

/**
 * The source of an image.
 * @example imageSource({ attribution: "Eszter via Wikimedia Commons", license_url: "" }).source // "wikimedia"
 */
export function imageSource(record: {
  readonly attribution: string;
  readonly license_url: string;
}): SourceFinding {
  const text = `${record.attribution}\n${record.license_url}`.toLowerCase();
  if (/\bflickr\b|\bflic\.kr\b/.test(text)) return { source: "flickr", rule: "names Flickr" };
  return /\bwikimedia\b|\bwikipedia\b/.test(text)
    ? { source: "wikimedia", rule: "names Wikimedia" }
    : { source: "unknown", rule: "names neither" };
}
