/** What makes a number comparable: each point met, broken, and not known. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type DisclosureFacts,
  disclose,
  disclosureText,
  isComparable,
  readStatements,
  type ScoreSide,
  sampleName,
} from "gpic-lab/benchmark";
import { madeProvenance } from "./made-sides.js";

const COUNT = 50_000;
const key = (i: number) => i.toString(16).padStart(64, "0");
const keys = Array.from({ length: COUNT }, (_, i) => key(i));
const width = 1024;
// what the points look at: counts, names and provenance; no number of these is read
const rows = { data: new Float32Array(0), count: COUNT, width };
const moments = (count: number | undefined) => ({
  count,
  mean: new Float64Array(0),
  covariance: new Float64Array(0),
});
const real: ScoreSide = {
  name: "test_stats.npz",
  width,
  prefix: "dino",
  rows,
  moments: moments(undefined),
  keys,
  notes: [],
  sha256: "12".repeat(32),
};
const generated: ScoreSide = {
  ...{ name: "samples", width, prefix: "dino", rows, moments: moments(COUNT), notes: [] },
  keys: keys.map((each, i) => `${["tag", "short", "medium", "long"][i % 4]}_${each}.png`),
  provenance: madeProvenance(COUNT),
};
const facts: DisclosureFacts = {
  sizes: [{ widthPixels: 256, heightPixels: 256, count: COUNT }],
  reference: {
    ...{
      rows: COUNT,
      distance: 7.44,
      bias: 3.92e5,
      seed: 0,
      count: 1_010_000,
      sentence: "The moments are of about 1,010,000 images.",
    },
    ...{
      kind: "a larger set that holds the rows, or a part of them",
      interval: { low: 850_000, high: 1_250_000 },
      readings: [
        {
          set: "a set that holds the rows",
          count: 1_010_000,
          interval: { low: 850_000, high: 1_250_000 },
        },
      ],
    },
  },
  statements: {
    ...{ training_on_dinov2: "no", auxiliary_networks: "none", captions_rewritten: "no" },
    ...{ text_models: "Qwen3-1.7B as text encoder", reference: "test_stats.npz of the release" },
  },
};

function statusOf(
  point: string,
  side: Partial<ScoreSide>,
  more: DisclosureFacts = {},
  ofReal: Partial<ScoreSide> = {},
): string {
  const found = disclose(
    { real: { ...real, ...ofReal }, generated: { ...generated, ...side } },
    { ...facts, ...more },
  );
  const { status, reason } = found.find((each) => each.point === point)!;
  return `${status}: ${reason}`;
}

test("a score that is made as the paper's table breaks no point; what no hash can be held against stays not known", () => {
  const points = disclose({ real, generated }, facts);
  const of = (wanted: string) => points.filter(({ status }) => status === wanted).map(({ point }) => point);
  assert.equal(points.length, 11);
  assert.deepEqual(of("not met"), []);
  assert.deepEqual(of("not known"), ["encoder", "reference"]);
  assert.deepEqual(of("disclosed"), ["text_models"]);
  assert.equal(
    disclosureText(points),
    "Not known to be comparable with the paper's table (not known: encoder, reference).",
  );
  const known = points.filter(({ status }) => status !== "not known");
  assert.ok(isComparable(known) && !isComparable(points));
  assert.equal(disclosureText(known), "Comparable with the paper's table: 8 points are met, 1 is disclosed.");
});

test("features of which nothing is known are not called comparable, nor broken", () => {
  const bare: ScoreSide = { name: "b.npy", width, rows: { ...rows, count: COUNT }, notes: [] };
  const points = disclose({ real: { ...real, sha256: undefined }, generated: bare });
  assert.deepEqual(
    points.filter(({ status }) => status === "not met"),
    [],
  );
  assert.match(
    disclosureText(points),
    /^Not known to be comparable with the paper's table \(not known: captions, image size, /,
  );
});

const broken: readonly [point: string, given: string, expected: RegExp][] = [
  [
    "samples",
    statusOf("samples", { rows: { ...rows, count: 10_000 }, moments: moments(10_000) }),
    /^not met: 10,000 images\.$/,
  ],
  ["samples that failed", statusOf("samples", {}, { failed: 3 }), /^not met: .*3 that could not be read/],
  [
    "captions of which one is missing",
    statusOf("captions", { keys: generated.keys!.slice(1) }),
    /^not met: .*50,000 keys 1 have no sample; 0 samples are of other keys/,
  ],
  [
    "captions of which one is doubled",
    statusOf("captions", { keys: [...generated.keys!.slice(1), generated.keys![1]!] }),
    /1 of a key that another has/,
  ],
  [
    "captions of other images",
    statusOf("captions", { keys: keys.map((_, i) => `long_${key(i + COUNT)}`) }),
    /^not met: .*50,000 have no sample; 50,000 samples are of other keys/,
  ],
  [
    "captions in the order of names",
    statusOf("captions", { keys: generated.keys!.toSorted() }),
    /^met: .*in the order of their names/,
  ],
  [
    "names that say nothing",
    statusOf("captions", { keys: keys.map((_, i) => String(i)) }),
    /^not known: no sample is named/,
  ],
  [
    "image sizes that are mixed",
    statusOf(
      "image_size",
      {},
      {
        sizes: [
          { widthPixels: 512, heightPixels: 256, count: 7 },
          { widthPixels: 256, heightPixels: 256, count: 3 },
        ],
      },
    ),
    /^not met: images of 2 sizes, 3 of 10 right; the most \(7\) are 512 x 256/,
  ],
  [
    "protocol",
    statusOf("protocol", { provenance: madeProvenance(COUNT, { protocol: "edm2" }) }),
    /^not met: edm2/,
  ],
  [
    "encoder with registers",
    statusOf("encoder", {
      provenance: madeProvenance(COUNT, {
        encoder: { ...madeProvenance(1).encoder, id: "dinov2-vitl14-reg" },
      }),
    }),
    /^not met: dinov2-vitl14-reg/,
  ],
  [
    "encoder of another width",
    statusOf("encoder", { width: 768, provenance: undefined }),
    /^not met: features of 768 numbers/,
  ],
  [
    "precision of float16 rows",
    statusOf("precision", {}, {}, { notes: ["the rows are float16: three digits each"] }),
    /^not met: the rows of the real side are float16/,
  ],
  [
    "reference of the same 50,000",
    statusOf(
      "reference",
      {},
      {
        reference: {
          ...facts.reference!,
          kind: "the same images as the rows",
          count: COUNT,
          interval: { low: COUNT, high: 50_500 },
          readings: [{ set: "the rows", count: COUNT, interval: { low: COUNT, high: 50_500 } }],
        },
      },
    ),
    /^not met: /,
  ],
  [
    "reference that nobody states",
    statusOf("reference", {}, { statements: {} }),
    /^not known: .*no hash of the published file.*SHA-256 1212/,
  ],
  [
    "training on DINOv2",
    statusOf("training_on_dinov2", {}, { statements: { training_on_dinov2: "yes, as a loss" } }),
    /^not met: stated: yes, as a loss .*non-standard/,
  ],
  [
    "weights of any hash, where the publisher states none",
    statusOf("encoder", {
      provenance: madeProvenance(COUNT, {
        encoder: { ...madeProvenance(1).encoder, weightsSha256: "ff".repeat(32) },
      }),
    }),
    /^not known: dinov2-vitl14, weights ffff.*states no hash/,
  ],
  [
    "a reference by a person's word",
    statusOf("reference", {}, { statements: { reference: "made it myself" } }),
    /^not known: .*stated: made it myself/,
  ],
  [
    "the size of one image of all",
    statusOf("image_size", {}, { sizes: [{ widthPixels: 256, heightPixels: 256, count: 1 }] }),
    /^not known: 1 images are, of 50,000/,
  ],
  ...(
    [
      ["training_on_dinov2", "No: only a DINOv2 REPA loss", /^not met: .*not a plain no/],
      ["training_on_dinov2", "no comment", /^not met: /],
      ["training_on_dinov2", "None.", /^met: /],
      ["captions_rewritten", "yes, all, by GPT", /^not met: .*not comparable/],
      ["text_models", "?", /^not known: /],
      ["text_models", "Qwen3", /^disclosed: stated: Qwen3/],
      ["text_models", "none", /^met: /],
    ] as const
  ).map(([point, said, expected]): [string, string, RegExp] => [
    `${point} "${said}"`,
    statusOf(point, {}, { statements: { [point]: said } }),
    expected,
  ]),
  [
    "auxiliary networks not stated",
    statusOf("auxiliary_networks", {}, { statements: {} }),
    /^not known: not stated/,
  ],
];
for (const [point, found, expected] of broken)
  test(`a point by itself: ${point}`, () => assert.match(found, expected));

test("statements are an object of texts under known names, and nothing else", () => {
  assert.deepEqual(readStatements({ training_on_dinov2: " no " }, "m.json"), { training_on_dinov2: "no" });
  for (const [value, got] of [
    [null, /got null/],
    [["no"], /got a list/],
    ["no", /got string/],
    [{ dinov2: "no" }, /under training_on_dinov2, .* is needed, got "dinov2"/],
    [{ model: 7 }, /got model that is no text/],
    [{ model: " " }, /got model that is no text/],
  ] as const)
    assert.throws(() => readStatements(value, "m.json"), got);
});

test("samples are named by caption type and key, with folders and endings or without", () => {
  assert.deepEqual(sampleName(`out/long_${key(7)}.png`), { captionType: "long", key: key(7) });
  assert.deepEqual(sampleName(`tag_${key(1)}`), { captionType: "tag", key: key(1) });
  for (const name of [key(1), `huge_${key(1)}.png`, `long_${key(1).slice(1)}.png`, `long_${key(1)}.png/x`])
    assert.equal(sampleName(name), undefined, name);
});
