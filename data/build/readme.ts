/** The tables of data/README.md: every photograph and every made-up record of the pool with its origin and licence. */
import type { CsvRow } from "./csv.js";
import type { Derived } from "./derive.js";

const START = "<!-- tables: made by data/build-sample.ts -->";
const END = "<!-- end of tables -->";

/**
 * Puts the tables into the README, between their two marks.
 * @param readme the README as it is
 * @throws Error where the marks are missing
 */
export function withTables(readme: string, photographs: readonly CsvRow[], derived: Derived): string {
  const start = readme.indexOf(START);
  const end = readme.indexOf(END);
  if (start === -1 || end < start)
    throw new Error(`Cannot write the tables of data/README.md: the marks ${START} and ${END} are needed`);
  return `${readme.slice(0, start)}${START}\n\n${tables(photographs, derived)}\n${readme.slice(end)}`;
}

function tables(photographs: readonly CsvRow[], { files, truth }: Derived): string {
  const shards = table(
    ["shard", "bytes"],
    [...files]
      .filter(([name]) => name.endsWith(".tar"))
      .map(([name, bytes]) => [`sample/${name}`, String(bytes.length)]),
  );
  const truthOf = new Map(truth.map((row) => [row.key, row]));
  const origin = table(
    ["photograph", "pool", "release", "title", "author", "licence", "origin", "change"],
    photographs.map((row) => [
      cell(row.file!),
      row.key!.slice(0, 12),
      truthOf.get(row.key)!.release_key!.slice(0, 12),
      cell(row.title!),
      cell(row.author!),
      `[${cell(row.license!)}](${row.license_url})`,
      `${cell(row.package!)}${row.source_url === "" ? "" : `, <${encodeURI(decodeURI(row.source_url!))}>`}`,
      cell(row.changes!),
    ]),
  );
  const made = table(
    ["pool", "what was made", "of", "parameters"],
    truth
      .filter((row) => row.kind !== "photograph")
      .map((row) => [row.key!.slice(0, 12), row.kind!, cell(row.source_file!), cell(row.parameters!)]),
  );
  return `### Shards\n\n${shards}\n### Photographs\n\n${origin}\n### Made-up records of the pool\n\n${made}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  return line(head) + line(head.map(() => "---")) + rows.map(line).join("");
}

/** Text that stays text inside a cell of a Markdown table. */
function cell(text: string): string {
  return text
    .replace(/[\r\n]+/g, " ")
    .replaceAll("&", "&amp;")
    .replace(/[\\`*_[\]<>|~]/g, (mark) => `&#${mark.charCodeAt(0)};`);
}
