/** The ImageNet paper's claims by version, and what follows from published numbers about it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DPG_BENCH, GENEVAL_IMAGES_PER_PROMPT, genevalTasks } from "gpic-lab/benchmark";
import {
  claim,
  cutmixThreshold,
  describeSource,
  genevalCells,
  imagenetClaims,
  imagenetRecomputed,
  imagenetVerdicts,
  loadClaims,
  statedParameters,
} from "gpic-lab/claims";

test("three versions claim three gains, and only those with a percent sign have two readings", () => {
  const read = imagenetClaims().map(({ version, gains: { geneval, dpgbench } }) => [
    version,
    ...[geneval.asPoints, geneval.asPart, dpgbench.asPoints, dpgbench.asPart].map((gain) =>
      gain === undefined ? "none" : gain.toFixed(4),
    ),
  ]);
  assert.deepEqual(read, [
    ["v1", "0.0200", "none", "5.0000", "none"],
    ["v2", "0.0100", "0.0055", "0.5000", "0.3733"],
    ["latest", "0.0600", "0.0330", "5.0000", "3.7325"],
  ]);
});

test("all versions claim a tenth of the parameters and a thousandth of the images", () => {
  for (const { parametersRatio, imagesRatio } of imagenetClaims())
    assert.deepEqual([parametersRatio, imagesRatio], [0.1, 0.001]);
});

test("every derived number about the paper is recomputed, and no other claims to be", () => {
  const verdicts = imagenetVerdicts();
  assert.deepEqual(
    verdicts.filter(({ kind }) => kind !== "recomputed").map(({ claim: one }) => one.id),
    [],
  );
  const derived = [...loadClaims().values()].filter(
    ({ part, test: { kind } }) => part === "imagenet-t2i" && kind === "published-numbers",
  );
  assert.deepEqual([...imagenetRecomputed().keys()].sort(), derived.map(({ id }) => id).sort());
});

test("the benchmarks' sizes in the code are those of the claims", () => {
  assert.deepEqual(
    genevalTasks.map(({ prompts }) => prompts),
    claim("imagenet-t2i/benchmarks/geneval/prompts-by-task").value,
  );
  assert.equal(GENEVAL_IMAGES_PER_PROMPT, claim("imagenet-t2i/benchmarks/geneval/images-per-prompt").value);
  assert.equal(DPG_BENCH.prompts, claim("imagenet-t2i/benchmarks/dpg/prompts").value);
  assert.equal(DPG_BENCH.imagesPerPrompt, claim("imagenet-t2i/benchmarks/dpg/images-per-prompt").value);
});

test("what is read out of wordings is what they say", () => {
  assert.deepEqual(statedParameters(), [300, 400]);
  assert.equal(cutmixThreshold(), 0.4);
  assert.equal(genevalCells("SDXL").color_attribution, 0.23);
  assert.throws(() => genevalCells("SDXXL"), { name: "RangeError" });
});

test("every source of the part is a document in words", () => {
  for (const { part, source } of loadClaims().values())
    if (part === "imagenet-t2i" && source.startsWith("imagenet-t2i:"))
      assert.notEqual(describeSource(source), source);
});
