import assert from "node:assert/strict";
import { test } from "node:test";
import {
  jupyterDisplay,
  render,
  VERDICT_MARKS,
  VERDICTS_MIME,
  type VerdictKind,
  type VerdictRow,
  verdicts,
} from "gpic-lab/show";
import { HOSTILE, tagsOf, unseen } from "./hostile.js";

const kinds = Object.keys(VERDICT_MARKS) as VerdictKind[];

function row(kind: VerdictKind, text = "x"): VerdictRow {
  return {
    id: text,
    place: text,
    statement: text,
    kind,
    claimed: text,
    measured: text,
    tolerance: text,
    why: text,
    needs: text,
  };
}

test("the counts of the kinds that occur come first", () => {
  const shown = verdicts([row("reproduced"), row("not run"), row("reproduced")]);
  assert.deepEqual(shown.counts, {
    reproduced: 2,
    recomputed: 0,
    contradicted: 0,
    "machinery only": 0,
    "not run": 1,
  });
  const bundle = shown[jupyterDisplay]();
  assert.match(String(bundle["text/plain"]), /^2 reproduced, 1 not run\n/);
  assert.doesNotMatch(String(bundle["text/html"]), /contradicted/);
});

test("each kind has its own symbol, so that it needs no colour", () => {
  assert.equal(new Set(kinds.map((kind) => VERDICT_MARKS[kind].symbol)).size, 5);
  for (const kind of kinds) {
    const html = String(verdicts(row(kind))[jupyterDisplay]()["text/html"]);
    assert.ok(html.includes(`${VERDICT_MARKS[kind].symbol} ${kind}</span>`));
  }
});

test("the rows go along as data, unchanged", () => {
  const rows = kinds.map((kind) => row(kind, "<b>"));
  assert.deepEqual(verdicts(rows)[jupyterDisplay]()[VERDICTS_MIME], { rows });
});

test("nothing of a claim becomes markup", () => {
  const clean = new Set(tagsOf(String(verdicts(row("reproduced"))[jupyterDisplay]()["text/html"])));
  for (const hostile of HOSTILE) {
    const bundle = verdicts(row("reproduced", hostile))[jupyterDisplay]();
    for (const tag of tagsOf(String(bundle["text/html"]))) assert.ok(clean.has(tag), tag);
    for (const form of ["text/html", "text/plain"]) assert.equal(unseen(String(bundle[form])), undefined);
    assert.ok(String(bundle["text/html"]).length < 12_000);
  }
});

test("values with toVerdictRow are verdicts as the last value, alone and in arrays", async () => {
  const value = { toVerdictRow: () => row("recomputed") };
  for (const last of [value, [value, value]]) assert.ok((await render(last))[VERDICTS_MIME] !== undefined);
});

test("a row that is none is an error", () => {
  assert.throws(
    () => verdicts([{ ...row("reproduced"), kind: "proved" as never }]),
    /one of reproduced, .* is needed, got "proved"/,
  );
  assert.throws(
    () => verdicts([{ ...row("reproduced"), why: undefined as never }]),
    /the text "why" is needed, got undefined/,
  );
});
