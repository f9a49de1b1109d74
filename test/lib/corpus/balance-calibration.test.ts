/** The tests of balance, tested: uniform p-values where there is nothing to find, the stated power where there is. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "gpic-lab/core";
import { againstShares, detectableShare, shardBalance } from "gpic-lab/corpus";
import { captionShares, drawn, kolmogorov, rowsOf } from "./made-counts.js";

/** Kolmogorov's statistic exceeds this once in a thousand; seeds are fixed, so it either always does or never. */
const ONCE_IN_A_THOUSAND = 1.95;

const shardsOf = (random: Random, count: number, size: number, shares = captionShares) =>
  Array.from({ length: count }, () => drawn(random, size, shares));

/** Shares with one category more frequent, the others less in proportion. */
function shifted(category: string, by: number): { [category: string]: number } {
  const left = 1 - (captionShares[category] ?? 0);
  return Object.fromEntries(
    Object.entries(captionShares).map(([name, share]) => [
      name,
      name === category ? share + by : share * (1 - by / left),
    ]),
  );
}

test("independent shards have uniform p-values, over all and one by one", () => {
  const random = new Random("independent");
  const all: number[] = [];
  const firsts: number[] = [];
  let families = 0;
  for (let i = 0; i < 400; i++) {
    const { test: result, byShard } = shardBalance(rowsOf(shardsOf(random, 10, 700)));
    assert.equal(result.method, "chi-square");
    all.push(result.p);
    firsts.push(byShard[0]!.p);
    assert.ok(Math.abs(result.p + result.pTooEven - 1) < 1e-12);
    if (byShard.some(({ verdict }) => verdict === "uneven")) families++;
  }
  assert.ok(kolmogorov(all) < ONCE_IN_A_THOUSAND, String(kolmogorov(all)));
  assert.ok(kolmogorov(firsts) < ONCE_IN_A_THOUSAND, String(kolmogorov(firsts)));
  // at most one family of shards in twenty has a shard that is wrongly called uneven: 20 of 400, four sd of 4.4
  assert.ok(families < 38, String(families));
});

test("independent shards of eight images have uniform p-values by permutation", () => {
  const random = new Random("eight");
  const p: number[] = [];
  for (let i = 0; i < 150; i++) {
    const { test: result } = shardBalance(rowsOf(shardsOf(random, 11, 8)), { replicates: 199, seed: i });
    assert.equal(result.method, "permutation");
    p.push(result.p);
  }
  // 199 draws leave steps of 1/200 in p, 0.06 in the statistic
  assert.ok(kolmogorov(p) < ONCE_IN_A_THOUSAND, String(kolmogorov(p)));
});

test("a shard that differs as much as is called detectable is found as often as stated", () => {
  const random = new Random("planted");
  const [shards, size, runs] = [12, 1500, 250];
  const { power } = shardBalance(rowsOf(shardsOf(random, shards, size)));
  for (const category of ["short", "long"]) {
    const row = power.find((one) => one.category === category && one.power === 0.8)!;
    let found = 0;
    for (let i = 0; i < runs; i++) {
      const others = shardsOf(random, shards - 1, size);
      // the difference is between the shard and all others, whose share is the stated one
      const one = drawn(random, size, shifted(category, row.oneShard!));
      const { byShard } = shardBalance(rowsOf([one, ...others]));
      if (byShard[0]!.p <= row.shardLevel) found++;
    }
    // four standard errors of 0.025, and two hundredths for a variance that is taken without the difference
    assert.ok(Math.abs(found / runs - 0.8) < 0.12, `${category}: ${found / runs}`);
  }
});

test("shares that swing from shard to shard as much as is called detectable are found as often as stated", () => {
  const random = new Random("swing");
  const [shards, size, runs] = [12, 1500, 250];
  const { power } = shardBalance(rowsOf(shardsOf(random, shards, size)));
  const swing = power.find((one) => one.category === "short" && one.power === 0.8)!.allShards!;
  let found = 0;
  for (let i = 0; i < runs; i++) {
    // half of the shards above, half below: the standard deviation is the swing itself
    const made = Array.from({ length: shards }, (_, k) =>
      drawn(random, size, shifted("short", k % 2 === 0 ? swing : -swing)),
    );
    if (shardBalance(rowsOf(made)).test.p <= 0.05) found++;
  }
  assert.ok(Math.abs(found / runs - 0.8) < 0.1, String(found / runs));
});

test("stratified shards are called too even, and independent ones are not", () => {
  const random = new Random("stratified");
  const stratified = Array.from({ length: 80 }, () => ({
    short: 450 + random.integer(3),
    medium: 450 + random.integer(3),
    long: 90 + random.integer(3),
    tag: 10 + random.integer(2),
  }));
  const { test: result, verdict, byShard } = shardBalance(rowsOf(stratified));
  assert.equal(verdict, "too even");
  assert.ok(result.pTooEven < 1e-50 && result.p > 0.999999);
  // corrected for their number, evenness of one shard is harder to show
  assert.ok(byShard.every(({ pTooEvenCorrected, pTooEven }) => pTooEvenCorrected >= pTooEven));
  const independent = shardBalance(rowsOf(shardsOf(random, 80, 1000)));
  assert.equal(independent.verdict, "as independent draws");
});

test("counts drawn by the stated shares have uniform p-values, and a detectable difference is seen", () => {
  const random = new Random("stated");
  const p = Array.from({ length: 400 }, () => againstShares(drawn(random, 1200), captionShares).p);
  assert.ok(kolmogorov(p) < ONCE_IN_A_THOUSAND, String(kolmogorov(p)));
  const difference = detectableShare({ share: 0.09, size: 2000, df: 3, level: 0.05, power: 0.9 })!;
  let found = 0;
  for (let i = 0; i < 300; i++)
    if (againstShares(drawn(random, 2000, shifted("long", difference)), captionShares).p <= 0.05) found++;
  // four standard errors of 0.017
  assert.ok(Math.abs(found / 300 - 0.9) < 0.07, String(found / 300));
});
