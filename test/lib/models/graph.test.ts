import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import type { StoredTensor, TensorFile } from "gpic-lab/io";
import { GraphBuilder } from "../../../lib/models/graph.js";

const FLOATS = 8;

/** Tensors that lie packed in their file, so that each has to be read and written anew. */
function packed(names: readonly string[], read: (name: string) => Promise<Uint8Array>): TensorFile {
  const common = { type: "float32", shape: [FLOATS], strides: [1], isContiguous: true } as const;
  const tensors = new Map<string, StoredTensor>(names.map((name) => [name, { name, ...common }]));
  return { format: "npz", tensors, read };
}

test("weights that lie packed are read one after the other, and not before the graph is whole", async () => {
  let reading = 0;
  let most = 0;
  const order: string[] = [];
  const g = new GraphBuilder(
    "made",
    packed(["a", "b", "c"], async (name) => {
      most = Math.max(most, ++reading);
      order.push(name);
      await turn();
      reading--;
      return new Uint8Array(4 * FLOATS).fill(order.length);
    }),
  );
  for (const name of ["b", "a", "c"]) g.weight(name);
  await turn();
  assert.deepEqual(order, []);
  const { constants } = await g.build();
  assert.deepEqual([order, most], [["b", "a", "c"], 1]);
  // each at a multiple of 64 bytes
  assert.deepEqual(
    [constants[0], constants[31], constants[32], constants[64], constants[128]],
    [1, 1, 0, 2, 3],
  );
});

test("damaged weights are one error of whoever builds, and none of the process", async () => {
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown) => rejections.push(reason);
  process.on("unhandledRejection", onRejection);
  try {
    const damaged = packed(["a", "b"], (name) => Promise.reject(new Error(`${name} is damaged`)));
    // given up before it is built, as where another tensor is of the wrong shape
    const left = new GraphBuilder("made", damaged);
    left.weight("a");
    left.weight("b");
    const built = new GraphBuilder("made", damaged);
    built.weight("a");
    built.weight("b");
    await assert.rejects(built.build(), /a is damaged/);
    for (let i = 0; i < 3; i++) await turn();
    assert.deepEqual(rejections, []);
  } finally {
    process.off("unhandledRejection", onRejection);
  }
});
