/**
 * What is credited of one image, and what its licence asks for that is not there.
 *
 * Creative Commons recommends TASL: title, author, source, licence. What the licences ask for:
 * - CC BY 1.0 to 3.0: the author's name (or whom the author names), the title if there is one, the address that comes
 *   with the work, the licence's own address, and that a changed work says what was changed.
 * - CC BY 4.0: the same without the title, and every change is to be indicated.
 * - CC0, public domain, no known restrictions: nothing; a credit is good manners.
 * The release names no address of the original (the paper's 2.1 withholds them), so each CC BY image lacks that one.
 * An attribution in the source's own words is a credit: where no author can be told from it, it stands word for word
 * and the author does not count as missing.
 */
import { findCredit } from "./credit-pattern.js";
import type { Licence } from "./licence.js";
import { normaliseLicence } from "./normalise.js";
import { safeUrl } from "./safe-text.js";
import { type ImageSource, imageSource } from "./source.js";

/** An image to be credited: a record of the release, or of a pool that knows more. */
export interface CreditedImage {
  readonly key: string;
  readonly license: string;
  readonly license_url: string;
  readonly attribution: string;
  readonly title?: string;
  readonly author?: string;
  /** Where the original is. */
  readonly source_url?: string;
  /** What was done to the image; "", "none" or nothing: it is used unchanged. */
  readonly changes?: string;
}

/** What a licence asks for and a record lacks. */
export type MissingCredit = "author" | "title" | "source link" | "licence link" | "licence";

/** Everything that can be missing, in the order of the summary. */
export const missingCredits: readonly MissingCredit[] = [
  ...(["licence", "licence link", "author", "title", "source link"] as const),
];

/** One image's credit. */
export interface Credit {
  readonly key: string;
  /** Undefined where neither record nor attribution names it. */
  readonly title?: string;
  readonly author?: string;
  readonly source: ImageSource;
  /** An http or https address; undefined where there is none. */
  readonly sourceUrl?: string;
  readonly licence: Licence;
  /** The licence's name for people; as written where it was not recognised. */
  readonly licenceName: string;
  /** Where the licence can be read, an http or https address. */
  readonly licenceUrl?: string;
  /** Undefined: used unchanged. */
  readonly changes?: string;
  /** The attribution as written. */
  readonly attribution: string;
  /** The same, where it says more than the fields above; else undefined. */
  readonly asWritten?: string;
  readonly missing: readonly MissingCredit[];
}

/**
 * The credit of one image. Texts are as written: escape them for where they go.
 * @example creditOf({ key: "0", license: "CC BY 2.0", license_url: "", attribution: "Ann on Flickr" }).missing // ["title", "source link"]
 */
export function creditOf(image: CreditedImage): Credit {
  const licence = normaliseLicence(image.license, image.license_url);
  const found = findCredit(image.attribution);
  const title = image.title?.trim() || found.title;
  const author = image.author?.trim() || found.author;
  const sourceUrl = safeUrl(image.source_url ?? "");
  const licenceUrl = linkOf(licence) ?? safeUrl(image.license_url);
  const changes = image.changes?.trim();
  const asWritten = image.attribution.trim();
  const credit = {
    ...(title ? { title } : {}),
    ...(author ? { author } : {}),
    ...(sourceUrl ? { sourceUrl } : {}),
    ...(licenceUrl ? { licenceUrl } : {}),
    ...(changes && changes !== "none" ? { changes } : {}),
    ...(asWritten && !(author && found.complete) ? { asWritten } : {}),
  };
  const licenceName = licence.name ?? image.license.trim();
  const { source } = imageSource(image);
  const { key, attribution } = image;
  return { key, source, licence, licenceName, attribution, ...credit, missing: missingOf(licence, credit) };
}

const links = new WeakMap<Licence, string | undefined>();

/** The licence's own address; the same few licences come again and again. */
function linkOf(licence: Licence): string | undefined {
  if (licence.url === undefined) return undefined;
  if (!links.has(licence)) links.set(licence, safeUrl(licence.url));
  return links.get(licence);
}

function missingOf(licence: Licence, credit: Partial<Credit>): MissingCredit[] {
  if (licence.category === "unknown") return ["licence"];
  if (!/CC-BY/.test(licence.spdx ?? "")) return [];
  const missing: MissingCredit[] = [];
  if (credit.licenceUrl === undefined) missing.push("licence link");
  if (credit.author === undefined && credit.asWritten === undefined) missing.push("author");
  if (credit.title === undefined && Number(licence.version ?? 0) < 4) missing.push("title");
  if (credit.sourceUrl === undefined) missing.push("source link");
  return missing;
}
