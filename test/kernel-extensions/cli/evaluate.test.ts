/** `gpic-lab evaluate` as a person calls it, with the tiny DINOv2 of the golden vectors. */
import assert from "node:assert/strict";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, type TestContext, test } from "node:test";
import { samplesKind, watchSizes } from "gpic-lab/benchmark";
import { readFeatures, writeFeatures } from "gpic-lab/features";
import { openImages } from "gpic-lab/images";
import { npyBytes, packageFile, writeNpz } from "gpic-lab/io";
import { gaussianRows } from "../../lib/benchmark/made-sides.js";
import { type Called, callCli } from "./call.js";

const decodeGolden = (file: string) => packageFile("data", "decode", "files", file);
const dinoGolden = (file: string) => packageFile("test", "golden", "dinov2-tiny-plain", file);
const TINY = [
  "--encoder",
  "dinov2",
  "--weights",
  dinoGolden("weights.pth"),
  "--heads",
  "3",
  "--device",
  "cpu",
];

const folder = mkdtempSync(join(tmpdir(), "gpic-lab-"));
const env = { ...process.env, GPIC_LAB_CACHE: join(folder, "cache") };
after(() => rmSync(folder, { recursive: true, force: true }));

function call(...args: string[]): Promise<Called> {
  return callCli([...args], env);
}

const reference = join(folder, "test.npz");
const made = await call("features", "sample", "--split", "test", ...TINY, "--out", reference);
assert.equal(made.status, 0, made.err);

async function widthOf(path: string): Promise<number> {
  return (await readFeatures(path)).rows!.width;
}

function temporary(t: TestContext): string {
  const inside = mkdtempSync(join(folder, "t-"));
  t.after(() => rmSync(inside, { recursive: true, force: true }));
  return inside;
}

test("images of the sample against a reference: JSON, page and kept features, and the features score the same", async (t) => {
  const inside = temporary(t);
  const features = join(inside, "val.npz");
  const report = join(inside, "report");
  const args = ["--reference", reference, "--json"];
  const first = await call(
    "evaluate",
    "sample",
    "--split",
    "val",
    ...TINY,
    "--features",
    features,
    "--report",
    report,
    ...args,
  );
  assert.equal(first.err, "");
  assert.equal(first.status, 0);
  const found = JSON.parse(first.out);
  assert.ok(found.fd > 0 && found.precision > 0);
  assert.deepEqual(found.counts, {
    real: 24,
    real_rows: 24,
    generated: 16,
    generated_rows: 16,
    generated_failed: 0,
  });
  assert.deepEqual([found.protocol, found.encoder.id, found.devices], ["gpic", "dinov2-custom", ["cpu"]]);
  assert.equal(
    found.image_sizes.reduce((sum: number, { count }: { count: number }) => sum + count, 0),
    16,
  );
  assert.equal(
    found.disclosure.points.find(({ point }: { point: string }) => point === "image_size").status,
    "not met",
  );
  assert.deepEqual(JSON.parse(readFileSync(join(report, "score.json"), "utf8")).fd, found.fd);
  // whole paths of somebody's machine are nobody's business
  assert.equal(found.real.name, "test.npz");
  assert.ok(!readFileSync(join(report, "score.json"), "utf8").includes(folder));
  const page = readFileSync(join(report, "index.html"), "utf8");
  // 8 at either end of 16 images, each with its picture
  assert.equal(page.match(/<img src="data:image\/jpeg;base64,/g)?.length, 16);
  assert.equal(existsSync(`${features}.parts`), false);
  const again = JSON.parse((await call("evaluate", features, ...args)).out);
  for (const name of ["fd", "fd_mu", "fd_sigma", "precision", "recall", "density", "coverage", "mmd"])
    assert.equal(again[name], found[name], name);
  assert.deepEqual((await readFeatures(features)).rows?.count, 16);
});

test("kept features replace those of the same images, and no other file", async (t) => {
  const inside = temporary(t);
  const [precious, kept] = [join(inside, "precious.npz"), join(inside, "kept.npz")];
  copyFileSync(reference, precious);
  const before = readFileSync(precious);
  const args = ["evaluate", "sample", "--split", "val", ...TINY, "--reference", precious, "--features"];
  const refused = await call(...args, precious);
  assert.equal(refused.status, 1);
  assert.match(
    refused.err,
    /^gpic-lab: Cannot keep features in .*precious\.npz: a new file, or the features of /,
  );
  assert.deepEqual(readFileSync(precious), before);
  for (const time of ["first", "second"]) assert.equal((await call(...args, kept)).status, 0, time);
});

test("a damaged image among sound ones costs itself alone: a line, a count, and the status is 1", async (t) => {
  const images = join(temporary(t), "images");
  mkdirSync(images);
  copyFileSync(dinoGolden("image.png"), join(images, "a.png"));
  copyFileSync(decodeGolden("no-end.jpg"), join(images, "b.jpg"));
  copyFileSync(decodeGolden("420-q90.jpg"), join(images, "c.jpg"));
  const { status, out, err } = await call("evaluate", images, ...TINY, "--reference", reference, "--json");
  assert.equal(status, 1);
  assert.match(err, /^gpic-lab: truncated: Cannot decode b\.jpg: .*\n$/);
  const found = JSON.parse(out);
  assert.deepEqual([found.counts.generated, found.counts.generated_failed], [2, 1]);
  assert.deepEqual([found.precision, found.intervals.fd], [null, null]);
  assert.match(found.missing.join(" "), /need more than 5 images of each side/);
});

test("--explain-reference tells of how many images the moments are, and refuses what cannot tell", async (t) => {
  const inside = temporary(t);
  const path = join(inside, "stats.npz");
  await writeFeatures(path, { prefix: "dino", rows: gaussianRows(800, 6, "rows") });
  const { status, out } = await call("evaluate", "--explain-reference", "--reference", path);
  assert.equal(status, 0);
  assert.match(out, /^The moments are of the same 800 images as the rows: [^\n]*\n$/);
  const json = JSON.parse((await call("evaluate", "--explain-reference", "--reference", path, "--json")).out);
  assert.deepEqual([json.rows, json.images, json.kind], [800, 800, "the same images as the rows"]);
  await writeFeatures(path, { prefix: "dino", rows: gaussianRows(800, 6, "rows") }, { keep: "moments" });
  const refused = await call("evaluate", "--explain-reference", "--reference", path);
  assert.equal(refused.status, 1);
  assert.match(refused.err, /rows and moments are needed, got moments alone/);
});

test("wrong calls and wrong files are told in one line, before an image is read", async (t) => {
  const inside = temporary(t);
  const empty = join(inside, "empty");
  const texts = join(inside, "texts");
  for (const each of [empty, texts]) mkdirSync(each);
  writeFileSync(join(texts, "a.txt"), "a");
  const one = join(inside, "one.npy");
  writeFileSync(one, npyBytes({ data: new Uint8Array(32 * 32 * 3), shape: [1, 32, 32, 3] }));
  const floats = join(inside, "floats.npz");
  await writeNpz(floats, [{ name: "arr_0", data: new Float32Array(2 * 8 * 8 * 3), shape: [2, 8, 8, 3] }]);
  const inception = join(inside, "inception.npz");
  await writeFeatures(inception, { prefix: "inception", rows: gaussianRows(40, 48, "inception") });
  const other = join(inside, "other.npz");
  await writeFeatures(other, { prefix: "dino", rows: gaussianRows(40, await widthOf(reference), "other") });
  const cases: readonly [args: readonly string[], status: number, message: RegExp][] = [
    [[], 2, /evaluate takes SAMPLES, got none/],
    [["sample"], 2, /--reference REF\.npz, got none/],
    [["sample", "more", "--reference", reference], 2, /got "more" too/],
    [["sample", "--reference", reference, "--features", "F.npy"], 2, /--features takes F\.npz/],
    [[empty, "--reference", reference], 1, /got an empty folder/],
    [[texts, "--reference", reference], 1, /got 1 other file \(1 \.txt\)/],
    [[join(inside, "none"), "--reference", reference], 1, /which is not there/],
    [["sample", "--reference", join(inside, "none.npz")], 1, /none\.npz/],
    [["sample", "--reference", empty], 1, /empty/],
    [[one, ...TINY, "--reference", reference], 1, /at least 2 images on each side/],
    [[floats, ...TINY, "--reference", reference], 1, /uint8 of shape \(N, height, width, 3\) is needed/],
    [
      ["sample", ...TINY, "--reference", inception],
      1,
      /its encoder is needed \(its features are inception's; --encoder\), got dinov2/,
    ],
    [[reference, "--reference", reference], 1, /got the reference itself/],
    [[reference, "--reference", reference, "--split", "val"], 2, /--split is for images, got features/],
    [
      [
        reference,
        "--reference",
        inception,
        "--encoder",
        "inception-fid",
        "--device",
        "cuda:7",
        "--batch",
        "3",
      ],
      2,
      /--encoder, --device, --batch is for images, got features/,
    ],
    [
      ["sample", "--reference", reference, "--training-images", "sample"],
      2,
      /--training-images is for the page/,
    ],
    [
      ["sample", "--reference", reference, "--explain-reference"],
      2,
      /--explain-reference takes .*, got "sample" too/,
    ],
    [
      ["--reference", reference, "--explain-reference", "--report", inside],
      2,
      /--explain-reference takes .*, got --report too/,
    ],
    // what is wrong of the training side and the page is known before an image is read: --weights is not there
    ...(
      [
        [["--training", join(inside, "absent.npz")], /absent\.npz/],
        [["--training", reference], /got the training images themselves/],
        [["--training", inception], /dino_embeddings are needed, got "inception_embeddings"/],
        [
          ["--training", other, "--report", join(inside, "r"), "--training-images", join(inside, "gone")],
          /gone.*which is not there/,
        ],
        [["--report", join(texts, "a.txt", "page")], /Cannot make the folder .*a file in its way/],
      ] as const
    ).map(([more, message]): [readonly string[], number, RegExp] => [
      [
        "sample",
        "--encoder",
        "dinov2",
        "--weights",
        join(inside, "none.pth"),
        "--reference",
        reference,
        ...more,
      ],
      1,
      message,
    ]),
  ];
  for (const [args, status, message] of cases) {
    const found = await call("evaluate", ...args);
    assert.equal(found.status, status, `${args.join(" ")}: ${found.err}`);
    assert.match(found.err, message);
    assert.match(found.err, /^gpic-lab: [^\n]*\n$/);
    assert.equal(found.out, "");
  }
});

test("samples are told from features by their arrays", async (t) => {
  const inside = temporary(t);
  const at = (name: string) => join(inside, name);
  writeFileSync(at("pixels.npy"), npyBytes({ data: new Uint8Array(2 * 4 * 4 * 3), shape: [2, 4, 4, 3] }));
  writeFileSync(at("rows.npy"), npyBytes({ data: new Float32Array(8), shape: [2, 4] }));
  await writeNpz(at("pixels.npz"), [
    { name: "arr_0", data: new Uint8Array(2 * 4 * 4 * 3), shape: [2, 4, 4, 3] },
  ]);
  await writeNpz(at("rows.npz"), [{ name: "arr_0", data: new Float32Array(8), shape: [2, 4] }]);
  const kinds = ["pixels.npy", "rows.npy", "pixels.npz", "rows.npz"].map((name) => samplesKind(at(name)));
  assert.deepEqual(await Promise.all(kinds), ["images", "features", "images", "features"]);
  assert.deepEqual(await Promise.all([samplesKind(inside), samplesKind("sample"), samplesKind(reference)]), [
    "images",
    "images",
    "features",
  ]);
});

test("the sizes of images are seen while they are read, and of those that were not read afterwards", async () => {
  const set = await openImages("sample", { split: "val" });
  try {
    const unread = await watchSizes(set).sizes();
    const { images, sizes } = watchSizes(set);
    for (const part of images.parts) for await (const item of part.items()) await item.read();
    assert.deepEqual(await sizes(), unread);
    assert.equal(
      unread.reduce((sum, { count }) => sum + count, 0),
      16,
    );
    assert.deepEqual(unread[0], { widthPixels: 720, heightPixels: 360, count: 9 });
  } finally {
    await set.close();
  }
});

test("the help teaches with an example", async () => {
  const { status, out } = await call("evaluate", "--help");
  assert.equal(status, 0);
  assert.match(out, /^gpic-lab evaluate SAMPLES --reference REF\.npz/);
  assert.match(out, /example:\n {2}gpic-lab features sample --split test /);
});
