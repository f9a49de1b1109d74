/** ONNX models written here, run by the engine that reads them. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type OnnxModel, onnxBytes } from "gpic-lab/io";
import ort from "onnxruntime-node";

const vector = { type: "float32", shape: ["n", 2] } as const;

async function run(model: string | Uint8Array, values: readonly number[]): Promise<number[]> {
  const session =
    typeof model === "string"
      ? await ort.InferenceSession.create(model)
      : await ort.InferenceSession.create(model);
  try {
    const x = new ort.Tensor("float32", Float32Array.from(values), [values.length / 2, 2]);
    const { y } = await session.run({ x });
    assert.ok(y?.data instanceof Float32Array);
    return [...y.data];
  } finally {
    await session.release();
  }
}

test("attributes of every kind, constants in the model, sizes that change, and the engine's own operators", async () => {
  const model: OnnxModel = {
    name: "kinds",
    inputs: [{ name: "x", ...vector }],
    outputs: [{ name: "y", ...vector }],
    nodes: [
      { op: "LeakyRelu", inputs: ["x"], outputs: ["a"], attributes: { alpha: { float: 0.5 } } },
      { op: "Transpose", inputs: ["a"], outputs: ["b"], attributes: { perm: [1, 0] } },
      { op: "ReduceSum", inputs: ["b", "axes"], outputs: ["c"], attributes: { keepdims: 1 } },
      { op: "Add", inputs: ["a", "two"], outputs: ["d"] },
      { op: "Transpose", inputs: ["c"], outputs: ["e"], attributes: { perm: [1, 0] } },
      { op: "Mul", inputs: ["d", "e"], outputs: ["f"] },
      { op: "Gelu", domain: "com.microsoft", inputs: ["f"], outputs: ["y"] },
    ],
    initializers: [
      {
        name: "two",
        type: "float32",
        shape: [],
        content: { bytes: new Uint8Array(Float32Array.of(2).buffer) },
      },
      {
        name: "axes",
        type: "int64",
        shape: [1],
        content: { bytes: new Uint8Array(BigInt64Array.of(1n).buffer) },
      },
    ],
  };
  // x = [[2, -2], [4, 6]]: a = [[2, -1], [4, 6]], its columns sum to 6 and 5, and (a + 2) times those is almost its own GELU
  const y = await run(onnxBytes(model), [2, -2, 4, 6]);
  for (const [i, value] of [24, 5, 36, 40].entries()) assert.ok(Math.abs(y[i]! - value) < 1e-4, `${y}`);
});

test("a constant in a file beside the model, by offset and length", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "gpic-lab-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "weights.bin"), new Uint8Array(Float32Array.of(9, 10, 20, 9).buffer));
  const model: OnnxModel = {
    name: "external",
    inputs: [{ name: "x", ...vector }],
    outputs: [{ name: "y", ...vector }],
    nodes: [{ op: "Add", inputs: ["x", "w"], outputs: ["y"] }],
    initializers: [
      { name: "w", type: "float32", shape: [2], content: { file: "weights.bin", offset: 4, length: 8 } },
    ],
  };
  writeFileSync(join(folder, "model.onnx"), onnxBytes(model));
  assert.deepEqual(await run(join(folder, "model.onnx"), [1, 2]), [11, 22]);
});
