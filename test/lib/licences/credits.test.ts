import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "gpic-lab/core";
import {
  type CreditedImage,
  type CreditsFormatName,
  type CreditsSummary,
  creditColumns,
  creditOf,
  creditsFormatNames,
  sortForCredits,
  writeCredits,
} from "gpic-lab/licences";
import { Parser } from "htmlparser2";
import MarkdownIt from "markdown-it";
import { parseCsv } from "./golden.js";
import { sampleRecords } from "./sample.js";

/** Texts that would do something if a format read them. */
const HOSTILE: readonly string[] = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "</bdi></li></ul><script>alert(1)</script>",
  "\"><a href='javascript:alert(1)'>x</a>",
  "[x](javascript:alert(1))",
  "[x](https://evil.example)",
  "![x](https://evil.example/x.png)",
  "<https://evil.example>",
  "https://evil.example/ and www.evil.example and evil.com and mailto:a@evil.com and a@evil.com",
  "[x]: https://evil.example",
  "[^1]: note",
  "# heading",
  "1. list",
  "1) list",
  "- list\n- list",
  "+ list",
  "* list",
  "> quote",
  "```\ncode",
  "~~~\ncode",
  "    indented",
  "a\n===\nb",
  "a\n---\nb",
  "| a | b |\n|---|---|\n| c | d |",
  "`code` and ``code",
  "**bold** _em_ ~~gone~~",
  "&lt;b&gt; &amp; &#60;script&#62; &copy;",
  "back\\slash \\",
  "trailing \\\\",
  "$x^2$ and $$y$$",
  '=HYPERLINK("https://evil.example")',
  "+1",
  "-1+cmd|' /C calc'!A0",
  "@SUM(1)",
  "\t=1",
  "\r=1",
  "\uff1d1",
  'comma, "quote" and\r\nline',
  "\u202egnp.exe",
  "a\u2028b\u2029c",
  "nul\u0000 esc\u001b[31m bell\u0007 del\u007f c1\u009b",
  "lone \ud800 half",
  "zero\u200bwidth \ufeff",
  "الاسم",
  "名前 😀 e\u0301",
  "{{template}} {% tag %} <%= x %> $" + "{x}",
  "--> <!-- comment ]]> <![CDATA[",
  "x".repeat(5000),
];

async function written(
  images: Iterable<CreditedImage>,
  format: CreditsFormatName,
  title?: string,
): Promise<string> {
  let text = "";
  for await (const chunk of writeCredits(images, { format, ...(title === undefined ? {} : { title }) }))
    text += chunk;
  return text;
}

function hostileImages(): CreditedImage[] {
  const licences = ["CC BY 2.0", "CC BY 4.0", "CC0", "CC BY-SA 3.0"];
  const images = HOSTILE.flatMap((text, at) => [
    { key: text, license: licences[at % 4]!, license_url: text, attribution: text },
    {
      key: `${at}`,
      license: text,
      license_url: "",
      attribution: text,
      title: text,
      author: text,
      changes: text,
      source_url: text,
    },
    {
      ...{
        key: `b${at}`,
        license: "CC BY 2.0",
        license_url: "",
        attribution: text,
        title: text,
        author: `A${text}`,
      },
      source_url: `https://example.org/${text}`,
    },
  ]);
  return sortForCredits(images);
}

/** Every tag with its attributes, in order. */
function tagsOf(
  html: string,
): { readonly name: string; readonly attributes: { readonly [name: string]: string } }[] {
  const tags: { name: string; attributes: { [name: string]: string } }[] = [];
  const parser = new Parser({ onopentag: (name, attributes) => tags.push({ name, attributes }) });
  parser.end(html);
  return tags;
}

function textOf(html: string): string {
  let text = "";
  const parser = new Parser({ ontext: (part) => (text += part) });
  parser.end(html);
  return text;
}

const OWN_LINK =
  /^https:\/\/(?:creativecommons\.org\/|example\.org\/|www\.flickr\.com\/commons\/usage\/|spdx\.org\/)/;

test("in HTML nothing of the data is a tag, an attribute or a link but web addresses of records", async () => {
  const images = hostileImages();
  const html = await written(images, "html", HOSTILE[0]);
  const allowed = [
    "html",
    "head",
    "meta",
    "title",
    "body",
    "h1",
    "h2",
    "h3",
    "h4",
    "p",
    "ul",
    "li",
    "a",
    "bdi",
    "code",
  ];
  const tags = tagsOf(html);
  for (const { name, attributes } of tags) {
    assert.ok(allowed.includes(name), name);
    const names = Object.keys(attributes);
    if (name === "a") assert.deepEqual(names, ["href", "rel"]);
    else if (name !== "meta" && name !== "html") assert.deepEqual(names, []);
    if (name === "a") assert.match(attributes.href!, OWN_LINK);
  }
  const items = tags.filter(({ name }) => name === "li").length;
  assert.ok(items >= images.length && items < images.length + 12);
  for (const opened of ["ul", "li", "a", "bdi", "h2", "h3", "h4"])
    assert.equal(html.split(new RegExp(`<${opened}[ >]`)).length, html.split(`</${opened}>`).length, opened);
});

test("in Markdown nothing of the data is active, whatever a renderer may turn on", async () => {
  const images = hostileImages();
  const markdown = await written(images, "markdown", HOSTILE[0]);
  for (const renderer of [
    new MarkdownIt({ html: true, linkify: true, typographer: false, breaks: true }),
    new MarkdownIt("commonmark"),
  ]) {
    const tags = tagsOf(renderer.render(markdown));
    for (const { name, attributes } of tags) {
      assert.ok(["h1", "h2", "h3", "h4", "p", "ul", "li", "a", "code"].includes(name), name);
      if (name === "a") assert.deepEqual(Object.keys(attributes), ["href"]);
      if (name === "a") assert.match(attributes.href!, OWN_LINK);
      else assert.deepEqual(attributes, {});
    }
    assert.equal(tags.filter(({ name }) => name === "h1").length, 1);
    const items = tags.filter(({ name }) => name === "li").length;
    assert.ok(items >= images.length && items < images.length + 12);
  }
});

test("rendered Markdown and HTML show the same words, and each visible character of the data", async () => {
  const attribution = "Zoë & Co <zoe@example.org> *says* 1. [x] `y` | a_b_c #1 ~z~ $5 名前";
  const images = [{ key: "0", license: "CC BY 4.0", license_url: "", attribution }];
  const html = textOf(await written(images, "html"));
  const markdown = textOf(new MarkdownIt("commonmark").render(await written(images, "markdown")));
  assert.ok(html.includes(attribution));
  assert.ok(markdown.includes(attribution));
  const squeezed = (text: string) => text.replace(/\s+/g, " ").trim();
  assert.equal(squeezed(markdown), squeezed(html).replace(/^Image credits /, ""));
});

test("no format lets an unseen character act", async () => {
  const unseen = [
    [0, 9],
    [0xb, 0xc],
    [0xe, 0x1f],
    [0x7f, 0x9f],
    [0x200b, 0x200b],
    [0x200e, 0x200f],
    [0x2028, 0x202e],
  ];
  const acts = (code: number) => unseen.some(([from, to]) => code >= from! && code <= to!);
  for (const format of creditsFormatNames) {
    const text = await written(hostileImages(), format, "\u202ex");
    const found = Array.from(text, (sign) => sign.codePointAt(0)!).filter(
      (code) => acts(code) || (code >= 0x2066 && code <= 0x2069) || (code >= 0xd800 && code < 0xe000),
    );
    assert.deepEqual(found, [], format);
  }
});

test("CSV reads back cell by cell, and no cell is a formula", async () => {
  const images = hostileImages();
  const [header, ...rows] = parseCsv(await written(images, "csv"));
  assert.deepEqual(header, creditColumns);
  assert.equal(rows.length, images.length);
  for (const row of rows) {
    assert.equal(row.length, creditColumns.length);
    for (const cell of row) assert.doesNotMatch(cell, /^[\s]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r]/);
  }
  const plain = { key: "k", license: "CC0", license_url: "", attribution: 'A, "B"', author: "", title: "C" };
  const [, row] = parseCsv(await written([plain], "csv"));
  assert.deepEqual(row, ["k", "C", "", "unknown", "", "CC0 1.0", "CC0-1.0", row![7]!, "", 'A, "B"', ""]);
});

test("JSON Lines read back every character, one image a line", async () => {
  const images = hostileImages();
  const lines = (await written(images, "jsonl")).split("\n");
  assert.equal(lines.pop(), "");
  assert.equal(lines.length, images.length);
  for (const [at, line] of lines.entries()) {
    const parsed = JSON.parse(line) as { [field: string]: unknown };
    assert.deepEqual(Object.keys(parsed), creditColumns);
    assert.equal(parsed.attribution, images[at]!.attribution);
    assert.equal(parsed.key, images[at]!.key);
    assert.deepEqual(parsed.missing, creditOf(images[at]!).missing);
  }
});

test("a credit has title, author, source, licence with link and changes", async () => {
  const image = {
    ...{ key: "ab12", license: "CC BY 2.0", license_url: "", attribution: "x, via Wikimedia Commons" },
    ...{
      title: "Red boat",
      author: "Ann Lee",
      source_url: "https://example.org/1?a=1&copy=2",
      changes: "cropped",
    },
  };
  const markdown = await written([image], "markdown");
  assert.ok(
    markdown.includes(
      "- “[Red boat](<https://example.org/1?a=1&amp;copy=2>)” by Ann Lee, Wikimedia Commons. " +
        "[CC BY 2\\.0](<https://creativecommons.org/licenses/by/2.0/>). Changes: cropped. Key `ab12`.\n",
    ),
    markdown,
  );
  assert.match(markdown, /\n## \[CC BY 2\\\.0\]\(<.*>\)\n\n### Wikimedia Commons\n\n#### Ann Lee\n/);
  const html = await written([image], "html");
  assert.ok(
    html.includes('<a href="https://example.org/1?a=1&#38;copy=2" rel="noopener noreferrer nofollow">'),
  );
  assert.ok(html.includes('rel="license noopener noreferrer"><bdi>CC BY 2.0</bdi></a>'));
});

test("each licence, source and author has one heading, and the end says what is missing", async () => {
  const of = (license: string, attribution: string, key: string) => ({
    key,
    license,
    license_url: "",
    attribution,
  });
  const images = sortForCredits([
    of("CC BY 2.0", "Ann on Flickr", "1"),
    of("CC0", "Bo on Flickr", "2"),
    of("CC BY 2.0", "Ann on Flickr", "3"),
    of("CC BY 2.0", "Cy, via Wikimedia Commons", "4"),
    of("something else", "Dee", "5"),
  ]);
  const markdown = await written(images, "markdown");
  const headings = markdown.split("\n").filter((line) => line.startsWith("#"));
  assert.deepEqual(
    headings.map((line) => line.replace(/\]\(.*/, "]")),
    [
      ...[
        "# Image credits",
        "## [CC BY 2\\.0]",
        "### Flickr",
        "#### Ann",
        "### Wikimedia Commons",
        "#### Cy",
      ],
      ...["## [CC0 1\\.0]", "### Flickr", "#### Bo"],
      ...["## Licence not recognised", "### Source not told", "#### Author not told apart"],
      "## What is there and what is missing",
    ],
  );
  assert.ok(markdown.endsWith("lack what their licence asks for: source link\n"));
  assert.match(markdown, /- 3 of 5 images lack what their licence asks for: title\n/);
  assert.match(markdown, /Licence as written: something else\./);
});

test("the summary counts what the records lack, and is called once at the end", async () => {
  const summaries: CreditsSummary[] = [];
  const images = sortForCredits(await sampleRecords("release"));
  const chunks: string[] = [];
  for await (const chunk of writeCredits(images, { format: "csv", onSummary: (s) => summaries.push(s) }))
    chunks.push(chunk);
  const credits = images.map(creditOf);
  assert.equal(summaries.length, 1);
  const [summary] = summaries;
  assert.equal(summary!.images, images.length);
  assert.equal(summary!.complete, credits.filter(({ missing }) => missing.length === 0).length);
  assert.equal(
    summary!.missing["source link"],
    credits.filter(({ licence }) => licence.category === "CC BY").length,
  );
  assert.equal(summary!.changed, 0);
  assert.equal(parseCsv(chunks.join("")).length, images.length + 1);
});

test("credits of nothing are a sound file in each format", async () => {
  assert.equal(await written([], "jsonl"), "");
  assert.equal(await written([], "csv"), `${creditColumns.join(",")}\r\n`);
  assert.match(await written([], "markdown"), /0 of 0 images/);
  assert.deepEqual(tagsOf(await written([], "html")).filter(({ name }) => name === "li").length, 3);
});

test("text comes while images come: before the source ends, and one image is asked for at a time", async () => {
  let asked = 0;
  async function* endless(): AsyncGenerator<CreditedImage> {
    for (;;) yield { key: `${asked++}`, license: "CC0", license_url: "", attribution: "Ann on Flickr" };
  }
  const text = writeCredits(endless(), { format: "markdown" });
  const { value } = await text.next();
  assert.ok(value!.length >= 1 << 16 && value!.length < (1 << 16) + 1000);
  const first = asked;
  await text.next();
  assert.ok(asked > first && asked < 2.2 * first);
  await text.return();
});

test("another format, images out of their groups and an aborted signal are clear errors", async () => {
  const of = (license: string) => ({ key: "0", license, license_url: "", attribution: "" });
  await assert.rejects(written([], "pdf" as "csv"), /the format is markdown, html, csv, jsonl, got "pdf"/);
  await assert.rejects(
    written([of("CC0"), of("CC BY 2.0"), of("CC0")], "csv"),
    /got CC0 1.0 from unknown twice/,
  );
  const signal = AbortSignal.abort(new Error("enough"));
  await assert.rejects(async () => {
    for await (const _ of writeCredits([of("CC0")], { format: "csv", signal }));
  }, /enough/);
});

test("random texts of hostile pieces stay text in every format", async () => {
  const random = new Random("credits");
  const piece = () => HOSTILE[random.integer(HOSTILE.length - 1)]!;
  const images = Array.from({ length: 300 }, (_, at) => {
    const text = () => (piece().slice(random.integer(5)) + piece()).slice(0, 300);
    return {
      key: `${at}`,
      license: "CC BY 2.0",
      license_url: "",
      attribution: text(),
      title: text(),
      author: text(),
    };
  });
  const sorted = sortForCredits(images);
  const rendered = new MarkdownIt({ html: true, linkify: true }).render(await written(sorted, "markdown"));
  for (const html of [rendered, await written(sorted, "html")])
    for (const { name, attributes } of tagsOf(html)) {
      assert.doesNotMatch(name, /script|img|iframe|pre|table|blockquote|em|strong|^s$|^ol$|hr|br/);
      if (name === "a") assert.match(attributes.href!, OWN_LINK);
    }
  assert.equal(parseCsv(await written(sorted, "csv")).length, images.length + 1);
});
