import assert from "node:assert/strict";
import { test } from "node:test";
import { html, jupyterDisplay, markdown, md, render, svg } from "gpic-lab/show";
import MarkdownIt from "markdown-it";
import { HOSTILE, HOSTILE_ADDRESSES, tagsOf, unseen } from "./hostile.js";

test("values in HTML are text between tags and in quoted attributes", () => {
  for (const hostile of HOSTILE) {
    const made = html`<p title="${hostile}" lang='${hostile}'>${hostile}</p>`.source;
    assert.deepEqual(tagsOf(made), ["p title lang", "/p"], hostile.slice(0, 60));
    assert.equal(unseen(made), undefined);
  }
});

test("values in SVG are text", () => {
  for (const hostile of HOSTILE)
    assert.deepEqual(
      tagsOf(svg`<svg><title>${hostile}</title><text x="${hostile}">${hostile}</text></svg>`.source),
      ["svg", "title", "/title", "text x", "/text", "/svg"],
    );
});

test("addresses that a browser must not follow are blocked in HTML, SVG and Markdown", () => {
  const reader = new MarkdownIt({ html: true });
  reader.validateLink = () => true;
  for (const address of HOSTILE_ADDRESSES) {
    assert.equal(html`<a href="${address}">x</a>`.source, `<a href="about:blank#blocked">x</a>`);
    assert.equal(svg`<a xlink:href='${address}'/>`.source, `<a xlink:href='about:blank#blocked'/>`);
    const [, inline] = reader.parse(md`[x](${address})`.source, {});
    assert.equal(inline?.children?.[0]?.attrGet("href"), "about:blank#blocked");
  }
  assert.equal(html`<a href="java${"script:alert(1)"}">x</a>`.source, `<a href="java">x</a>`);
  assert.equal(html`<a href="${"java"}${"script:alert(1)"}">x</a>`.source, `<a href="java">x</a>`);
  assert.equal(
    html`<a href="https://example.org/?q=${"a:b&c"}">x</a>`.source,
    `<a href="https://example.org/?q=a:b&amp;c">x</a>`,
  );
  assert.equal(md`[x](https://example.org/${"a b)c"})`.source, "[x](https://example.org/a%20b%29c)");
});

test("a value where it cannot be escaped is an error", () => {
  const value = "x";
  assert.throws(
    () => html`<p ${value}>`,
    /Cannot insert a value into a tag outside a quoted attribute of html/,
  );
  assert.throws(() => html`<p title=${value}>`, /a tag outside a quoted attribute/);
  assert.throws(() => html`<${value}>`, /a tag/);
  assert.throws(() => html`<script>${value}</script>`, /the element <script>/);
  assert.throws(() => html`<style>${value}</style>`, /the element <style>/);
  assert.throws(() => html`<!-- ${value} -->`, /a comment/);
  assert.throws(() => html`<p onclick="${value}">`, /the attribute "onclick"/);
  assert.throws(() => html`<iframe srcdoc="${value}">`, /"srcdoc"/);
  assert.throws(() => html`<p style="color:${"red;background:url(x)"}">`, /"style"/);
  assert.throws(() => svg`<svg><script>${value}</script></svg>`, /the element <script>/);
  assert.throws(() => md`<p title="${value}">`, /Cannot insert a value into an HTML tag of md/);
});

test("values after such places are text again", () => {
  assert.equal(html`<style>a > b {}</style><p>${"<"}`.source, "<style>a > b {}</style><p>&lt;");
  assert.equal(html`<!-- a --> <br/> 1 < 2 ${"<"}`.source, "<!-- a --> <br/> 1 < 2 &lt;");
  assert.equal(
    html`<p style="width:${12.5}px" hidden>${"<"}</p>`.source,
    `<p style="width:12.5px" hidden>&lt;</p>`,
  );
});

test("pieces of the same kind are markup, arrays are joined, nothing is nothing", () => {
  const items = ["a<", "b"].map((name) => html`<li>${name}</li>`);
  assert.equal(
    html`<ul>${items}${null}${undefined}${false}${0}</ul>`.source,
    "<ul><li>a&lt;</li><li>b</li>0</ul>",
  );
  assert.equal(html`${svg`<svg></svg>`}`.source, "<svg></svg>");
  assert.equal(md`${md`**x**`} ${html`<b>`}`.source, "**x** &#60;b&#62;");
  assert.equal(html`<p title="${html`<b>`}">`.source, `<p title="&lt;b&gt;">`);
});

test("what only looks like a piece of markup is text", () => {
  assert.equal(html`${{ kind: "html", source: "<b>", toString: () => "<i>" }}`.source, "&lt;i&gt;");
});

test("values in Markdown are one text, in code too", () => {
  const reader = new MarkdownIt({ html: true, linkify: true });
  for (const text of HOSTILE.map((hostile) => hostile.slice(0, 500))) {
    const span = reader.parse(md`See \`${text}\` here`.source, {})[1]?.children?.map((token) => token.type);
    assert.deepEqual(span, ["text", "code_inline", "text"], text);
    const block = reader.parse(md`\`\`\`\n${text}\n\`\`\`\n`.source, {}).map((token) => token.type);
    assert.deepEqual(block, ["fence"], text);
    const cell = reader
      .parse(md`| a |\n|---|\n| ${text} |\n`.source, {})
      .filter((token) => token.type === "td_open");
    assert.equal(cell.length, 1, text);
  }
});

test("each kind displays itself under its mime type", () => {
  assert.deepEqual(html`<p>a &amp; <b>b</b></p>`[jupyterDisplay](), {
    "text/html": "<p>a &amp; <b>b</b></p>",
    "text/plain": "a & b",
  });
  assert.deepEqual(markdown("# x")[jupyterDisplay](), { "text/markdown": "# x", "text/plain": "# x" });
  const bundle = svg`<svg viewBox="0 0 1 1"><title>dot</title></svg>`[jupyterDisplay]();
  assert.match(String(bundle["image/svg+xml"]), /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox/);
  assert.equal(bundle["text/plain"], "dot");
});

test("as the last value of a cell a template's text form hides nothing", async () => {
  for (const hostile of HOSTILE) {
    assert.equal(unseen(String((await render(html`<p>${hostile}</p>`))["text/plain"])), undefined);
    assert.equal(unseen(String((await render(md`${hostile}`))["text/plain"])), undefined);
  }
});
