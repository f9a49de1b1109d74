/** The descriptors of spoilt crops: whose they are, and that the encoder gives them again where it is installed. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { describePictures, sampleDegraded, sampleDescriptors } from "gpic-lab/features";
import { degradationById, degradations } from "gpic-lab/images";
import { currentSettings, installSettings, settingsFrom } from "gpic-lab/io";
import { openEncoder } from "gpic-lab/models";
import { cropsToSpoil, DEGRADED_CROPS, spoilt } from "../../data/build/degraded.js";

installSettings(() => settingsFrom(process.env));
const isInstalled = existsSync(join(currentSettings().cache, "weights", "sscd-int8", "sscd.onnx"));
const skip = isInstalled ? false : "no encoder: gpic-lab models fetch sscd-int8";

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0);
}

test("there is a row of length 1 for each crop and each way of spoiling, and no other", async () => {
  const sets = await sampleDegraded();
  assert.deepEqual(
    [...sets.keys()],
    degradations.map(({ id }) => id),
  );
  for (const { data, count, width } of sets.values()) {
    assert.deepEqual([count, width], [DEGRADED_CROPS, 512]);
    // 512 roundings of up to half of 1 / 512, deviation 1 / 512 / sqrt(12) each: the length moves by 0.0006 of deviation
    for (let i = 0; i < count; i++)
      assert.ok(Math.abs(Math.hypot(...data.subarray(i * width, (i + 1) * width)) - 1) < 4e-3);
  }
});

test("row i is of crop i: mirrored it is the most alike of all spoilt crops to that crop, but for a few", async () => {
  const mirrored = (await sampleDegraded()).get("mirror")!;
  const { rows } = await sampleDescriptors("crops");
  const at = (set: typeof rows, i: number) => set.data.subarray(i * 512, (i + 1) * 512);
  let own = 0;
  for (let i = 0; i < 50; i++) {
    const alike = Array.from({ length: mirrored.count }, (_, j) => cosine(at(rows, i), at(mirrored, j)));
    if (alike.indexOf(Math.max(...alike)) === i) own++;
  }
  // crops of one photograph overlap, so that another one's mirror image may be as near
  assert.ok(own >= 45, `${own} of 50`);
});

test("the encoder gives the committed rows again", { skip }, async () => {
  const crops = await cropsToSpoil();
  const sets = await sampleDegraded();
  const asked = [
    ["blur-strong", 0],
    ["noise-light", 57],
    ["jpeg-strong", 101],
    ["crop", DEGRADED_CROPS - 1],
  ] as const;
  const encoder = await openEncoder("sscd-int8", { device: "cpu" });
  try {
    const live = await describePictures(
      encoder,
      asked.map(
        ([id, number]) =>
          () =>
            spoilt(degradationById(id), crops[number]!, number),
      ),
    );
    for (const [i, [id, number]] of asked.entries()) {
      const there = sets.get(id)!.data.subarray(number * 512, (number + 1) * 512);
      // 8-bit products are summed otherwise by processors without VNNI, as in features.test.ts
      assert.ok(cosine(there, live.data.subarray(i * 512, (i + 1) * 512)) > 0.99);
    }
  } finally {
    await encoder.close();
  }
});
