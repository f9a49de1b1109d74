/** What a file of credits holds, and what it lacks. */
import { type Credit, type MissingCredit, missingCredits } from "./credit.js";

/** Counts over every image that was credited. */
export interface CreditsSummary {
  readonly images: number;
  /** Images that have all that their licence asks for. */
  readonly complete: number;
  /** Images credited in the source's own words, as no author could be told from them. */
  readonly asWritten: number;
  /** Images that were changed. */
  readonly changed: number;
  /** Images that lack what their licence asks for, by what. */
  readonly missing: { readonly [what in MissingCredit]: number };
}

/** The same while it grows. */
export interface GrowingSummary {
  images: number;
  complete: number;
  asWritten: number;
  changed: number;
  readonly missing: { [what in MissingCredit]: number };
}

/** Nothing counted yet. */
export function emptySummary(): GrowingSummary {
  const missing = { licence: 0, "licence link": 0, author: 0, title: 0, "source link": 0 };
  return { images: 0, complete: 0, asWritten: 0, changed: 0, missing };
}

/** Counts one image in. */
export function countCredit(summary: GrowingSummary, credit: Credit): void {
  summary.images++;
  if (credit.missing.length === 0) summary.complete++;
  if (credit.asWritten !== undefined && credit.author === undefined) summary.asWritten++;
  if (credit.changes !== undefined) summary.changed++;
  for (const what of credit.missing) summary.missing[what]++;
}

/** The summary in words, one fact a line, without a sign that any format would read. */
export function summaryLines(summary: CreditsSummary): string[] {
  const of = `of ${summary.images} images`;
  const lacking = missingCredits
    .filter((what) => summary.missing[what] > 0)
    .map((what) => `${summary.missing[what]} ${of} lack what their licence asks for: ${what}`);
  return [
    `${summary.complete} ${of} have all that their licence asks for`,
    `${summary.asWritten} ${of} are credited in the words of their source, as no author could be told from them`,
    `${summary.changed} ${of} were changed`,
    ...lacking,
  ];
}
