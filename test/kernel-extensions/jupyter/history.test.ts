import assert from "node:assert/strict";
import { test } from "node:test";
import { matchesGlob } from "../../../kernel-extensions/jupyter/glob.js";
import { historyRows } from "../../../kernel-extensions/jupyter/history.js";

const history = ["a", "b", "const a = 1", "b", "ab"].map((code, i) => ({ executionCount: i + 1, code }));
const lines = (request: object) => historyRows(history, { ...request }).map((row) => row[1]);

test("a tail is the last n cells, oldest first", () => {
  assert.deepEqual(lines({ hist_access_type: "tail", n: 2 }), [4, 5]);
  assert.deepEqual(lines({ hist_access_type: "tail", n: 0 }), []);
  assert.deepEqual(lines({ hist_access_type: "tail", n: 99 }), [1, 2, 3, 4, 5]);
  assert.deepEqual(lines({ hist_access_type: "tail" }), [1, 2, 3, 4, 5]);
});

test("a range has its start and not its stop, of the running session alone", () => {
  assert.deepEqual(lines({ hist_access_type: "range", session: 0, start: 2, stop: 4 }), [2, 3]);
  const [session, start] = historyRows(history, { hist_access_type: "tail", n: 2 })[0]!;
  assert.deepEqual(lines({ hist_access_type: "range", session, start, stop: start + 1 }), [start]);
  assert.deepEqual(lines({ hist_access_type: "range", start: 4, stop: null }), [4, 5]);
  assert.deepEqual(lines({ hist_access_type: "range", session: 7, start: 1 }), []);
});

test("a search matches whole cells, the last n, and each text once where it is asked to", () => {
  assert.deepEqual(lines({ hist_access_type: "search", pattern: "b" }), [2, 4]);
  assert.deepEqual(lines({ hist_access_type: "search", pattern: "b", unique: true }), [4]);
  assert.deepEqual(lines({ hist_access_type: "search", pattern: "*a*" }), [1, 3, 5]);
  assert.deepEqual(lines({ hist_access_type: "search", pattern: "*a*", n: 2 }), [3, 5]);
});

test("with output each input comes in a pair", () => {
  const rows = historyRows(history, { hist_access_type: "tail", n: 1, output: true });
  assert.deepEqual(rows, [[1, 5, ["ab", null]]]);
});

test("a pattern knows *, ? and classes, and takes all else as it is", () => {
  for (const [pattern, text, matches] of [
    ["", "", true],
    ["*", "", true],
    ["?", "", false],
    ["a?c", "a\u{1f600}c", true],
    ["a*c*", "abcd\ne", true],
    ["a*c", "abcd", false],
    ["[a-c]x", "bx", true],
    ["[^a-c]x", "bx", false],
    ["[]x]", "]", true],
    ["[^]x]", "]", false],
    ["[-z]", "-", true],
    ["[open", "[open", true],
    ["a.b", "axb", false],
    ["(a|b)+", "(a|b)+", true],
  ] as const)
    assert.equal(matchesGlob(pattern, text), matches, `${pattern} on ${text}`);
});

test("a pattern agrees with a regular expression of the same meaning on every short text", () => {
  const letters = ["a", "b", "*", "?"];
  const words = (alphabet: readonly string[], length: number): string[] =>
    length === 0
      ? [""]
      : words(alphabet, length - 1).flatMap((word) => [word, ...alphabet.map((letter) => word + letter)]);
  const texts = [...new Set(words(["a", "b"], 4))];
  for (const pattern of new Set(words(letters, 4))) {
    const twin = new RegExp(`^${pattern.replaceAll("*", "[^]*").replaceAll("?", "[^]")}$`);
    for (const text of texts)
      assert.equal(matchesGlob(pattern, text), twin.test(text), `${pattern} on ${text}`);
  }
});
