import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { packageFile } from "gpic-lab/io";
import { readNotebook } from "../../kernel-extensions/headless/notebook.js";

const names = readdirSync(packageFile("notebooks")).filter((name) => name.endsWith(".ipynb"));
const MOST_LINES = 20;

test("there are notebooks, and the index names each of them", async () => {
  const { readFileSync } = await import("node:fs");
  const index = readFileSync(packageFile("notebooks", "README.md"), "utf8");
  assert.ok(names.length >= 2);
  for (const name of names) assert.ok(index.includes(`(${name})`), `${name} is not in notebooks/README.md`);
});

for (const name of names) {
  const { cells } = readNotebook(packageFile("notebooks", name));
  const texts = cells.filter((cell) => cell.type !== "code").map((cell) => cell.source);
  const codes = cells.filter((cell) => cell.type === "code");

  test(`${name} asks one question and says what it takes`, () => {
    const [first = ""] = texts;
    assert.match(first, /^# [^\n]+\?\n/);
    for (const word of ["**Objective.**", "**Minutes:**", "**Needs:**"])
      assert.ok(first.includes(word), word);
  });

  test(`${name} has three to six steps, each with a prediction before its cell and a reading after it`, () => {
    const steps = texts.filter((text) => /^## \d/.test(text));
    assert.ok(steps.length >= 3 && steps.length <= 6, String(steps.length));
    for (const step of steps) assert.match(step, /^## \d\. [^\n]+\?\n/, step.split("\n", 1)[0]);
    const withCell = steps.filter((step) => {
      const after = cells[cells.findIndex((cell) => cell.source === step) + 1];
      return after?.type === "code";
    });
    for (const step of withCell) assert.match(step, /\*\*Before you run it:\*\*/, step.split("\n", 1)[0]);
  });

  test(`${name} ends with verdicts, exercises with folded answers, and a limitation`, () => {
    const headings = texts.map((text) => text.split("\n", 1)[0]);
    for (const heading of ["## Against the paper", "## Exercises", "## Summary"])
      assert.ok(headings.includes(heading), heading);
    assert.ok(texts.join("\n").includes("<details><summary>Answer</summary>"));
    assert.match(texts.at(-1) ?? "", /\n- \*\*Limitation:\*\* [^\n]+$/);
  });

  test(`${name} has cells of at most ${MOST_LINES} lines, all of them run`, () => {
    for (const cell of codes) {
      assert.ok(cell.source.split("\n").length <= MOST_LINES, cell.id);
      assert.notEqual(cell.executionCount, null, cell.id);
    }
  });
}
