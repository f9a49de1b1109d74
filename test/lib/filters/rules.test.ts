import assert from "node:assert/strict";
import { test } from "node:test";
import { Random, wilsonInterval } from "gpic-lab/core";
import {
  aspectSweep,
  auditSize,
  chooseThreshold,
  fBeta,
  resultAt,
  type ScoredItem,
  sizeReason,
  splitHalves,
  stratifiedAuditSize,
  thresholdSweep,
} from "gpic-lab/filters";

test("each rule of size names its reason, in the paper's order, and a bound itself is kept", () => {
  const reason = (width: number, height: number) => sizeReason({ width, height });
  assert.equal(reason(256, 1), "extreme aspect");
  assert.equal(reason(255, 255), "too small");
  assert.equal(reason(256, 26), undefined);
  assert.equal(reason(26, 256), undefined);
  assert.equal(reason(2560, 256), undefined);
  assert.equal(reason(2561, 256), "extreme aspect");
  assert.equal(reason(100, 9), "extreme aspect");
  assert.equal(reason(10_000, 9000), "extreme resolution");
  assert.equal(reason(65_535, 1365), "extreme aspect");
  const rules = { mostPixels: 100, mostAspect: 2, leastLongestSidePixels: 5 };
  assert.equal(sizeReason({ width: 10, height: 10 }, rules), undefined);
  assert.equal(sizeReason({ width: 11, height: 10 }, rules), "extreme resolution");
  assert.throws(() => reason(0, 5), /^RangeError: Cannot judge a size: sides from 1 px/);
  assert.throws(() => sizeReason({ width: 1, height: 1 }, { ...rules, mostAspect: 0 }), /mostAspect above 0/);
});

test("a wider bound on the aspect ratio drops less", () => {
  const sizes = [1, 3, 6, 12].map((width) => ({ width: width * 100, height: 100 }));
  assert.deepEqual(
    aspectSweep(sizes, [2, 5, 11, 20]).map(({ dropped }) => dropped),
    [3, 2, 1, 0],
  );
});

test("precision and recall are counts with Wilson's intervals", () => {
  const items = [1, 2, 3, 4, 5].map((score) => ({ score, isFault: score <= 3 }));
  const { precision, recall } = resultAt(items, 2.5, "below");
  assert.deepEqual([precision.count, precision.total, recall.count, recall.total], [2, 2, 2, 3]);
  assert.deepEqual({ low: recall.low, high: recall.high }, wilsonInterval(2, 3));
  const none = resultAt(items, 0, "below");
  assert.ok(Number.isNaN(none.precision.share));
  assert.deepEqual([none.precision.low, none.precision.high, none.recall.share], [0, 1, 0]);
  assert.equal(resultAt(items, 3, "above").precision.total, 2);
  assert.throws(
    () => resultAt([{ score: Number.NaN, isFault: true }], 1, "above"),
    /finite are needed, got NaN/,
  );
});

test("the operating point is the best that any threshold reaches, for either side and any beta", () => {
  const random = new Random(3);
  for (let round = 0; round < 40; round++) {
    const items: ScoredItem[] = Array.from({ length: 30 }, () => {
      const isFault = random.next() < 0.3;
      return { score: Math.round(10 * (random.next() + (isFault ? 0.4 : 0))), isFault };
    });
    if (!items.some(({ isFault }) => isFault)) continue;
    for (const side of ["below", "above"] as const)
      for (const beta of [0.5, 1, 2]) {
        const best = fBeta(chooseThreshold(items, side, beta), beta);
        for (let threshold = -1.25; threshold < 16; threshold += 0.5)
          assert.ok(fBeta(resultAt(items, threshold, side), beta) <= best + 1e-15);
      }
  }
});

test("a threshold that parts all lies in the middle of the gap, and of equals the one that drops least is taken", () => {
  const items = [1, 2, 8, 9].map((score) => ({ score, isFault: score < 5 }));
  assert.equal(chooseThreshold(items, "below").threshold, 5);
  assert.equal(
    chooseThreshold(
      items.map(({ score, isFault }) => ({ score: -score, isFault })),
      "above",
    ).threshold,
    -5,
  );
  assert.equal(thresholdSweep(items, "below").length, 4);
  assert.throws(
    () => chooseThreshold(items.slice(0, 2), "below"),
    /with the fault and without are needed, got 2 of 2/,
  );
});

test("halves do not depend on the order of the items, keep groups whole, and share each stratum", () => {
  const items = Array.from({ length: 60 }, (_, i) => ({
    key: `k${i}`,
    group: `g${i % 40}`,
    stratum: i % 40 < 6 ? "blurred" : "",
  }));
  const keys = (list: readonly { key: string }[]) => list.map(({ key }) => key).sort();
  const { chosenOn, shownOn } = splitHalves(items, 0);
  const again = splitHalves(new Random(1).shuffle(items), 0);
  assert.deepEqual(keys(again.chosenOn), keys(chosenOn));
  assert.equal(chosenOn.length + shownOn.length, 60);
  const groups = new Set(chosenOn.map(({ group }) => group));
  assert.ok(shownOn.every(({ group }) => !groups.has(group)));
  assert.equal(groups.size, 20);
  assert.equal([...groups].filter((group) => Number(group.slice(1)) < 6).length, 3);
  assert.notDeepEqual(keys(splitHalves(items, 1).chosenOn), keys(chosenOn));
});

test("a rate of 0.3 % to within a tenth takes some 128,000 labels, the fewest that do", () => {
  const { images, relativeHalfWidth, expectedFaults } = auditSize(0.003, 0.1);
  // the normal law's z^2 (1 - p) / (p r^2) = 127,664; Wilson's interval asks for a little more
  assert.ok(images > 127_664 && images < 128_300, String(images));
  assert.ok(relativeHalfWidth <= 0.1);
  assert.ok(Math.abs(expectedFaults - 384) < 1);
  const { low, high } = wilsonInterval(0.003 * (images - 1), images - 1);
  assert.ok((high - low) / 2 > 0.0003);
  for (const rate of [0, 1, Number.NaN]) assert.throws(() => auditSize(rate, 0.1), /a rate between 0 and 1/);
});

test("labelling removed and kept apart reaches the same width with fewer labels, as draws show", () => {
  const filter = { removedShare: 0.03, precision: 0.8, missedShare: 0.006 };
  const { ofRemoved, ofKept, faultRate, images } = stratifiedAuditSize(filter, 0.1);
  assert.ok(images < auditSize(faultRate, 0.1).images / 2);
  const random = new Random("audit");
  const draw = (total: number, share: number) => {
    let count = 0;
    for (let i = 0; i < total; i++) count += Number(random.next() < share);
    return count / total;
  };
  let within = 0;
  const repeats = 300;
  for (let i = 0; i < repeats; i++) {
    const rate = 0.03 * draw(ofRemoved, 0.8) + 0.97 * draw(ofKept, 0.006);
    within += Number(Math.abs(rate - faultRate) <= 0.1 * faultRate);
  }
  // 0.95 less four standard errors of 300 draws
  assert.ok(within / repeats > 0.9, `${within} of ${repeats}`);
});

test("an audit that would label nothing to check what it assumes is refused, and so is one that is sure", () => {
  const filter = { removedShare: 0.003, precision: 0.8, missedShare: 0.0006 };
  for (const name of ["removedShare", "precision", "missedShare"] as const)
    for (const share of [0, 1, 2, -0.1, Number.NaN])
      assert.throws(
        () => stratifiedAuditSize({ ...filter, [name]: share }, 0.1),
        new RegExp(`^RangeError: Cannot plan an audit: ${name} between 0 and 1 is needed`),
      );
  for (const confidence of [0, 1, 95, Number.NaN]) {
    const message = /^RangeError: Cannot plan an audit: a confidence between 0 and 1 is needed/;
    assert.throws(() => stratifiedAuditSize(filter, 0.1, confidence), message);
    assert.throws(() => auditSize(0.003, 0.1, confidence), message);
  }
  for (const width of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => stratifiedAuditSize(filter, width), /a width above 0/);
    assert.throws(() => auditSize(0.003, width), /a width above 0/);
  }
  const { ofRemoved, ofKept } = stratifiedAuditSize(
    { removedShare: 0.5, precision: 0.999, missedShare: 0.001 },
    1,
  );
  assert.ok(ofRemoved >= 1 && ofKept >= 1);
});
