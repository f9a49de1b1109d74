import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { parseNotebook } from "../../../kernel-extensions/headless/notebook.js";
import { buildReport, reportHtml } from "../../../kernel-extensions/report/index.js";
import { HOSTILE, madeUpLedger, madeUpNotebooks } from "./made-up.js";

const notebooks = await madeUpNotebooks();
const ledger = madeUpLedger(70);
const page = reportHtml({ notebooks, ledger });
const SCRIPTS = /<script>([\s\S]*?)<\/script>/g;

test("the report is written as index.html, and its size is the file's", async () => {
  const folder = await mkdtemp(join(tmpdir(), "gpic-lab-report-"));
  try {
    const { file, bytes } = await buildReport({ notebooks, ledger, out: join(folder, "new", "report") });
    const written = await readFile(file);
    assert.equal(file, join(folder, "new", "report", "index.html"));
    assert.equal(written.length, bytes);
    assert.equal(written.toString("utf8"), page);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("the same input gives the same bytes, and neither folders nor the time are in them", async () => {
  assert.equal(reportHtml({ notebooks: await madeUpNotebooks(), ledger: madeUpLedger(70) }), page);
  const moved = notebooks.map(({ path, notebook }) => ({ path: `/elsewhere/${path}`, notebook }));
  assert.equal(reportHtml({ notebooks: moved, ledger }), page);
});

test("nothing in the page loads from elsewhere", () => {
  const markup = page
    .replace(SCRIPTS, "")
    .replace(/<script type="application\/json">[\s\S]*?<\/script>/g, "");
  for (const [, value] of markup.matchAll(/<[^>]*\ssrc="([^"]*)"/g)) assert.match(value!, /^data:image\//);
  for (const [tag] of markup.matchAll(/<[a-z][^>]*\shref="[^"]*"/g))
    assert.match(tag, /^<a .*href="(?:#|https?:|mailto:)/);
  assert.doesNotMatch(markup, /<(?:link|iframe|object|embed|base|form action)\b/);
  assert.doesNotMatch(/<style>([\s\S]*?)<\/style>/.exec(markup)![1]!, /url\(|@import/);
});

test("the content security policy names the hash of every script and of the style, and nothing more", () => {
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!;
  const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const scripts = [...page.matchAll(SCRIPTS)].map(([, text]) => hash(text!));
  assert.equal(scripts.length, 5);
  const directives = new Map(
    policy.split("; ").map((each) => [each.split(" ")[0], each.split(" ").slice(1)]),
  );
  assert.deepEqual(directives.get("script-src"), scripts);
  assert.deepEqual(directives.get("style-src-elem"), [hash(/<style>([\s\S]*?)<\/style>/.exec(page)![1]!)]);
  assert.deepEqual(directives.get("default-src"), ["'none'"]);
  assert.doesNotMatch(policy, /unsafe-eval/);
  assert.ok(page.indexOf("Content-Security-Policy") < page.indexOf("<script"));
});

test("Vega is carried once where there are charts, and not at all where there are none", () => {
  const vega = /\/\*! vega\n/g;
  assert.equal(page.match(vega)?.length, 1);
  assert.equal(page.match(/class="chart"/g)?.length, 2);
  const bare = reportHtml({ notebooks: notebooks.slice(0, 1), ledger });
  assert.equal(bare.match(vega), null);
  assert.ok(Buffer.byteLength(bare) < 250_000, `${Buffer.byteLength(bare)} bytes`);
});

test("a report without pictures grows by its rows alone: under 1 KB a claim", () => {
  const size = (rows: number) => Buffer.byteLength(reportHtml({ notebooks: [], ledger: madeUpLedger(rows) }));
  assert.ok((size(2070) - size(70)) / 2000 < 1024);
});

test("hostile strings never end a script, open a comment or become an element", () => {
  const data = [...page.matchAll(/<script type="application\/json">([\s\S]*?)<\/script>/g)].map(
    ([, json]) => json!,
  );
  const titles = data.map((json) => JSON.parse(json).title);
  assert.deepEqual(titles, [undefined, HOSTILE.join("\n")]);
  for (const json of data) assert.doesNotMatch(json, /</);
  const markup = page.replace(SCRIPTS, "");
  assert.doesNotMatch(markup, /<(?:svg|iframe|object|base|input(?! type="(?:search|checkbox)"))/);
  assert.doesNotMatch(markup, /<[a-z][^<>"]*(?:"[^"]*"[^<>"]*)*\son[a-z]+\s*=/);
  assert.doesNotMatch(markup, /href="javascript:|<h1>pwned/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is what is tested
  assert.doesNotMatch(markup, /[\u0000-\u0008\u000b-\u001f]/);
});

test("the figures shown are the counts of the rows shown", () => {
  for (const [, kind, count] of page.matchAll(/class="count" data-kind="([^"]*)">(\d+)</g)) {
    assert.equal(page.match(new RegExp(`<tr data-kind="${kind}">`, "g"))?.length, Number(count));
    assert.equal(ledger.counts[kind!], Number(count));
  }
  assert.equal(page.match(/class="count"/g)?.length, 5);
});

test("counts that are not those of the rows are refused, and so is an unknown verdict", () => {
  const wrong = { counts: { ...ledger.counts, reproduced: 99 }, rows: ledger.rows };
  assert.throws(() => reportHtml({ notebooks, ledger: wrong }), {
    name: "RangeError",
    message: /^Cannot show the ledger: the count of its \d+ rows "reproduced" is needed, got 99$/,
  });
  const unknown = { counts: {}, rows: [{ ...ledger.rows[0]!, kind: "proved" as "reproduced" }] };
  assert.throws(
    () => reportHtml({ notebooks, ledger: unknown }),
    /one of the five verdicts is needed, got proved/,
  );
});

test("the head says which corpus was used, from 00-start or as it is told", () => {
  assert.match(page, /<bdi>Corpus: sample \(made up for this test\), 96 images in 4 shards<\/bdi>/);
  assert.match(reportHtml({ notebooks, ledger, corpus: "val <2>" }), /<bdi>val &lt;2&gt;<\/bdi>/);
  assert.match(reportHtml({ notebooks: [], ledger }), /do not say which corpus/);
  assert.match(page, /not comparable with the paper’s/);
});

test("Markdown keeps its hidden answers, its headings go one down, and links lead to the notebook in the page", () => {
  assert.match(page, /<details><summary>Answer<\/summary>\s*<p>Count them: <code>/);
  assert.match(page, /<h2 id="notebook-01-corpus-what-is-in-a-shard">What is in a shard\?<\/h2>/);
  assert.match(page, /<a href="#notebook-01-corpus" rel="noopener noreferrer">what is in a shard<\/a>/);
  assert.match(page, /<section class="notebook" id="notebook-01-corpus"/);
  assert.match(page, /Read <strong>4 shards<\/strong> and &lt;b&gt;not markup&lt;\/b&gt;/);
});

test("every anchor in the page has its place, and no id stands twice", () => {
  const markup = page.replace(SCRIPTS, "");
  const ids = [...markup.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id!);
  assert.equal(new Set(ids).size, ids.length);
  for (const [, target] of markup.matchAll(/href="#([^"]*)"/g)) assert.ok(ids.includes(target!), target);
});

test("long code is folded and short code is not; a traceback keeps its colours", () => {
  assert.match(page, /<details class="fold"><summary>Code, 40 lines/);
  assert.equal(page.match(/class="fold"/g)?.length, 1);
  assert.match(page, /<span class="ansi-red-fg">RangeError<\/span>/);
});

test("a chart's still carries the words of its text form", () => {
  assert.match(
    page,
    /<img src="data:image\/svg\+xml;base64,[^"]+" alt="Bar chart: images by aspect ratio;[^"]*" width="410" height="230">/,
  );
});

test("a notebook file that the headless runner reads can be reported as it is", () => {
  const json = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {},
    cells: [
      { cell_type: "markdown", id: "a", metadata: {}, source: ["# Read from a file\n", "Two lines."] },
      {
        cell_type: "code",
        id: "b",
        metadata: {},
        execution_count: 1,
        source: "1 + 1",
        outputs: [
          { output_type: "execute_result", execution_count: 1, metadata: {}, data: { "text/plain": ["2"] } },
          { output_type: "stream", name: "stdout", text: ["said\n", "twice\n"] },
        ],
      },
    ],
  };
  const notebook = parseNotebook(JSON.stringify(json));
  const html = reportHtml({ notebooks: [{ path: "notebooks/05-read.ipynb", notebook }], ledger });
  assert.match(html, /<h2 id="notebook-05-read-read-from-a-file">/);
  assert.match(html, /<pre class="value" tabindex="0">2<\/pre>/);
  assert.match(html, /<pre class="stream" tabindex="0">said\ntwice<\/pre>/);
});
