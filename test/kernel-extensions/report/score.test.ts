/** The page of a score: hostile text stays text, nothing loads, and what is not known is said. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { compareFeatures } from "gpic-lab/benchmark";
import { type ScorePage, scorePageHtml, writeScorePage } from "../../../kernel-extensions/report/score.js";
import { scoreCharts } from "../../../kernel-extensions/report/score-charts.js";
import { paperRows } from "../../../kernel-extensions/report/score-paper-rows.js";
import { scoreNumber } from "../../../kernel-extensions/report/score-tables.js";
import { gaussianRows, madeProvenance, madeSide } from "../../lib/benchmark/made-sides.js";
import { HOSTILE } from "./made-up.js";

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/** A page of a made-up score whose every text is out to break it. */
async function hostilePage(): Promise<ScorePage> {
  const real = madeSide(`dir/${HOSTILE[0]}`, gaussianRows(120, 6, "real"));
  const keys = Array.from({ length: 90 }, (_, row) => `${HOSTILE[row % HOSTILE.length]} ${row}`);
  const provenance = madeProvenance(90, { protocol: HOSTILE[1]! });
  const generated = madeSide("samples", gaussianRows(90, 6, "generated", { mean: 0.4 }), {
    keys,
    provenance,
  });
  const statements = { training_on_dinov2: `no ${HOSTILE[2]}`, text_models: HOSTILE[3]!, model: HOSTILE[4]! };
  const score = await compareFeatures({ real, generated }, { statements, failed: 1 });
  const tiles = keys.slice(0, 12).map((title) => ({
    title,
    text: `+1 % ${title}`,
    pictures: [{ type: "image/png" as const, bytes: PNG, alt: title }],
  }));
  return {
    ...{ score, real, generated, model: statements.model, worst: tiles, best: tiles, nearest: tiles },
    ...{ memorisation: HOSTILE[5]!, facts: { [HOSTILE[6]!]: HOSTILE.join(" ") } },
  };
}

const page = await hostilePage();
const html = await scorePageHtml(page);

test("hostile names, statements and facts never become markup", () => {
  const scripts = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)];
  assert.equal(scripts.length, 2);
  const markup = html.replace(/<script>[\s\S]*?<\/script>/g, "").replace(/<style>[\s\S]*?<\/style>/, "");
  assert.doesNotMatch(markup, /<(?:script|iframe|object|embed|base|svg|style|link)\b/i);
  const tags = markup.replace(/="[^"]*"/g, "");
  assert.doesNotMatch(tags, /<[a-z][^>]*\son\w+=?/i);
  for (const [, source] of markup.matchAll(/<img[^>]*?\ssrc="([^"]*)"/g))
    assert.match(source!, /^data:image\/(?:png|svg\+xml);base64,/);
  assert.match(markup, /&lt;script&gt;window\.pwned = 1&lt;\/script&gt;|script&gt;/);
});

test("the policy lets in the page's own scripts and style by their hashes, and nothing else", () => {
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)![1]!;
  const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const scripts = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, text]) => hash(text!));
  assert.ok(policy.includes(`script-src ${scripts.join(" ")};`));
  assert.ok(policy.startsWith("default-src 'none'"));
  assert.ok(policy.includes("img-src data:"));
});

test("the page says the score in words, every number, every point, and what is missing", () => {
  const { score } = page;
  assert.ok(html.includes(`FD ${scoreNumber(score.values.fd)}`));
  assert.ok(html.includes(`about <strong>${scoreNumber(score.sampleSize!.perfect)}</strong>`));
  assert.equal(html.match(/<tr class="is-/g)?.length, score.disclosure.length);
  for (const name of Object.keys(score.values)) assert.ok(html.includes(`<code>${name}</code>`), name);
  // of another encoder's width the paper's rows mean nothing
  assert.ok(html.includes("The paper’s own rows are not drawn"));
  assert.equal(html.match(/<figure>/g)?.length, 3);
});

test("the same score gives the same bytes, in a folder with the JSON beside it", async (t: TestContext) => {
  const folder = mkdtempSync(join(tmpdir(), "gpic-lab-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = await writeScorePage(page, { fd: 1 }, join(folder, "new"));
  assert.equal(path, join(folder, "new", "index.html"));
  assert.equal(readFileSync(path, "utf8"), html);
  assert.deepEqual(JSON.parse(readFileSync(join(folder, "new", "score.json"), "utf8")), { fd: 1 });
});

test("an interval that ends at 0 is drawn on a linear scale, with every line in its place", async () => {
  const score = { ...page.score, intervals: { ...page.score.intervals, fd: { low: 0, high: 100 } } };
  const charts = await scoreCharts({ score, generated: page.generated });
  for (const [, svg] of charts.matchAll(/src="data:image\/svg\+xml;base64,([^"]*)"/g))
    assert.doesNotMatch(Buffer.from(svg!, "base64").toString(), /NaN|Infinity/);
  assert.ok(charts.includes("Where the score lies") && !charts.includes("each step of the scale a factor"));
});

test("the paper's rows stand beside scores of as many images by the same encoder alone, and the page says why not", () => {
  const generated = { provenance: madeProvenance(50_000) };
  const counts = { ...page.score.counts, generated: 50_000 };
  const score = { disclosure: [], counts, width: 1024 };
  assert.equal(paperRows(score, generated).rows.length, 4);
  const reference = { point: "reference", needed: "", status: "not met" as const, reason: "" };
  for (const [found, why] of [
    [
      paperRows({ ...score, counts: { ...counts, generated: 1000 } }, generated),
      /of 50,000 images and more, this is of 1,000/,
    ],
    [paperRows({ ...score, counts: { ...counts, generated: null } }, generated), /an unknown number/],
    [paperRows({ ...score, disclosure: [reference] }, generated), /another reference/],
    [
      paperRows(score, { provenance: madeProvenance(1, { protocol: "edm2" }) }),
      /another encoder or preparation/,
    ],
    [paperRows(score, { provenance: undefined }), /another encoder or preparation/],
  ] as const) {
    assert.deepEqual(found.rows, []);
    assert.match(found.why, why);
  }
});

test("numbers have three digits or more, and small ones a power of ten", () => {
  assert.deepEqual([76.25, 0.942, 204.01, 12345.6, 0.0000717, -0.00000877, 0, null].map(scoreNumber), [
    "76.25",
    "0.942",
    "204.0",
    "12,346",
    "7.17 × 10⁻⁵",
    "−8.77 × 10⁻⁶",
    "0.000",
    "–",
  ]);
});
