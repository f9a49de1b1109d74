/** A credit as a row of parts, the same for every format that people read. */
import type { Credit } from "./credit.js";
import type { ImageSource } from "./source.js";

/** Our own words, or text from data that the format must escape, perhaps as a link or as code. */
export type CreditPart =
  | string
  | {
      readonly text: string;
      readonly href?: string | undefined;
      readonly licence?: boolean;
      readonly code?: boolean;
    };

/** What sources are called. */
export const sourceNames: { readonly [source in ImageSource]: string } = {
  flickr: "Flickr",
  wikimedia: "Wikimedia Commons",
  unknown: "Source not told",
};

/** What a group of licences is called: all that were not recognised are one group. */
export function licenceHeading({ licence, licenceName }: Credit): string {
  return licence.category === "unknown" ? "Licence not recognised" : licenceName;
}

/**
 * Title, author, source, licence, changes, in the order that Creative Commons recommends.
 * @example creditParts(credit) // [{ text: "Boat" }, " by ", { text: "Ann" }, ...]
 */
export function creditParts(credit: Credit): CreditPart[] {
  const parts: CreditPart[] = [];
  const { title, author, sourceUrl, source, licence, asWritten } = credit;
  if (title !== undefined) parts.push("“", { text: title, href: sourceUrl }, "”");
  if (author !== undefined) parts.push(title === undefined ? "By " : " by ", { text: author });
  if (asWritten !== undefined)
    parts.push(parts.length === 0 ? "Credit: “" : ". Credit: “", { text: asWritten }, "”");
  if (parts.length === 0) parts.push("No credit given");
  parts.push(source === "unknown" ? ". " : `, ${sourceNames[source]}. `);
  if (title === undefined && sourceUrl !== undefined) parts.push({ text: "Original", href: sourceUrl }, ". ");
  if (licence.category === "unknown" && credit.licenceName !== "") parts.push("Licence as written: ");
  if (credit.licenceName === "") parts.push("No licence given");
  else parts.push({ text: credit.licenceName, href: credit.licenceUrl, licence: true });
  parts.push(
    ". ",
    ...(credit.changes === undefined ? ["Unchanged"] : ["Changes: ", { text: credit.changes }]),
  );
  parts.push(". Key ", { text: credit.key, code: true }, ".");
  if (credit.missing.length > 0) parts.push(` Missing: ${credit.missing.join(", ")}.`);
  return parts;
}
