/** Comma-separated values as RFC 4180 has them: the tables beside the sample's shards. */

/** A row by column name. */
export type CsvRow = { readonly [column: string]: string };

/**
 * Reads a table whose first line names the columns.
 * @throws SyntaxError where a row has another number of fields than there are columns
 */
export function parseCsv(text: string): CsvRow[] {
  const rows: string[][] = [[]];
  for (let at = 0; at < text.length; ) {
    let value: string;
    if (text[at] === '"') {
      let end = at + 1;
      while (end < text.length && (text[end] !== '"' || text[end + 1] === '"'))
        end += text[end] === '"' ? 2 : 1;
      value = text.slice(at + 1, end).replaceAll('""', '"');
      at = end + 1;
    } else {
      const end = at + text.slice(at).search(/[,\r\n]|$/);
      value = text.slice(at, end);
      at = end;
    }
    rows.at(-1)!.push(value);
    if (text[at] === ",") {
      if (/^[\r\n]?$/.test(text[at + 1] ?? "")) rows.at(-1)!.push("");
      at++;
    }
    if (text[at] === "\r" || text[at] === "\n") {
      at += text[at] === "\r" && text[at + 1] === "\n" ? 2 : 1;
      if (at < text.length) rows.push([]);
    }
  }
  const [columns = [], ...records] = rows;
  return records.map((record, i) => {
    if (record.length !== columns.length)
      throw new SyntaxError(
        `Cannot read row ${i + 1} of a table: ${columns.length} fields are needed, got ${record.length}`,
      );
    return Object.fromEntries(columns.map((column, j) => [column, record[j]!]));
  });
}

/** Writes a table; fields are quoted only where they have to be. */
export function formatCsv(columns: readonly string[], rows: readonly CsvRow[]): string {
  const quote = (value: string) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  const lines = rows.map((row) => columns.map((column) => quote(row[column] ?? "")).join(","));
  return `${[columns.join(","), ...lines].join("\n")}\n`;
}
