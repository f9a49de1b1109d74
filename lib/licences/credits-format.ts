/** How credits look in each format: the beginning, a group's heading, one image, the end. */
import type { Credit } from "./credit.js";
import { type CreditPart, creditParts, licenceHeading, sourceNames } from "./credit-parts.js";
import type { CreditsSummary } from "./credits-summary.js";
import { csvCell, htmlText, jsonLine, markdownAddress, markdownText } from "./safe-text.js";

/** What changed since the image before: the licence, the source under it, or the author alone. */
export type GroupLevel = "licence" | "source" | "author";

/** One format; each function returns text that ends with a line end, or "". */
export interface CreditsFormat {
  begin(title: string): string;
  /** @param first whether no group came before */
  heading(credit: Credit, level: GroupLevel, first: boolean): string;
  entry(credit: Credit): string;
  /** @param summaryLines our own words, one fact a line */
  end(summaryLines: readonly string[], summary: CreditsSummary): string;
}

const NOTE =
  "For each image: title, author, source, licence and changes. Images are used unchanged unless it says so. " +
  "What a licence asks for and nobody told is named as missing.";

const NO_AUTHOR = "Author not told apart";

const markdown: CreditsFormat = {
  begin: (title) => `# ${markdownText(title)}\n\n${NOTE}\n`,
  heading(credit, level) {
    const author = `\n#### ${markdownText(credit.author ?? NO_AUTHOR)}\n\n`;
    const source = `\n### ${sourceNames[credit.source]}\n${author}`;
    if (level !== "licence") return level === "source" ? source : author;
    const link = credit.licence.url === undefined ? undefined : credit.licenceUrl;
    return `\n## ${markdownPart({ text: licenceHeading(credit), href: link })}\n${source}`;
  },
  entry: (credit) => `- ${creditParts(credit).map(markdownPart).join("")}\n`,
  end: (lines) => `\n## What is there and what is missing\n\n${lines.map((line) => `- ${line}\n`).join("")}`,
};

function markdownPart(part: CreditPart): string {
  if (typeof part === "string") return part;
  const text = markdownText(part.text);
  if (part.href !== undefined) return `[${text}](<${markdownAddress(part.href)}>)`;
  return part.code && /^[\w-]+$/.test(part.text) ? `\`${part.text}\`` : text;
}

const html: CreditsFormat = {
  begin: (title) =>
    `<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n` +
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'">\n` +
    `<title>${htmlText(title)}</title>\n</head>\n<body>\n<h1>${htmlText(title)}</h1>\n<p>${NOTE}</p>\n`,
  heading(credit, level, first) {
    const before = first ? "" : "</ul>\n";
    const author = `<h4>${htmlPart({ text: credit.author ?? NO_AUTHOR })}</h4>\n<ul>\n`;
    const source = `<h3>${sourceNames[credit.source]}</h3>\n${author}`;
    if (level !== "licence") return before + (level === "source" ? source : author);
    const link = credit.licence.url === undefined ? undefined : credit.licenceUrl;
    return `${before}<h2>${htmlPart({ text: licenceHeading(credit), href: link, licence: true })}</h2>\n${source}`;
  },
  entry: (credit) => `<li>${creditParts(credit).map(htmlPart).join("")}</li>\n`,
  end: (lines, { images }) =>
    `${images === 0 ? "" : "</ul>\n"}<h2>What is there and what is missing</h2>\n<ul>\n` +
    `${lines.map((line) => `<li>${line}</li>\n`).join("")}</ul>\n</body>\n</html>\n`,
};

function htmlPart(part: CreditPart): string {
  if (typeof part === "string") return part;
  // bdi: what turns the direction of writing inside a name ends with the name
  const text = `<bdi>${htmlText(part.text)}</bdi>`;
  if (part.href === undefined) return part.code ? `<code>${text}</code>` : text;
  const rel = part.licence ? "license noopener noreferrer" : "noopener noreferrer nofollow";
  return `<a href="${htmlText(part.href)}" rel="${rel}">${text}</a>`;
}

/** The columns of the CSV, which are the fields of JSON Lines. */
export const creditColumns: readonly string[] = [
  ...["key", "title", "author", "source", "source_url", "license", "spdx", "license_url", "changes"],
  ...["attribution", "missing"],
];

function fieldsOf(credit: Credit): readonly (string | null)[] {
  const { key, title, author, source, sourceUrl, licenceName, licence, licenceUrl, changes } = credit;
  const optional = [title, author, source, sourceUrl, licenceName, licence.spdx, licenceUrl, changes];
  return [key, ...optional.map((field) => field ?? null), credit.attribution];
}

const csv: CreditsFormat = {
  begin: () => `${creditColumns.join(",")}\r\n`,
  heading: () => "",
  entry: (credit) =>
    `${[...fieldsOf(credit), credit.missing.join("; ")].map((field) => csvCell(field ?? "")).join(",")}\r\n`,
  end: () => "",
};

const jsonLines: CreditsFormat = {
  begin: () => "",
  heading: () => "",
  entry: (credit) => {
    const fields = [...fieldsOf(credit), credit.missing];
    return jsonLine(Object.fromEntries(creditColumns.map((name, at) => [name, fields[at]])));
  },
  end: () => "",
};

/** Every format by its name. */
export const creditsFormats: { readonly [format in "markdown" | "html" | "csv" | "jsonl"]: CreditsFormat } = {
  markdown,
  html,
  csv,
  jsonl: jsonLines,
};
