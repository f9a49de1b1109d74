/**
 * Credits for every image of a corpus: title, author, source, licence with link, changes.
 *
 * Why: the paper's release is MIT as a collection, and each image keeps its own licence; four fifths are CC BY, which
 * asks whoever shares a picture to name the author, to link the licence and to say what was changed. CC BY before 4.0
 * also asks for the title, and every version for the address of the original where there is one: the release withholds
 * those, so its credits can never be quite complete, and say so. Public domain, CC0 and no known restrictions ask for
 * nothing; they are credited all the same. `creditOf` says what is asked and what is there.
 *
 * The images come grouped (by licence, then source, then author: `sortForCredits` does it in memory, an index by ORDER
 * BY) and go out as they come, so a million take no more memory than one. Markdown and HTML have headings and end with
 * what is missing; CSV and JSON Lines are one image a line and hold nothing else, their summary goes to `onSummary`.
 */
import { type Credit, type CreditedImage, creditOf } from "./credit.js";
import { licenceHeading } from "./credit-parts.js";
import { type CreditsFormat, creditsFormats, type GroupLevel } from "./credits-format.js";
import { type CreditsSummary, countCredit, emptySummary, summaryLines } from "./credits-summary.js";
import { licenceCategories } from "./licence.js";
import { imageSources } from "./source.js";

/** The formats of `writeCredits`. */
export type CreditsFormatName = keyof typeof creditsFormats;

/** Every format. */
export const creditsFormatNames: readonly CreditsFormatName[] = ["markdown", "html", "csv", "jsonl"];

/** How credits are written. */
export interface CreditsOptions {
  readonly format: CreditsFormatName;
  /** Heading of Markdown and HTML, plain text: "Image credits" where there is none. */
  readonly title?: string;
  /** Called once, at the end. */
  readonly onSummary?: (summary: CreditsSummary) => void;
  /** Stops between two images. */
  readonly signal?: AbortSignal;
}

/** Characters that are gathered before they are given on: one write of a file at a time. */
const CHUNK_CHARS = 1 << 16;

/**
 * Writes credits as a stream of text.
 * @param images grouped by licence and source, and by author inside
 * @returns chunks of text; joined they are the file
 * @throws RangeError for another format; Error where a licence's or source's images come in two places
 * @example for await (const text of writeCredits(sortForCredits(images), { format: "markdown" })) file.write(text);
 */
export async function* writeCredits(
  images: AsyncIterable<CreditedImage> | Iterable<CreditedImage>,
  options: CreditsOptions,
): AsyncGenerator<string, void, undefined> {
  if (!creditsFormatNames.includes(options.format))
    throw new RangeError(
      `Cannot write credits: the format is ${creditsFormatNames.join(", ")}, got ${JSON.stringify(options.format)}`,
    );
  const format: CreditsFormat = creditsFormats[options.format];
  const summary = emptySummary();
  const groups = new Set<string>();
  let last: Credit | undefined;
  let text = format.begin(options.title ?? "Image credits");
  for await (const image of images) {
    options.signal?.throwIfAborted();
    const credit = creditOf(image);
    const level = levelOf(credit, last);
    if (level !== undefined) {
      if (level !== "author") checkGroup(credit, groups);
      text += format.heading(credit, level, last === undefined);
    }
    text += format.entry(credit);
    countCredit(summary, credit);
    last = credit;
    if (text.length < CHUNK_CHARS) continue;
    yield text;
    text = "";
  }
  yield text + format.end(summaryLines(summary), summary);
  options.onSummary?.(summary);
}

function levelOf(credit: Credit, last: Credit | undefined): GroupLevel | undefined {
  if (last === undefined || licenceHeading(credit) !== licenceHeading(last)) return "licence";
  if (credit.source !== last.source) return "source";
  return credit.author === last.author ? undefined : "author";
}

function checkGroup(credit: Credit, groups: Set<string>): void {
  const group = `${licenceHeading(credit)} from ${credit.source}`;
  if (groups.has(group))
    throw new Error(
      `Cannot write credits: images grouped by licence and source are needed, got ${group} twice`,
    );
  groups.add(group);
}

/**
 * The images in the order of credits: accepted licences first, then by name, source and author.
 * @returns a new array
 */
export function sortForCredits<T extends CreditedImage>(images: Iterable<T>): T[] {
  const compare = new Intl.Collator("en", { numeric: true }).compare;
  return Array.from(images, (image) => ({ image, credit: creditOf(image) }))
    .sort(
      ({ credit: a }, { credit: b }) =>
        licenceCategories.indexOf(a.licence.category) - licenceCategories.indexOf(b.licence.category) ||
        compare(licenceHeading(a), licenceHeading(b)) ||
        imageSources.indexOf(a.source) - imageSources.indexOf(b.source) ||
        compare(a.author ?? "", b.author ?? "") ||
        compare(a.title ?? "", b.title ?? ""),
    )
    .map(({ image }) => image);
}
