import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { curate, PAPER_RECIPE } from "gpic-lab/curation";
import { describeImages } from "gpic-lab/dedup";
import { installSettings, packageFile, settingsFrom } from "gpic-lab/io";
import { servedFile } from "../hub/hub-server.js";
import { environment, surroundings } from "../hub/surroundings.js";
import { folderOf, hashesBelow } from "./pools.js";

test("a corpus on the Hub is a pool: it gives the very release that its shards give on this machine", async (t) => {
  const release = packageFile("data", "sample", "release");
  const names = ["val/gpic_val_00000.tar", "test/gpic_test_00000.tar", "test/gpic_test_00001.tar"];
  const files = names.map((name) => servedFile(name, readFileSync(join(release, name))));
  const { server, folder } = await surroundings(t, files, { stallMilliseconds: 60_000 });
  installSettings(() => settingsFrom(environment(server, folder)));
  t.after(() => installSettings(() => settingsFrom({})));
  const out = folderOf(t);
  const recipe = { ...PAPER_RECIPE, val: 4, test: 8 };
  const far = await curate("hf://stanford-vision-lab/gpic@main", {
    ...{ out: join(out, "far"), recipe, describe: describeImages },
  });
  assert.deepEqual(
    [far.pool.name, far.pool.images, far.funnel.at(-1)!.out],
    ["hf://stanford-vision-lab/gpic@main", 40, 40],
  );
  const near = join(out, "near-pool");
  const { cpSync } = await import("node:fs");
  for (const name of names) cpSync(join(release, name), join(near, name), { recursive: true });
  await curate(near, { out: join(out, "near"), recipe, describe: describeImages });
  const tars = (name: string) =>
    Object.entries(hashesBelow(join(out, name))).filter(([file]) => file.endsWith(".tar"));
  assert.deepEqual(tars("far"), tars("near"));
  assert.equal(tars("far").length, 3);
});
