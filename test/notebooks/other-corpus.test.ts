/** The notebooks run unchanged on another corpus: a hundred generated shards, by their folder and by their index. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { packageFile } from "gpic-lab/io";
import { writeSparseCorpus } from "../lib/corpus/sparse-shards.js";

const NOTEBOOKS = ["01-corpus", "02-licences", "05-captions"];
const SHARDS = 100;
// of the release's 12,500 a hundredth: as many shards, and a minute's work
const IMAGES_A_SHARD = 125;

test("notebooks 01, 02 and 05 run on a hundred generated shards, and nothing of them is called reproduced", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "gpic-lab-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const images = await writeSparseCorpus(join(folder, "corpus"), {
    shards: SHARDS,
    imagesPerShard: IMAGES_A_SHARD,
    valShards: 1,
  });
  const call = (corpus: string, ...words: string[]): Promise<{ status: number; out: string }> =>
    new Promise((resolve) =>
      execFile(
        process.execPath,
        [packageFile("kernel-extensions", "cli", "gpic-lab.cjs"), ...words],
        { env: { ...process.env, GPIC_CORPUS: corpus, GPIC_LAB_CACHE: join(folder, "cache") } },
        (error, out, err) =>
          resolve({ status: error === null ? 0 : Number(error.code), out: `${out}${err}` }),
      ),
    );
  const paths = NOTEBOOKS.map((name) => packageFile("notebooks", `${name}.ipynb`));
  const run = await call(join(folder, "corpus"), "run", ...paths, "--report", join(folder, "run"));
  assert.equal(run.status, 0, run.out);
  const texts = NOTEBOOKS.map((name) => readFileSync(join(folder, "run", `${name}.ipynb`), "utf8"));
  for (const text of texts) {
    assert.match(text, /local shards \(corpus\): 101 shards \(100 train, 1 val\)/);
    assert.doesNotMatch(text, /"kind": ?"reproduced"/);
  }
  assert.ok(texts[0]!.includes(`${images} pictures have`), "the corpus notebook counts all of them");
  assert.match(texts[0]!, /Splits: 0 findings/);

  const index = join(folder, "index");
  assert.equal((await call("", "corpus", "index", join(folder, "corpus"), "--out", index)).status, 0);
  const byIndex = await call(index, "run", paths[2]!, "--report", join(folder, "by-index"));
  assert.equal(byIndex.status, 0, byIndex.out);
});
