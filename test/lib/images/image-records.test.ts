import assert from "node:assert/strict";
import { test } from "node:test";
import { openCorpus } from "gpic-lab/corpus";
import { recordSet } from "gpic-lab/images";

const corpus = await openCorpus("sample");

test("records are a set of images by key, in their order, whose bytes are the pictures'", async () => {
  const records = await corpus.draw(5, { seed: 3 });
  const set = recordSet(records);
  assert.deepEqual([set.count, set.describe()], [5, "records of a corpus: 5 images"]);
  const items = [];
  for (const part of set.parts) for await (const item of part.items()) items.push(item);
  assert.deepEqual(
    items.map(({ key }) => key),
    records.map(({ key }) => key),
  );
  assert.deepEqual(await items[2]!.read(), { bytes: await records[2]!.readImage() });
  await set.close();
});

test("the same records have the same fingerprint, others or another order another one", async () => {
  const records = await corpus.draw(4, { seed: 3 });
  const again = await (await openCorpus("sample")).draw(4, { seed: 3 });
  const { fingerprint } = recordSet(records);
  assert.equal(recordSet(again).fingerprint, fingerprint);
  for (const other of [records.slice(1), [...records].reverse(), []])
    assert.notEqual(recordSet(other).fingerprint, fingerprint);
});

test("it stops where it is told to, and a set without records has no part", async () => {
  const [part] = recordSet(await corpus.draw(2, { seed: 1 })).parts;
  const items = part!.items({ signal: AbortSignal.abort(new Error("enough")) });
  await assert.rejects(items.next(), /enough/);
  assert.deepEqual(recordSet([]).parts, []);
});
