import assert from "node:assert/strict";
import { mkdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { bestEncoder, fetchWeights, weightsFolder } from "gpic-lab/models";
import { temporary } from "../hub/surroundings.js";
import { madeWeights } from "./made-weights.js";

const small = await madeWeights();

async function withWeights(t: TestContext, cache: string, id: "dinov2-vits14"): Promise<string> {
  const from = join(temporary(t), "x.pth");
  writeFileSync(from, small.bytes);
  return (await fetchWeights(id, { date: "2026-11-25", cache, from })).path;
}

/** Weights that nobody opens: the record and a file of the length that it states. */
function pretend(cache: string, id: "dinov2-vitl14" | "sscd", name: string): void {
  const file = { name, bytes: 3, sha256: "0".repeat(64) };
  const record = { encoder: id, source: "made", hash: "made", date: "2026-11-25", files: [file] };
  mkdirSync(weightsFolder(id, cache), { recursive: true });
  writeFileSync(join(weightsFolder(id, cache), name), "abc");
  writeFileSync(join(weightsFolder(id, cache), "weights.json"), JSON.stringify(record));
}

test("without weights there is no encoder, and what to fetch is said", async (t) => {
  assert.deepEqual(await bestEncoder(temporary(t)), {
    id: undefined,
    title: "no encoder",
    why: "no encoder's weights are on this machine; the smallest comes with: npx gpic-lab models fetch sscd-int8, the benchmark's own, DINOv2 ViT-L/14, with: npx gpic-lab models fetch dinov2-vitl14",
  });
});

test("DINOv2 is better than SSCD, and the benchmark's own DINOv2 better than any", async (t) => {
  const cache = temporary(t);
  pretend(cache, "sscd", "sscd_disc_mixup.torchvision.pt");
  assert.equal((await bestEncoder(cache)).id, "sscd");
  await withWeights(t, cache, "dinov2-vits14");
  const { id, title, why } = await bestEncoder(cache);
  assert.deepEqual([id, title], ["dinov2-vits14", "DINOv2 ViT-S/14"]);
  assert.equal(
    why,
    "DINOv2 ViT-S/14 is the best encoder here; the benchmark's own, DINOv2 ViT-L/14, comes with: npx gpic-lab models fetch dinov2-vitl14",
  );
  pretend(cache, "dinov2-vitl14", "dinov2_vitl14_pretrain.pth");
  assert.equal((await bestEncoder(cache)).why, "DINOv2 ViT-L/14 is the benchmark's own encoder");
});

test("weights that are not what their record says are passed over, and named", async (t) => {
  const cache = temporary(t);
  const path = await withWeights(t, cache, "dinov2-vits14");
  truncateSync(path, 5);
  const { id, why } = await bestEncoder(cache);
  assert.equal(id, undefined);
  assert.match(why, /; not used: .*dinov2_vits14_pretrain\.pth: \d+ bytes are needed, got 5$/);
  rmSync(path);
  assert.doesNotMatch((await bestEncoder(cache)).why, /not used/);
});

test("a record that is none is the trouble of one encoder alone", async (t) => {
  const cache = temporary(t);
  pretend(cache, "dinov2-vitl14", "dinov2_vitl14_pretrain.pth");
  writeFileSync(join(weightsFolder("dinov2-vitl14", cache), "weights.json"), "{");
  pretend(cache, "sscd", "sscd_disc_mixup.torchvision.pt");
  const { id, why } = await bestEncoder(cache);
  assert.equal(id, "sscd");
  assert.match(
    why,
    /; not used: Cannot read .*weights\.json: the record of the weights of dinov2-vitl14 is needed/,
  );
});
