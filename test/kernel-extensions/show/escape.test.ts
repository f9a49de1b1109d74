import assert from "node:assert/strict";
import { test } from "node:test";
import MarkdownIt from "markdown-it";
import {
  BLOCKED_ADDRESS,
  escapeHtml,
  escapeMarkdown,
  oneLine,
  safeAddress,
  truncate,
  visibleText,
} from "../../../kernel-extensions/show/escape.js";
import { HOSTILE, HOSTILE_ADDRESSES, unseen } from "./hostile.js";

test("what acts unseen is written out", () => {
  assert.equal(visibleText("a\u202eb\u001b[31m\u0000"), "a\\u{202e}b\\u{1b}[31m\\u{0}");
  assert.equal(visibleText("x\ud800y\udc00"), "x\ufffdy\ufffd");
  for (const text of HOSTILE) assert.equal(unseen(visibleText(text)), undefined);
});

test("letters of every script, emoji, tabs and line feeds stay as they are", () => {
  const text = "Größe 写真 صورة עברית 👩‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿\tx\ny";
  assert.equal(visibleText(text), text);
});

test("escaped text holds no character that HTML reads as markup", () => {
  for (const text of HOSTILE) {
    const escaped = escapeHtml(text);
    assert.doesNotMatch(escaped, /[<>"'`]/);
    assert.doesNotMatch(escaped, /&(?!amp;|lt;|gt;|quot;|#39;|#96;)/);
  }
});

test("escaped Markdown is one paragraph of text for a Markdown reader that links addresses", () => {
  const reader = new MarkdownIt({ html: true, linkify: true });
  for (const text of HOSTILE.map((hostile) => hostile.slice(0, 500))) {
    const tokens = reader.parse(escapeMarkdown(text), {});
    const kinds = tokens.map((token) => token.type);
    if (kinds.length > 0) assert.deepEqual(kinds, ["paragraph_open", "inline", "paragraph_close"], text);
    const inline = (tokens[1]?.children ?? []).filter(
      (token) => !["text", "text_special"].includes(token.type),
    );
    // An e-mail address may still become a link: cmark-gfm and linkify read it from the finished text.
    assert.deepEqual(
      inline.filter(
        (token) => !String(token.attrGet("href")).startsWith("mailto:") && token.type !== "link_close",
      ),
      [],
      text,
    );
    const plain = (tokens[1]?.children ?? []).map((token) => token.content).join("");
    assert.equal(plain, oneLine(text));
  }
});

test("escaped Markdown stays one text in the middle, at the beginning and below a line", () => {
  const reader = new MarkdownIt({ html: true });
  for (const text of [
    "# x",
    "===",
    "---",
    "1. x",
    "- x",
    "> x",
    "    code",
    "| a |",
    "``` x",
    "*a* _b_ ~~c~~",
  ]) {
    const kinds = reader.parse(`before\n${escapeMarkdown(text)}\nafter`, {}).map((token) => token.type);
    assert.deepEqual(kinds, ["paragraph_open", "inline", "paragraph_close"], text);
  }
});

test("numbers and words keep their points and hyphens in Markdown", () => {
  assert.equal(escapeMarkdown("1.5 and cross-section"), "1.5 and cross-section");
});

test("only addresses that a browser may follow pass", () => {
  for (const address of HOSTILE_ADDRESSES) assert.equal(safeAddress(address), BLOCKED_ADDRESS, address);
  for (const address of [
    "https://example.org/a?b=c:d",
    "http://x",
    "mailto:a@b.org",
    "a/b.png",
    "#part",
    "?q=a:b",
    "",
  ])
    assert.equal(safeAddress(address), address);
  assert.equal(safeAddress("data:image/png;base64,iVBORw0KGgo="), "data:image/png;base64,iVBORw0KGgo=");
});

test("a cut text says how many characters are missing and never splits a pair", () => {
  assert.equal(truncate("abcdefgh", 3), "abc… (+5 characters)");
  assert.equal(truncate("abcd", 3), "abc… (+1 character)");
  assert.equal(truncate("abc", 3), "abc");
  assert.equal(truncate("😀😀😀😀", 2), "😀😀… (+2 characters)");
  assert.equal(truncate("😀😀", 2), "😀😀");
  assert.equal(truncate("x".repeat(1_048_576), 1_000).slice(1_000), "… (+1,047,576 characters)");
});
