/** `gpic-lab compare` as a person calls it. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { SCORE_NAMES } from "gpic-lab/benchmark";
import { writeFeatures } from "gpic-lab/features";
import { npyBytes, packageFile } from "gpic-lab/io";
import { numberText } from "../../../kernel-extensions/cli/score/score-text.js";
import { gaussianRows, madeProvenance } from "../../lib/benchmark/made-sides.js";
import { type Called, callCli } from "./call.js";

const golden = (file: string) => packageFile("test", "golden", "metrics", file);
const SHIFTED = ["--real", golden("shifted.real.npy"), "--generated", golden("shifted.generated.npy")];

function compare(...args: string[]): Promise<Called> {
  return callCli(["compare", ...args]);
}

function temporary(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "gpic-lab-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test("--json has gpic-eval's names, an interval for each, and what makes the number comparable", async (t) => {
  const statements = join(temporary(t), "model.json");
  writeFileSync(statements, JSON.stringify({ training_on_dinov2: "no", model: "Our model" }));
  const { status, out, err } = await compare(...SHIFTED, "--disclose", statements, "--json");
  assert.equal(err, "");
  assert.equal(status, 0);
  const found = JSON.parse(out);
  const { cases } = JSON.parse(readFileSync(golden("expected.json"), "utf8"));
  assert.ok(Math.abs(found.fd / cases.shifted.fd - 1) < 1e-9);
  assert.deepEqual([found.precision, found.recall, found.coverage], [0.014, 0.435, 0.02]);
  assert.deepEqual(Object.keys(found).slice(0, 8), [...SCORE_NAMES]);
  assert.deepEqual(Object.keys(found.intervals), [...SCORE_NAMES]);
  for (const name of SCORE_NAMES)
    assert.ok(found.intervals[name][0] <= found[name] && found[name] <= found.intervals[name][1], name);
  assert.deepEqual(found.counts, {
    real: 600,
    real_rows: 600,
    generated: 500,
    generated_rows: 500,
    generated_failed: 0,
  });
  assert.equal(found.protocol, null);
  assert.equal(found.model, "Our model");
  assert.equal(found.disclosure.comparable, false);
  const points = new Map(
    found.disclosure.points.map((each: { point: string; status: string }) => [each.point, each.status]),
  );
  assert.equal(points.get("training_on_dinov2"), "met");
  assert.equal(points.get("samples"), "not met");
  assert.equal(points.get("protocol"), "not known");
  assert.match(found.real.sha256, /^[0-9a-f]{64}$/);
  assert.ok(found.seconds > 0 && found.time.endsWith("Z") && found.versions["gpic-lab"]);
});

test("in words: the numbers, what perfect images would score, and what is missing", async () => {
  const { status, out } = await compare(...SHIFTED);
  assert.equal(status, 0);
  assert.match(out, /^500 generated against 600 real images, 48 features each\n/);
  assert.match(out, /^ {2}fd +746\.649 {3}95 %: [\d.]+ to [\d.]+$/m);
  assert.match(
    out,
    /^ {2}500 perfect images would score an fd of about \d+\.\d+ \(95 %: .*\): this is \d+\.\d+ times that$/m,
  );
  assert.match(out, /^Not comparable with the paper's table \(not met: samples, encoder, reference; /m);
  assert.match(out, /^ {2}not met {4}samples: 500 images\.$/m);
});

test("wrong calls end with 2, wrong files with 1, each with one line and nothing on standard output", async (t) => {
  const folder = temporary(t);
  const file = (name: string, bytes: Uint8Array | string) => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  const rows = (values: number[], shape: [number, number]) =>
    npyBytes({ data: Float32Array.from(values), shape });
  const real = golden("shifted.real.npy");
  const whole = readFileSync(real);
  const edm = join(folder, "edm2.npz");
  const gpic = join(folder, "gpic.npz");
  for (const [path, protocol] of [
    [edm, "edm2"],
    [gpic, "gpic"],
  ] as const)
    await writeFeatures(path, {
      prefix: "dino",
      rows: gaussianRows(50, 8, path),
      provenance: madeProvenance(50, { protocol }),
    });
  const cases: readonly [args: readonly string[], status: number, message: RegExp][] = [
    [[], 2, /--real A\.npz and --generated B\.npz, got no --real/],
    [["--real", real], 2, /got no --generated/],
    [["--reel", real, "--generated", real], 2, /--reel/],
    [[...SHIFTED, "more"], 2, /got "more" without a name/],
    [[...SHIFTED, "--seed", "x"], 2, /--seed is a whole number from 0 on, got "x"/],
    [[...SHIFTED, "--prefix", "clip"], 2, /--prefix is dino, inception, sscd, got "clip"/],
    [["--real", real, "--generated", join(folder, "absent.npy")], 1, /absent\.npy/],
    [["--real", real, "--generated", real], 1, /got the reference itself \(.*shifted\.real\.npy\)/],
    [["--real", real, "--generated", file("no.npz", "text")], 1, /no\.npz/],
    [["--real", real, "--generated", file("cut.npy", whole.subarray(0, 900))], 1, /cut\.npy/],
    [
      ["--real", real, "--generated", file("one.npy", rows(new Array(48).fill(0.5), [1, 48]))],
      1,
      /at least 2 images on each side/,
    ],
    [
      ["--real", real, "--generated", file("nan.npy", rows(new Array(2880).fill(Number.NaN), [60, 48]))],
      1,
      /finite numbers are needed, got NaN in row 0, column 0/,
    ],
    [
      ["--real", real, "--generated", file("same.npy", rows(new Array(2880).fill(3), [60, 48]))],
      1,
      /differ from image to image/,
    ],
    [
      [
        "--real",
        real,
        "--generated",
        file(
          "turned.npy",
          rows(
            Array.from({ length: 4800 }, (_, i) => Math.sin(i)),
            [48, 100],
          ),
        ),
      ],
      1,
      /the generated rows lie on their side \(48 x 100\): transpose them/,
    ],
    [
      ["--real", gpic, "--generated", edm],
      1,
      /one protocol needed|one protocol are needed, got gpic \(real\) and edm2 \(generated\)/,
    ],
    [[...SHIFTED, "--disclose", file("statements.json", '{"dinov2":"no"}')], 1, /got "dinov2"/],
    [[...SHIFTED, "--disclose", file("broken.json", "{")], 1, /JSON is needed/],
  ];
  for (const [args, status, message] of cases) {
    const found = await compare(...args);
    assert.equal(found.status, status, `${args.join(" ")}: ${found.err}`);
    assert.match(found.err, message);
    assert.match(found.err, /^gpic-lab: [^\n]*\n$/);
    assert.equal(found.out, "");
  }
});

test("numbers of a terminal keep four digits", () => {
  assert.deepEqual([76.2512, 0.94231, 12345.6, 7.17e-5, 0].map(numberText), [
    "76.251",
    "0.9423",
    "12,346",
    "7.17e-5",
    "0.0000",
  ]);
});

test("the help teaches with an example", async () => {
  const { status, out } = await compare("--help");
  assert.equal(status, 0);
  assert.match(out, /example:\n {2}gpic-lab compare --real /);
});
