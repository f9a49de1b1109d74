import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "gpic-lab/core";
import {
  Components,
  type DedupImage,
  type DedupInput,
  deduplicate,
  eachPair,
  pairsOf,
  RULE_CHOICES,
  type RuleOptions,
  ruleVariants,
  type SimilarPair,
} from "gpic-lab/dedup";

/** Images "A", "B" ... of falling resolution, or of the sides that are given, and pairs by letters: { AB: 0.97 }. */
function made(
  sides: readonly (number | readonly [number, number])[],
  pairs: Record<string, number>,
): DedupInput {
  const images = sides.map((side, i): DedupImage => {
    const [widthPixels, heightPixels] = typeof side === "number" ? [side, side] : side;
    return { key: letter(i), widthPixels, heightPixels, place: i, sizeBytes: 100 - i };
  });
  const number = (text: string, at: number) => text.charCodeAt(at) - 65;
  const list = Object.entries(pairs).map(
    ([text, similarity]): SimilarPair => ({ first: number(text, 0), second: number(text, 1), similarity }),
  );
  const known = new Map(list.flatMap((p) => [[`${p.first} ${p.second}`, p.similarity] as const]));
  return {
    images,
    similar: { pairs: pairsOf(list), threshold: 0.9 },
    similarityOf: (a, b) => known.get(`${Math.min(a, b)} ${Math.max(a, b)}`) ?? 0.5,
  };
}

function letter(i: number): string {
  return String.fromCharCode(65 + i);
}

function kept(input: DedupInput, options: Partial<RuleOptions> = {}): string {
  return Array.from(deduplicate(input, options).kept, (i) => input.images[i]!.key).join("");
}

test("of a pair above 0.9625 the lower resolution goes, of one below neither, and the witness is named", () => {
  const input = made([100, 300, 200, 400], { AB: 0.97, CD: 0.95 });
  const result = deduplicate(input);
  assert.deepEqual(result.removed, [{ key: "A", keptKey: "B", similarity: 0.97, rule: "pair", via: [] }]);
  assert.deepEqual([...result.kept], [1, 2, 3]);
  assert.deepEqual(result.byRule, { "same-bytes": 0, "same-pixels": 0, pair: 1, component: 0 });
});

test("a component of five keeps only its highest resolution, one of four all", () => {
  const chain = { AB: 0.91, BC: 0.92, CD: 0.93 };
  assert.equal(kept(made([5, 4, 3, 2, 1], chain)), "ABCDE");
  const five = deduplicate(made([1, 2, 5, 3, 4], { ...chain, DE: 0.94 }));
  assert.deepEqual(
    five.removed.map(({ key, keptKey, rule, similarity }) => [key, keptKey, rule, similarity]),
    [
      ["A", "C", "component", 0.5],
      ["B", "C", "component", 0.92],
      ["D", "C", "component", 0.93],
      ["E", "C", "component", 0.5],
    ],
  );
});

test("above or at or above differ for a pair exactly at a threshold", () => {
  const at = made([2, 1], { AB: 0.9625 });
  assert.equal(kept(at), "AB");
  assert.equal(kept(at, { comparison: "at-or-above" }), "A");
  const five = made([5, 4, 3, 2, 1], { AB: 0.9, BC: 0.9, CD: 0.9, DE: 0.9 });
  assert.equal(kept(five), "ABCDE");
  assert.equal(kept(five, { comparison: "at-or-above" }), "A");
});

test("a chain loses both ends at once, one in turn, and as a cluster all but one", () => {
  const falling = made([3, 2, 1], { AB: 0.97, BC: 0.98 });
  assert.equal(kept(falling), "A");
  assert.equal(kept(falling, { chains: "in-turn" }), "AC");
  assert.equal(kept(falling, { chains: "cluster" }), "A");
  assert.deepEqual(deduplicate(falling).removed[1], {
    ...{ key: "C", keptKey: "A", similarity: 0.5, rule: "pair", via: ["B"] },
  });
  const valley = made([3, 1, 2], { AB: 0.97, BC: 0.98 });
  assert.equal(kept(valley), "AC");
  assert.equal(kept(valley, { chains: "in-turn" }), "AC");
  assert.equal(kept(valley, { chains: "cluster" }), "A");
  assert.equal(deduplicate(valley).removed[0]?.keptKey, "C");
});

test("counted after the pairs' rule a component of five that lost one stays, and one that lost its middle falls apart", () => {
  const five = made([5, 4, 3, 2, 1], { AB: 0.97, AC: 0.91, AD: 0.92, AE: 0.93 });
  assert.equal(kept(five), "A");
  assert.equal(kept(five, { componentSize: "after" }), "ACDE");
  assert.equal(kept(five, { componentSize: "after", order: "components-first" }), "A");
  const bridge = made([5, 4, 3, 2, 9, 8, 1], { AB: 0.91, BC: 0.91, CG: 0.91, DG: 0.91, EG: 0.97, FG: 0.91 });
  assert.equal(kept(bridge), "E");
  assert.equal(kept(bridge, { componentSize: "after" }), "ABCDEF");
});

test("by Figure D.1's range strong pairs make no component", () => {
  const five = made([5, 4, 3, 2, 1], { AB: 0.97, BC: 0.91, CD: 0.92, DE: 0.93 });
  assert.equal(kept(five), "A");
  assert.equal(kept(five, { componentPairs: "below-pair-threshold" }), "ACDE");
});

test("resolution by pixels, by the longest and by the shortest side are three rules", () => {
  const pair = (a: [number, number], b: [number, number]) => made([a, b], { AB: 0.97 });
  const [long, square] = [pair([900, 100], [400, 400]), pair([500, 300], [400, 360])];
  assert.equal(kept(long), "B");
  assert.equal(kept(long, { resolution: "longest-side" }), "A");
  assert.equal(kept(square), "A");
  assert.equal(kept(square, { resolution: "shortest-side" }), "B");
});

test("a tie is decided by key, bytes or place, or keeps both", () => {
  const input = made([7, 7], { AB: 0.99 });
  const images = [
    { ...input.images[0]!, place: 9, sizeBytes: 10 },
    { ...input.images[1]!, place: 3, sizeBytes: 20 },
  ];
  const tie = { ...input, images };
  assert.equal(kept(tie), "A");
  assert.equal(kept(tie, { ties: "bytes" }), "B");
  assert.equal(kept(tie, { ties: "place" }), "B");
  assert.equal(kept(tie, { ties: "both" }), "AB");
  const five = made([9, 9, 8, 7, 6], { AB: 0.91, BC: 0.91, CD: 0.91, DE: 0.91 });
  assert.equal(kept(five, { ties: "both" }), "AB");
});

test("exact copies go first, and their witness is kept even where that one's pair removed it", () => {
  const input = made([5, 4, 4, 3], { AB: 0.97, AC: 0.97, BC: 1 });
  const result = deduplicate({
    ...input,
    bytesSha256: ["a", "b", "b", "d"],
    pixelsSha256: [undefined, "p", "p", "p"],
  });
  assert.deepEqual(result.removed, [
    { key: "B", keptKey: "A", similarity: 0.97, rule: "pair", via: [] },
    { key: "C", keptKey: "A", similarity: 0.97, rule: "same-bytes", via: ["B"] },
    { key: "D", keptKey: "A", similarity: 0.5, rule: "same-pixels", via: ["B"] },
  ]);
});

test("exact copies make no component of five: the rule counts what they leave", () => {
  const copies = made([4, 4, 4, 4, 3], {
    AB: 1,
    AC: 1,
    AD: 1,
    BC: 1,
    BD: 1,
    CD: 1,
    AE: 0.92,
    BE: 0.92,
    CE: 0.92,
    DE: 0.92,
  });
  const hashed = { ...copies, bytesSha256: ["a", "a", "a", "a", "e"] };
  for (const componentSize of RULE_CHOICES.componentSize)
    assert.equal(kept(hashed, { componentSize }), "AE", componentSize);
  // on descriptors alone, as the paper ran it, they count
  assert.equal(kept(copies), "A");
});

/** Images in clusters of all sizes with chains between them, ties included. */
function random(seed: number, images: number): DedupInput {
  const source = new Random(seed);
  const sides = Array.from({ length: images }, () => 256 + 64 * source.integer(3));
  const list: SimilarPair[] = [];
  const seen = new Set<string>();
  for (let i = 0; i < images; i++) {
    const [a, b] = [source.integer(images), source.integer(images)];
    const [first, second] = [Math.min(a, b), Math.max(a, b)];
    if (first === second || seen.has(`${first} ${second}`)) continue;
    seen.add(`${first} ${second}`);
    list.push({ first, second, similarity: 0.9 + source.integer(9) * 0.0125 });
  }
  const known = new Map(list.map((p) => [`${p.first} ${p.second}`, p.similarity]));
  return {
    images: sides.map((side, i) => ({
      ...{ key: `k${(i * 7919) % 10007}`, widthPixels: side, heightPixels: 300 },
      ...{ place: i, sizeBytes: source.integer(4) },
    })),
    bytesSha256: sides.map((_, i) => (i % 10 === 0 ? `h${i % 30}` : undefined)),
    similar: { pairs: pairsOf(list), threshold: 0.9 },
    similarityOf: (a, b) => known.get(`${Math.min(a, b)} ${Math.max(a, b)}`) ?? 0,
  };
}

function permuted(input: DedupInput, seed: number): DedupInput {
  const order = new Random(seed).shuffle(input.images.map((_, i) => i));
  const place = new Map(order.map((from, to) => [from, to]));
  const { pairs, threshold } = input.similar;
  const list = Array.from(pairs.first, (first, i) => ({
    first: place.get(pairs.second[i]!)!,
    second: place.get(first)!,
    similarity: pairs.similarity[i]!,
  }));
  return {
    images: order.map((from) => input.images[from]!),
    bytesSha256: order.map((from) => input.bytesSha256?.[from]),
    similar: { pairs: pairsOf(list.reverse()), threshold },
    similarityOf: (a, b) => input.similarityOf(order[a]!, order[b]!),
  };
}

test("whatever the choices, the order in which images are listed changes nothing", () => {
  const choices = Object.entries(RULE_CHOICES).flatMap(([name, values]) =>
    values.map((value) => ({ [name]: value }) as Partial<RuleOptions>),
  );
  for (const seed of [1, 2, 3]) {
    const input = random(seed, 150);
    for (const options of choices) {
      const before = deduplicate(input, options);
      const listing = permuted(input, seed + 100);
      const after = deduplicate(listing, options);
      assert.deepEqual(after.removed, before.removed, JSON.stringify(options));
      assert.deepEqual(
        Array.from(after.kept, (i) => listing.images[i]!.key).sort(),
        Array.from(before.kept, (i) => input.images[i]!.key).sort(),
      );
    }
  }
});

/** What one call would be in two: exact copies go, then the rule sees the others alone. */
function keptInTwoSteps(input: DedupInput, options: Partial<RuleOptions>): string[] {
  const none = { pairs: pairsOf([]), threshold: 0.9 };
  const left = deduplicate({ ...input, similar: none }, options).kept;
  const place = new Map(Array.from(left, (image, at) => [image, at]));
  const { pairs, threshold } = input.similar;
  const inside = [...eachPair(pairs)].flatMap(({ first, second, similarity }) => {
    const [a, b] = [place.get(first), place.get(second)];
    return a === undefined || b === undefined ? [] : [{ first: a, second: b, similarity }];
  });
  const images = Array.from(left, (image) => input.images[image]!);
  const rest = deduplicate(
    { images, similar: { pairs: pairsOf(inside), threshold }, similarityOf: () => 0.5 },
    options,
  );
  return Array.from(rest.kept, (image) => images[image]!.key);
}

test("whatever the choices, one call keeps what exact copies and then the rule in two steps keep", () => {
  const all = Object.entries(RULE_CHOICES).reduce<Partial<RuleOptions>[]>(
    (some, [name, values]) => some.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
    [{}],
  );
  let [exact, near] = [0, 0];
  for (const seed of [1, 2, 3, 4]) {
    const source = new Random(seed + 50);
    const made = random(seed, 120);
    const input = {
      ...made,
      // groups of up to some ten, and copies by pixels across them
      bytesSha256: made.images.map(() => `h${source.integer(60)}`),
      pixelsSha256: made.images.map(() => `p${source.integer(400)}`),
    };
    for (const options of all) {
      const { kept: stay, byRule } = deduplicate(input, options);
      assert.deepEqual(
        Array.from(stay, (image) => input.images[image]!.key),
        keptInTwoSteps(input, options),
        JSON.stringify(options),
      );
      exact += byRule["same-bytes"] + byRule["same-pixels"];
      near += byRule.pair + byRule.component;
    }
  }
  assert.ok(exact > 1000 && near > 1000, `${exact}, ${near}`);
});

test("every removed image has a kept witness that is not lower, and no image is both", () => {
  const input = random(5, 300);
  const byKey = new Map(input.images.map((image) => [image.key, image]));
  for (const chains of RULE_CHOICES.chains)
    for (const componentPairs of RULE_CHOICES.componentPairs) {
      const { removed, kept: stay } = deduplicate(input, { chains, componentPairs });
      const keys = new Set(Array.from(stay, (i) => input.images[i]!.key));
      assert.equal(removed.length + keys.size, 300);
      assert.ok(removed.length > 30);
      for (const { key, keptKey } of removed) {
        assert.ok(keys.has(keptKey) && !keys.has(key));
        assert.ok(byKey.get(keptKey)!.widthPixels >= byKey.get(key)!.widthPixels);
      }
    }
});

test("in turn, no two images above the pairs' threshold both stay, and each that goes has a kept neighbour", () => {
  const input = random(8, 300);
  const { removed, kept: stay } = deduplicate(
    { ...input, bytesSha256: undefined },
    { chains: "in-turn", minComponent: 1000 },
  );
  const keeps = new Set(stay);
  const { pairs } = input.similar;
  for (let i = 0; i < pairs.count; i++)
    if (pairs.similarity[i]! > 0.9625)
      assert.ok(!(keeps.has(pairs.first[i]!) && keeps.has(pairs.second[i]!)));
  assert.ok(removed.length > 20);
  for (const { similarity, via } of removed) assert.ok(similarity > 0.9625 && via.length === 0);
});

test("the order of the two rules matters only where components are counted after the first", () => {
  let after = 0;
  for (let seed = 0; seed < 20; seed++) {
    const input = random(seed, 200);
    for (const chains of RULE_CHOICES.chains) {
      const orders = RULE_CHOICES.order.map((order) => kept(input, { chains, order }));
      assert.equal(orders[0], orders[1]);
      const counted = RULE_CHOICES.order.map((order) =>
        kept(input, { chains, order, componentSize: "after" }),
      );
      after += Number(counted[0] !== counted[1]);
    }
  }
  assert.ok(after > 0);
});

test("each silence's choices are set beside the rule, with what they keep and change", () => {
  const input = made([3, 2, 1], { AB: 0.97, BC: 0.98 });
  const rows = ruleVariants(input);
  assert.equal(rows.length, Object.values(RULE_CHOICES).flat().length);
  assert.deepEqual(
    rows
      .filter(({ silence }) => silence === "chains")
      .map(({ choice, kept: k, differs }) => [choice, k, differs]),
    [
      ["at-once", 1, 0],
      ["in-turn", 2, 1],
      ["cluster", 1, 0],
    ],
  );
  const nothingKnown = { ...input, images: input.images.map(({ place, sizeBytes, ...image }) => image) };
  assert.deepEqual(
    ruleVariants(nothingKnown, {}, ["ties"]).map(({ choice }) => choice),
    ["key", "both"],
  );
});

test("components by union-find are those of a search from every image", () => {
  const source = new Random(4);
  for (const edges of [0, 30, 100, 400]) {
    const components = new Components(200);
    const neighbours = Array.from({ length: 200 }, () => new Set<number>());
    for (let i = 0; i < edges; i++) {
      const [a, b] = [source.integer(200), source.integer(200)];
      components.join(a, b);
      neighbours[a]!.add(b);
      neighbours[b]!.add(a);
    }
    const seen = new Set<number>();
    const groups: number[][] = [];
    for (let image = 0; image < 200; image++) {
      if (seen.has(image)) continue;
      const group = [image];
      seen.add(image);
      for (const at of group)
        for (const to of neighbours[at]!) if (!seen.has(to)) seen.add(to) && group.push(to);
      groups.push(group.sort((a, b) => a - b));
    }
    assert.equal(components.count, groups.length);
    assert.deepEqual(components.members(1), groups);
    assert.deepEqual(
      components.members(3),
      groups.filter((group) => group.length >= 3),
    );
    for (const group of groups) for (const image of group) assert.equal(components.size(image), group.length);
  }
});

test("a million images in one chain are one component", () => {
  const components = new Components(1_000_000);
  for (let i = 1; i < 1_000_000; i++) components.join(i - 1, i);
  assert.equal(components.count, 1);
  assert.equal(components.size(123_456), 1_000_000);
  assert.equal(components.join(0, 999_999), false);
});

test("what the rule cannot decide is refused with what is needed", () => {
  const input = made([2, 1], { AB: 0.97 });
  const wrong: [Partial<DedupInput>, Partial<RuleOptions>, RegExp][] = [
    [{}, { chains: "both" as "cluster" }, /chains is at-once, in-turn, cluster, got both/],
    [{}, { graphThreshold: 0.97 }, /graphThreshold <= pairThreshold .*got 0.97 and 0.9625/],
    [
      {},
      { graphThreshold: "0.9" as unknown as number },
      /graphThreshold <= pairThreshold .*got "0.9" and 0.9625/,
    ],
    [{}, { chain: "cluster" } as Partial<RuleOptions>, /its choices are graphThreshold, .*got "chain"/],
    [{}, { minComponent: 1 }, /at least 2 images are needed, got 1/],
    [{}, { graphThreshold: 0.8 }, /pairs from 0.8 on are needed, got those of a search at 0.9/],
    [{ images: [input.images[0]!, input.images[0]!] }, {}, /a key of its own .*got 1 twice/],
    [{ images: input.images.slice(1) }, {}, /pairs among 1 images are needed, got 0 and 1/],
    [{ bytesSha256: [] }, {}, /bytesSha256 of each of 2 images is needed, got 0/],
    [{ images: [{ ...input.images[0]!, widthPixels: 0 }, input.images[1]!] }, {}, /got 0 x 2 of "A"/],
  ];
  for (const [change, options, message] of wrong)
    assert.throws(() => deduplicate({ ...input, ...change }, options), message);
  const images = input.images.map((image) => ({ ...image, sizeBytes: undefined }));
  assert.throws(() => deduplicate({ ...input, images }, { ties: "bytes" }), /sizeBytes of each is needed/);
  assert.throws(() => new Components(2).find(2), /an image of 2 is needed, got 2/);
  assert.throws(() => new Components(-1), /got -1/);
  assert.throws(() => pairsOf([{ first: 1, second: 1, similarity: 1 }]), /got row 1 twice/);
});
