import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "gpic-lab/core";

test("equal seeds give equal streams, different seeds different ones", () => {
  const draw = (seed: number | string) =>
    Array.from(
      { length: 5 },
      (
        (r) => () =>
          r.next()
      )(new Random(seed)),
    );
  assert.deepEqual(draw(7), draw(7));
  assert.notDeepEqual(draw(7), draw(8));
  assert.notDeepEqual(draw(7), draw("7"));
});

test("uniform draws have the mean and variance of U(0, 1)", () => {
  const random = new Random("moments");
  const n = 100_000;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const u = random.next();
    assert.ok(u >= 0 && u < 1);
    sum += u;
    squares += u * u;
  }
  // five standard errors: sd(U) = 0.2887, sd(U^2) = 0.2981
  assert.ok(Math.abs(sum / n - 1 / 2) < (5 * 0.2887) / Math.sqrt(n));
  assert.ok(Math.abs(squares / n - 1 / 3) < (5 * 0.2981) / Math.sqrt(n));
});

test("normal draws have mean 0, variance 1 and no skew", () => {
  const random = new Random("normal");
  const n = 100_000;
  const moments = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const z = random.normal();
    for (let k = 0; k < 3; k++) moments[k]! += z ** (k + 1) / n;
  }
  // five standard errors of the first three raw moments: sd 1, sqrt 2, sqrt 15
  assert.ok(Math.abs(moments[0]!) < 5 / Math.sqrt(n));
  assert.ok(Math.abs(moments[1]! - 1) < (5 * Math.SQRT2) / Math.sqrt(n));
  assert.ok(Math.abs(moments[2]!) < (5 * Math.sqrt(15)) / Math.sqrt(n));
});

test("a shuffle keeps every value and visits every order equally often", () => {
  const random = new Random(1);
  const counts = new Map<string, number>();
  const n = 24_000;
  for (let i = 0; i < n; i++) {
    const order = random.shuffle(["a", "b", "c", "d"]).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assert.equal(counts.size, 24);
  // each of 24 orders: 1000 expected, sd 31; five sd
  for (const count of counts.values()) assert.ok(Math.abs(count - 1000) < 155, String(count));
});

test("a bound that is not a positive integer is refused by name", () => {
  assert.throws(() => new Random(1).integer(0), /bound is a positive integer, got 0/);
});
