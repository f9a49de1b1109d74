/** The images of an index in the order in which credits are written: by licence, source and attribution. */
import { type CreditedImage, licenceCategories } from "../licences/index.js";
import type { CorpusIndex } from "./index-types.js";
import { rowsOf } from "./questions.js";

/** Fields beyond the data card's that a pool's records may have, and that a credit is made of. */
const CREDIT_FIELDS = ["title", "author", "source_url", "changes"] as const;

/**
 * Every image as `writeCredits` takes it, grouped as it needs them; DuckDB sorts, on disk where memory is short.
 * @param options.signal stops between two images, and interrupts the sorting
 * @example for await (const text of writeCredits(creditedImages(await corpus.index()), { format: "csv" })) ...
 */
export async function* creditedImages(
  index: CorpusIndex,
  options: { readonly signal?: AbortSignal | undefined } = {},
): AsyncGenerator<CreditedImage, void, undefined> {
  const tables = index.batches(
    `SELECT key, license, license_url, attribution, extra FROM images
     ORDER BY list_position($categories::VARCHAR[], licence_category),
       CASE WHEN licence_category = 'unknown' THEN '' ELSE coalesce(spdx, license) END,
       source, attribution, key`,
    { categories: licenceCategories },
    options,
  );
  for await (const table of tables)
    for (const { extra, ...image } of rowsOf<CreditedImage & { readonly extra: string | null }>(table))
      yield extra === null ? image : { ...image, ...creditFields(extra) };
}

function creditFields(extra: string): Partial<CreditedImage> {
  const fields = JSON.parse(extra) as { readonly [name: string]: unknown };
  return Object.fromEntries(
    CREDIT_FIELDS.flatMap((name) => (typeof fields[name] === "string" ? [[name, fields[name]]] : [])),
  );
}
