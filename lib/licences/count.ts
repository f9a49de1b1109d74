/**
 * Counts the licences of a corpus by source: what is accepted, what is not, what nobody recognised (the paper's 2.1
 * and the shares of Figure 2; check C8).
 */

import { type Licence, type LicenceCategory, licenceCategories } from "./licence.js";
import { normaliseLicence } from "./normalise.js";
import { type ImageSource, imageSource, imageSources } from "./source.js";

/** What is needed of a record. */
export interface LicensedRecord {
  readonly license: string;
  readonly license_url: string;
  readonly attribution: string;
}

/** The images of one licence from one source. */
export interface LicenceCount {
  /** SPDX identifier; "" where the licence was not recognised. */
  readonly spdx: string;
  readonly name: string;
  readonly category: LicenceCategory;
  readonly permissive: boolean;
  readonly source: ImageSource;
  readonly images: number;
  /** Of all images, 0 to 1. */
  readonly share: number;
}

/** A licence that was not recognised, or whose name and URL disagree, as it was written. */
export interface OddLicence {
  readonly license: string;
  readonly license_url: string;
  readonly why: string;
  readonly images: number;
}

/** The licences of a corpus. */
export interface LicenceCounts {
  readonly images: number;
  /** Images under one of the four accepted categories. */
  readonly accepted: number;
  /** Images under a licence that is known and not accepted. */
  readonly rejected: number;
  /** Images whose licence was not recognised. */
  readonly unknown: number;
  /** Of all images, 0 to 1; 0 where there are none. */
  readonly unknownShare: number;
  /** Images whose licence's name and URL say different things. */
  readonly disagreeing: number;
  /** By category in the order of `licenceCategories`, then the most frequent first. */
  readonly rows: readonly LicenceCount[];
  /** Strings to look at, the most frequent first; at most `MAX_ODD_LICENCES` different ones are kept apart. */
  readonly odd: readonly OddLicence[];
}

/** Different odd strings that are counted one by one; a corpus of garbage must not fill the memory. */
export const MAX_ODD_LICENCES: number = 1000;
/** Text that is kept of each. */
const SHOWN_CHARS = 200;

/**
 * Counts licences and sources.
 * @param records of any kind that has a licence, a URL and an attribution
 * @example (await countLicences([{ license: "CC0", license_url: "", attribution: "Ann" }])).rows[0].spdx // "CC0-1.0"
 */
export async function countLicences(
  records: AsyncIterable<LicensedRecord> | Iterable<LicensedRecord>,
): Promise<LicenceCounts> {
  const counts = new Map<string, { licence: Licence; source: ImageSource; images: number }>();
  const odd = new Map<string, { license: string; license_url: string; why: string; images: number }>();
  let images = 0;
  let disagreeing = 0;
  for await (const record of records) {
    const licence = normaliseLicence(record.license, record.license_url);
    const { source } = imageSource(record);
    const key = `${licence.spdx ?? ""} ${licence.category} ${source}`;
    const count = counts.get(key);
    if (count === undefined) counts.set(key, { licence, source, images: 1 });
    else count.images++;
    images++;
    if (licence.disagreement !== undefined) disagreeing++;
    if (licence.category === "unknown" || licence.disagreement !== undefined) countOdd(odd, record, licence);
  }
  const of = (wanted: (licence: Licence) => boolean) =>
    [...counts.values()].reduce((sum, count) => sum + (wanted(count.licence) ? count.images : 0), 0);
  const unknown = of(({ category }) => category === "unknown");
  return {
    images,
    accepted: of(({ permissive }) => permissive),
    rejected: of(({ category }) => category === "rejected"),
    unknown,
    unknownShare: unknown / Math.max(1, images),
    disagreeing,
    rows: [...counts.values()].map((count) => rowOf(count, images)).sort(byCategory),
    odd: [...odd.values()].sort((a, b) => b.images - a.images || (a.license < b.license ? -1 : 1)),
  };
}

function countOdd(
  odd: Map<string, { license: string; license_url: string; why: string; images: number }>,
  record: LicensedRecord,
  licence: Licence,
): void {
  const license = record.license.slice(0, SHOWN_CHARS);
  const license_url = record.license_url.slice(0, SHOWN_CHARS);
  const key = `${license}\n${license_url}`;
  const known = odd.get(key);
  if (known !== undefined) known.images++;
  else if (odd.size < MAX_ODD_LICENCES)
    odd.set(key, { license, license_url, why: licence.disagreement ?? licence.reason, images: 1 });
}

function rowOf(
  { licence, source, images }: { licence: Licence; source: ImageSource; images: number },
  all: number,
): LicenceCount {
  const { spdx = "", name = "not recognised", category, permissive } = licence;
  return { spdx, name, category, permissive, source, images, share: images / all };
}

function byCategory(a: LicenceCount, b: LicenceCount): number {
  const rank = (row: LicenceCount) => licenceCategories.indexOf(row.category);
  return (
    rank(a) - rank(b) ||
    b.images - a.images ||
    (a.spdx < b.spdx ? -1 : a.spdx > b.spdx ? 1 : 0) ||
    imageSources.indexOf(a.source) - imageSources.indexOf(b.source)
  );
}
