import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readDecisions } from "gpic-lab/curation";
import { packageFile } from "gpic-lab/io";
import { folderOf, hashesBelow } from "../../lib/curation/pools.js";
import {
  type Behaviour,
  GOOD_CAPTIONS,
  STAND_IN_MODEL,
  standInServer,
} from "../../lib/vlm/stand-in-server.js";
import { type Called, callCli } from "./call.js";
import { onePool } from "./one-pool.js";

function curate(
  args: readonly string[],
  environment: { readonly [name: string]: string } = {},
): Promise<Called> {
  return callCli(["curate", ...args], {
    ...{ ...process.env, GPIC_LAB_VLM_URL: "", GPIC_LAB_VLM_MODEL: "", ...environment },
  });
}

/** Sizes of val and test that so few images have. */
const SMALL_RECIPE = JSON.stringify({ val: 2, test: 0.25 });

test("the sample's pool becomes the sample's release, as JSON and as a table", async (t) => {
  const out = join(folderOf(t), "release");
  const { status, out: text, err } = await curate(["sample-pool", "--out", out, "--json"]);
  assert.equal(status, 0, err);
  const { funnel, pool, owed, shards } = JSON.parse(text);
  assert.deepEqual(funnel[1], {
    ...{ stage: "licences", in: 273, out: 209 },
    reasons: { "CC BY-SA 3.0": 49, "CC BY-SA 4.0": 12, "CC BY-SA 2.0": 3 },
  });
  assert.deepEqual([pool.name, pool.images, owed, shards.length], ["pool", 273, 0, 11]);
  const tars = Object.entries(hashesBelow(out)).filter(([name]) => name.endsWith(".tar"));
  assert.deepEqual(Object.fromEntries(tars), hashesBelow(packageFile("data", "sample", "release")));
  const again = await curate(["sample-pool", "--out", out]);
  assert.equal(again.status, 0, again.err);
  assert.match(again.out, /^pool: 152 of 273 images released\n/);
  assert.match(again.out, /\n {2}safety +172 +172 +about 0\.35 % +not judged\n/);
  assert.match(again.out, /none: measures judge quality, nobody safety, captions are the pool's/);
});

test("a manifest is a recipe, and another recipe makes another release", async (t) => {
  const { folder, pool } = onePool(t);
  writeFileSync(join(pool, "recipe.json"), SMALL_RECIPE);
  const [one, two, three] = ["one", "two", "three"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const captions = ["--captions", packageFile("data", "sample", "pool", "captions.csv")];
  assert.equal((await curate([pool, "--out", one, ...captions])).status, 0);
  const manifest = ["--recipe", join(one, "manifest.json")];
  assert.equal((await curate([pool, "--out", two, ...captions, ...manifest])).status, 0);
  assert.deepEqual(hashesBelow(two), hashesBelow(one));
  writeFileSync(join(folder, "mine.json"), JSON.stringify({ seed: "mine", val: 2, test: 4 }));
  assert.equal(
    (await curate([pool, "--out", three, ...captions, "--recipe", join(folder, "mine.json")])).status,
    0,
  );
  assert.notDeepEqual(hashesBelow(three), hashesBelow(one));
  const refused = await curate([pool, "--out", one, ...captions, "--recipe", join(folder, "mine.json")]);
  assert.equal(refused.status, 1);
  assert.match(refused.err, /^gpic-lab: Cannot curate into .*got the release of others; name another folder/);
});

test("a model judges and captions; what it owes is left out, told by status 1, and asked for by the same call", async (t) => {
  const { folder, pool } = onePool(t);
  writeFileSync(join(pool, "recipe.json"), SMALL_RECIPE);
  let isBroken = true;
  const said = (schemaName: string, schema: { readonly properties: object }): Behaviour => {
    const caption = GOOD_CAPTIONS[schemaName];
    if (caption !== undefined) return { as: "text", text: JSON.stringify({ caption }) };
    const fields = Object.keys(schema.properties).map((name) => [name, name === "seen" ? "a thing" : "no"]);
    return { as: "text", text: JSON.stringify(Object.fromEntries(fields)) };
  };
  let captionsAsked = 0;
  const server = await standInServer(t, ({ schemaName, schema }, n) => {
    if (isBroken && n === 3) return { as: "status", status: 400 };
    if (isBroken && schemaName.startsWith("caption") && captionsAsked++ === 2)
      return { as: "status", status: 400 };
    if (schemaName === "safety" && n === 7) return { as: "refusal", text: "No." };
    return said(schemaName, schema);
  });
  const environment = {
    GPIC_LAB_VLM_URL: server.baseUrl,
    GPIC_LAB_VLM_MODEL: STAND_IN_MODEL,
    GPIC_LAB_VLM_CONCURRENCY: "1",
  };
  const out = join(folder, "release");
  const args = [pool, "--out", out, "--answers", join(folder, "answers"), "--json"];
  const first = await curate(args, environment);
  assert.equal(first.status, 1, first.err);
  const report = JSON.parse(first.out);
  assert.deepEqual([report.owed, report.models.judge], [2, STAND_IN_MODEL]);
  assert.match(
    first.err,
    /^gpic-lab: judging \d+ images: at most \d+ answers of stand-in\/none: about .* tokens in/,
  );
  assert.match(
    first.err,
    /\ngpic-lab: captions of \d+ images: \d+ answers of stand-in\/none, and second tries/,
  );
  const reasons = report.funnel.flatMap((row: { reasons: object }) => Object.keys(row.reasons));
  for (const reason of ["no verdict: rejected", "no verdict: refused", "no caption yet: rejected"])
    assert.ok(reasons.includes(reason), reason);
  isBroken = false;
  const asked = server.asked.length;
  const second = await curate(args, environment);
  assert.equal(second.status, 0, second.err);
  // the verdict and, as the image then is kept, what follows from it; and the caption
  assert.ok(server.asked.length - asked >= 2 && server.asked.length - asked <= 4);
  const rows = await readDecisions(out, "captions");
  assert.ok(
    rows.length > 10 && rows.every(({ source, outcome }) => source === STAND_IN_MODEL && outcome === "kept"),
  );
  assert.ok(!existsSync(join(out, ".curation")));
  const other = join(folder, "other");
  const third = await curate([pool, "--out", other, "--answers", join(folder, "answers")], environment);
  assert.equal(third.status, 0, third.err);
  assert.match(third.out, /model +stand-in\/none/);
  assert.deepEqual(hashesBelow(other), hashesBelow(out));
  const without = await curate([pool, "--out", join(folder, "without"), "--no-model"], environment);
  assert.equal(without.status, 1);
  assert.match(
    without.err,
    /images that every stage keeps are needed, got 0; the first without a caption: no caption/,
  );
});

test("a wrong call ends with 2 and one line, and makes nothing", async (t) => {
  const folder = folderOf(t);
  const [broken, odd] = [join(folder, "broken.json"), join(folder, "odd.json")];
  writeFileSync(broken, "{");
  writeFileSync(odd, '{"vall": 3}');
  const out = join(folder, "out");
  for (const [args, message] of [
    [[], /curate takes one POOL, got none/],
    [["sample-pool"], /curate takes --out DIR, got none/],
    [["sample-pool", "more", "--out", out], /got "more" too/],
    [["sample-pool", "--out", out, "--recipe", broken], /a recipe is a file of JSON, got .*broken.json/],
    [["sample-pool", "--out", out, "--recipe", join(folder, "none.json")], /a recipe is a file of JSON/],
    [
      ["sample-pool", "--out", out, "--recipe", odd],
      /fields out of .* are needed, got "vall" \(in .*odd.json\)/,
    ],
    [["sample-pool", "--out", out, "--recipes", odd], /--recipes/],
    [["sample-pool", "--out", out, "--captions", "a.txt"], /ends with .csv or .parquet, got "a.txt"/],
    [["sample-pool", "--out", out, "--features", "a.npz"], /got "a.npz", which is not there/],
    [["sample-pool", "--out", out, "--answers", "a"], /--answers is for a run with a model/],
  ] as const) {
    const { status, err } = await curate(args);
    assert.equal(status, 2, `${args.join(" ")}: ${err}`);
    assert.match(err, message);
    assert.equal(err.trimEnd().split("\n").length, 1);
  }
  const none = await curate([join(folder, "none"), "--out", out]);
  assert.equal(none.status, 1);
  assert.match(none.err, /^gpic-lab: Cannot read a pool: .* which is not there\n$/);
  assert.ok(!existsSync(out));
});
