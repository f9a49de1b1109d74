/** The ladder's law: by hand, on exact laws, intervals by simulation, the published table, and what it refuses. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ladderLaw, oracleLadder, oracleRows, type Rung } from "gpic-lab/benchmark";
import { claim } from "gpic-lab/claims";
import { Random } from "gpic-lab/core";
import { sizeTerm } from "gpic-lab/metrics";

const numberOf = (id: string): number => claim(id).number;
const near = (found: number, expected: number, room: number): void =>
  assert.ok(Math.abs(found - expected) <= room, `${found} is not ${expected} ± ${room}`);

/** Rungs of which the first `giving` are of the reference's law. */
function rungs(distances: readonly number[], giving: number, rounding = 0): Rung[] {
  return distances.map((value, i) => ({
    fd: { value, rounding },
    generatedCount: 1000 * (i + 1),
    referenceCount: 1e6,
    isSubset: i === 0,
    givesBias: i < giving,
  }));
}

test("two rungs by hand: b is the mean of what they say, an excess what is left", () => {
  const { b, steps, scatter } = ladderLaw([
    { fd: { value: 10, rounding: 0 }, generatedCount: 4, referenceCount: 4, givesBias: true },
    { fd: { value: 11, rounding: 0 }, generatedCount: 4, referenceCount: 4, givesBias: true },
    { fd: { value: 12, rounding: 0 }, generatedCount: 2, referenceCount: 2, givesBias: false },
  ]);
  // sizes 1/2, 1/2 and 1: b is 20 and 22, so 21; of which the deviation is the root of 2
  near(b.value, 21, 1e-12);
  near(b.standardError, 1, 1e-12);
  near(scatter ?? Number.NaN, Math.SQRT2 / 21, 1e-12);
  near(steps[2]!.excess, 12 - 21, 1e-12);
  // t of one degree of freedom at 97.5 % is 12.706; the rung's own scatter is the root of 2, that of b is 1
  near(steps[2]!.interval!.high - steps[2]!.excess, 12.7062 * Math.sqrt(3), 1e-3);
});

test("an exact law gives its b back, and its shift as the excess of the others", () => {
  const b = 3.9e5;
  const made = rungs([0, 0, 0, 0], 2).map((rung, i) => ({
    ...rung,
    fd: { value: b * sizeTerm(rung) + (i < 2 ? 0 : 0.8), rounding: 0 },
  }));
  const law = ladderLaw(made);
  near(law.b.value, b, 1e-6);
  for (const [i, { excess }] of law.steps.entries()) near(excess, i < 2 ? 0 : 0.8, 1e-9);
});

test("what rounding allows is reached by digits at its ends, and not passed", () => {
  const rounding = 0.05;
  const printed = [390, 195.3, 131];
  const { steps, rounding: ofB } = ladderLaw(rungs(printed, 2, rounding));
  const ends = [-1, 1].flatMap((x) =>
    [-1, 1].flatMap((y) =>
      [-1, 1].map((z) =>
        ladderLaw(
          rungs(
            printed.map((v, i) => v + rounding * [x, y, z][i]!),
            2,
          ),
        ),
      ),
    ),
  );
  near(Math.max(...ends.map(({ b }) => b.value)), ofB.high, 1e-6);
  near(Math.min(...ends.map(({ b }) => b.value)), ofB.low, 1e-6);
  for (const i of [0, 1, 2]) {
    const excesses = ends.map(({ steps: moved }) => moved[i]!.excess);
    assert.ok(Math.max(...excesses) <= steps[i]!.rounding.high + 1e-9);
  }
  near(Math.max(...ends.map(({ steps: moved }) => moved[2]!.excess)), steps[2]!.rounding.high, 1e-9);
});

test("intervals hold the shift as often as they say, where scores scatter by a share of themselves", () => {
  const random = new Random("ladder");
  const runs = 2000;
  let held = 0;
  for (let run = 0; run < runs; run++) {
    const made = rungs([0, 0, 0], 2).map((rung, i) => ({
      ...rung,
      fd: {
        value: 4e5 * sizeTerm(rung) * (1 + 0.02 * random.normal()) + (i === 2 ? 5 : 0),
        rounding: 0,
      },
    }));
    const { low, high } = ladderLaw(made).steps[2]!.interval!;
    held += low <= 5 && 5 <= high ? 1 : 0;
  }
  // 0.95, and four standard deviations of a share of 2,000
  near(held / runs, 0.95, 4 * Math.sqrt((0.95 * 0.05) / runs));
});

test("the published ladder: five rungs, one inside the reference, three of training, one shift for these", () => {
  const ladder = oracleLadder(numberOf, "dinov2");
  assert.deepEqual(
    ladder.map(({ row }) => row),
    [...oracleRows],
  );
  assert.deepEqual(ladder.filter(({ isSubset }) => isSubset).length, 1);
  near(ladder[3]!.fd.value, 2.365, 1e-12);
  assert.deepEqual(ladder[3]!.fd.rounding, 0.001);
  const { steps } = ladderLaw(ladder.map((rung) => ({ ...rung, givesBias: !rung.isTraining })));
  for (const [i, { interval, rounding }] of steps.entries())
    if (ladder[i]!.isTraining) {
      assert.ok(rounding.low > 0.78 && rounding.high < 0.83);
      assert.ok(interval!.low > 0.7 && interval!.high < 0.9, "a shift, whatever the scatter");
    } else assert.equal(interval, null);
});

test("one rung gives a b without an interval; none, a whole as its own part and what is no number are refused", () => {
  const alone = ladderLaw(rungs([390, 195], 1, 0.5));
  assert.equal(alone.scatter, null);
  assert.equal(alone.steps[1]!.interval, null);
  assert.deepEqual([alone.b.interval.low, alone.b.standardError], [Number.NaN, Number.NaN]);
  assert.throws(() => ladderLaw(rungs([1, 2], 0)), /a rung that gives b is needed, got none/);
  assert.throws(() => ladderLaw(rungs([Number.NaN], 1)), /finite distances .* got NaN/);
  assert.throws(
    () =>
      ladderLaw([
        {
          fd: { value: 1, rounding: 0 },
          generatedCount: 10,
          referenceCount: 10,
          isSubset: true,
          givesBias: true,
        },
      ]),
    { name: "RangeError", message: /fewer images than their whole/ },
  );
});
