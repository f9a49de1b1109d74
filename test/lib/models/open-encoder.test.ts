/** Encoders from weights to features: against the reference implementations, and whatever can be wrong on the way. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { decode, type Protocol, protocolById, resize } from "gpic-lab/images";
import {
  installSettings,
  onnxBytes,
  openFileSource,
  openTensors,
  packageFile,
  settingsFrom,
  type TensorFile,
} from "gpic-lab/io";
import {
  buildGraph,
  type Encoder,
  type EncoderId,
  type EncoderOptions,
  type ImageBatch,
  modelEntry,
  openEncoder,
  WeightsError,
  weightsFolder,
} from "gpic-lab/models";
import { GraphBuilder } from "../../../lib/models/graph.js";
import { readFloats } from "../../../lib/models/read-floats.js";
import { openSession } from "../../../lib/models/session.js";
import { goldenBatch, goldenExpected, relativeError } from "./golden-pixels.js";
import { dinoShapes, type Shapes, writeProceduralWeights } from "./procedural-weights.js";

const folder = mkdtempSync(join(tmpdir(), "gpic-lab-models-"));
const cache = join(folder, "cache");
installSettings(() => settingsFrom({ GPIC_LAB_CACHE: cache }));
after(() => rmSync(folder, { recursive: true, force: true }));

const tiny = (name: string) => packageFile("test", "golden", `dinov2-tiny-${name}`, "weights.pth");

async function withEncoder<T>(
  id: string,
  options: EncoderOptions,
  use: (encoder: Encoder) => Promise<T>,
): Promise<T> {
  const encoder = await openEncoder(id, { device: "cpu", ...options });
  try {
    return await use(encoder);
  } finally {
    await encoder.close();
  }
}

/** Random pixels, the same for every call: count images of a protocol's size. */
function noise(count: number, side: number): ImageBatch {
  let state = 1;
  const data = new Uint8Array(count * side * side * 3);
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = state >>> 24;
  }
  return { count, height: side, width: side, data };
}

// the reference ran in float32 with sums in another order: 1e-6 of the norm is some ten roundings
const TOLERANCE = 1e-6;

for (const name of ["plain", "registers", "giant-style"])
  test(`DINOv2, ${name}: the class token of the official code`, async () => {
    const { cls } = goldenExpected<{ cls: number[] }>(`dinov2-tiny-${name}`);
    const batch = await goldenBatch(`dinov2-tiny-${name}`, "gpic");
    const features = await withEncoder("dinov2", { weights: tiny(name), heads: 3 }, (encoder) =>
      encoder.infer(batch),
    );
    assert.ok(relativeError(features, cls) < TOLERANCE);
  });

test("FID's Inception: pytorch-fid's features", async () => {
  const golden = goldenExpected<{ tensors: Shapes; pool3_pytorch_fid: number[] }>("inception-procedural");
  const weights = join(folder, "inception.safetensors");
  writeProceduralWeights(weights, golden.tensors);
  const torch = await goldenBatch("inception-procedural", "pytorch-fid");
  const features = await withEncoder("inception-fid", { weights }, (encoder) => encoder.infer(torch));
  assert.ok(relativeError(features, golden.pool3_pytorch_fid) < TOLERANCE);
});

test("FID's Inception in TensorFlow's own convention, and its logits", async () => {
  const golden = goldenExpected<{ tensors: Shapes; pool3_tensorflow_style: number[] }>(
    "inception-procedural",
  );
  const weights = join(folder, "inception.safetensors");
  // what the golden numbers were made with: Pillow's bicubic in 8 bits, which no toolkit's protocol is
  const convention: Protocol = {
    ...protocolById("clean-fid"),
    pixelType: "uint8",
    prepare: (pixels) => resize(pixels, { width: 299, height: 299 }, "bicubic"),
  };
  const { modelPath } = await buildGraph({ encoder: "inception-fid", weights, protocol: convention, folder });
  const picture = readFileSync(packageFile("test", "golden", "inception-procedural", "image.png"));
  const batch = { count: 1, ...convention.prepare(await decode(picture, "golden")) };
  const infer = async (outputName: string, width: number) => {
    const start = {
      modelPath,
      inputName: "pixels",
      outputName,
      width,
      device: { device: "cpu" as const },
      threads: 2,
    };
    const session = await openSession(start);
    try {
      return (await session.run({ ...batch, data: batch.data.slice() })).features;
    } finally {
      await session.close();
    }
  };
  const features = await infer("features", 2048);
  assert.ok(relativeError(features, golden.pool3_tensorflow_style) < TOLERANCE);
  // the last layer is a product with fc.weight: held against two of its rows
  const logits = await infer("logits", 1008);
  const source = await openFileSource(weights);
  const tensors = await openTensors(source);
  const matrix = await readFloats(tensors, "fc.weight");
  const bias = await readFloats(tensors, "fc.bias");
  await source.close();
  for (const row of [0, 1007]) {
    const expected = features.reduce((sum, value, i) => sum + value * matrix[row * 2048 + i]!, bias[row]!);
    assert.ok(Math.abs(logits[row]! - expected) < 1e-4 * Math.hypot(...features));
  }
});

test("SSCD: the descriptor of torchvision's network, of length 1", async () => {
  const golden = goldenExpected<{ tensors: Shapes; descriptor: number[] }>("sscd-procedural");
  const weights = join(folder, "sscd.safetensors");
  writeProceduralWeights(weights, golden.tensors);
  const batch = await goldenBatch("sscd-procedural", "sscd-320");
  const features = await withEncoder("sscd", { weights }, (encoder) => encoder.infer(batch));
  assert.ok(relativeError(features, golden.descriptor) < TOLERANCE);
  assert.ok(Math.abs(Math.hypot(...features) - 1) < 1e-6);
});

test("SSCD takes pictures of any size where the protocol keeps their ratio", async () => {
  const weights = join(folder, "sscd.safetensors");
  await withEncoder("sscd", { weights, protocol: "sscd-288" }, async (encoder) => {
    const batch = { count: 1, height: 288, width: 512, data: new Uint8Array(288 * 512 * 3) };
    assert.equal((await encoder.infer(batch)).length, 512);
  });
});

test("a batch gives what its images give alone", async () => {
  const shapes = dinoShapes({ width: 128, depth: 2, registers: 4 });
  const weights = join(folder, "small.safetensors");
  writeProceduralWeights(weights, shapes);
  await withEncoder("dinov2", { weights }, async (encoder) => {
    const batch = noise(5, 224);
    const alone: number[] = [];
    for (let i = 0; i < 5; i++)
      alone.push(
        ...(await encoder.infer({
          ...batch,
          count: 1,
          data: batch.data.slice(i * 150528, (i + 1) * 150528),
        })),
      );
    const together = await encoder.infer(batch);
    assert.ok(relativeError(together, alone) < TOLERANCE);
    assert.deepEqual(encoder.identity.id, "dinov2-custom");
  });
});

test("a graph is kilobytes, uses the weights where they lie, and is built once", async () => {
  const weights = join(folder, "once.safetensors");
  writeProceduralWeights(weights, dinoShapes({ width: 64, depth: 3 }));
  const graphs = join(cache, "graphs");
  const open = () => withEncoder("dinov2", { weights }, async ({ identity }) => identity.weightsSha256);
  const sha256 = await open();
  const mine = () => readdirSync(graphs).filter((name) => name.includes(sha256));
  const [name] = mine();
  assert.ok(name !== undefined);
  assert.equal(statSync(join(graphs, name, "weights.bin")).ino, statSync(weights).ino);
  assert.ok(statSync(join(graphs, name, "model.onnx")).size < 20_000);
  const built = statSync(join(graphs, name, "model.onnx")).mtimeMs;
  await open();
  assert.equal(statSync(join(graphs, name, "model.onnx")).mtimeMs, built);
  assert.deepEqual(mine(), [name]);
});

test("a graph over weights that were changed in place, or that lost a file, is built anew", async () => {
  const weights = join(folder, "again.safetensors");
  writeProceduralWeights(weights, dinoShapes({ width: 64, depth: 1 }));
  const infer = () => withEncoder("dinov2", { weights }, (encoder) => encoder.infer(noise(1, 224)));
  const before = await infer();
  const [name] = readdirSync(join(cache, "graphs")).filter((one) => {
    const link = join(cache, "graphs", one, "weights.bin");
    return existsSync(link) && statSync(link).ino === statSync(weights).ino;
  });
  assert.ok(name !== undefined);
  rmSync(join(cache, "graphs", name, "constants.bin"));
  assert.deepEqual(await infer(), before);
  const bytes = readFileSync(weights);
  bytes.writeFloatLE(0.5, bytes.length - 4);
  writeFileSync(weights, bytes);
  const changed = await infer();
  assert.notDeepEqual(changed, before);
});

test("weights of another network are refused by what was found", async () => {
  const refused = (id: string, weights: string, heads?: number) =>
    openEncoder(id, { weights, heads, device: "cpu" }).then(
      () => "no error",
      (error: Error) => error.message,
    );
  assert.match(
    await refused("sscd", tiny("plain")),
    /backbone\.conv1\.weight \[outputs, 3, height, width\] is needed, got none/,
  );
  assert.match(await refused("inception-fid", tiny("plain")), /Conv2d_1a_3x3\.conv\.weight .* got none/);
  assert.match(
    await refused("dinov2", join(folder, "sscd.safetensors")),
    /as DINOv2: patch_embed.*got \d+ tensors: backbone/,
  );
  assert.match(
    await refused("dinov2", tiny("plain")),
    /multiple of 64 is needed, got 48; say how many there are \(--heads\)/,
  );
  assert.match(
    await refused("dinov2", tiny("plain"), 5),
    /5 attention heads: a number that divides the width of 48/,
  );
  assert.match(await refused("dinov2-vitl14", tiny("plain"), 3), /as dinov2-vitl14: it is dinov2-custom/);
  assert.match(await refused("resnet", tiny("plain")), /Cannot open the encoder "resnet"/);
});

test("weights that lack one tensor, or hold it in another size, are refused by its name", async () => {
  const shapes = dinoShapes({ width: 64, depth: 2 });
  const { "blocks.1.ls2.gamma": _, ...lacking } = shapes;
  const weights = join(folder, "lacking.safetensors");
  writeProceduralWeights(weights, lacking);
  await assert.rejects(
    openEncoder("dinov2", { weights, device: "cpu" }),
    /blocks\.1\.ls2\.gamma \[64\] is needed, got none/,
  );
  writeProceduralWeights(weights, { ...shapes, "blocks.0.mlp.fc2.bias": [65] });
  await assert.rejects(
    openEncoder("dinov2", { weights, device: "cpu" }),
    /blocks\.0\.mlp\.fc2\.bias \[64\] is needed, got \[65\]/,
  );
});

test("images of another protocol, protocols without an encoder, and weights that are not there are refused", async () => {
  await withEncoder("dinov2", { weights: tiny("plain"), heads: 3 }, async (encoder) => {
    await assert.rejects(
      encoder.infer(noise(1, 256)),
      /protocol gpic \(224 x 224, uint8\) are needed, got 1 of 256 x 256/,
    );
    const floats = { count: 1, height: 224, width: 224, data: new Float32Array(150528) };
    await assert.rejects(encoder.infer(floats), /150528 values of float32/);
    // and the encoder still works
    assert.equal((await encoder.infer(noise(1, 224))).length, 48);
  });
  const weights = tiny("plain");
  await assert.rejects(
    openEncoder("dinov2", { weights, heads: 3, protocol: "gpic-256" }),
    /makes images to look at/,
  );
  await assert.rejects(openEncoder("dinov2", { weights, heads: 3, protocol: "edm" }), /a protocol out of/);
  await assert.rejects(
    openEncoder("dinov2", { weights, heads: 3, device: "cuda" }),
    /Cannot run on cuda: .*; /,
  );
  await assert.rejects(openEncoder("dinov2-vitl14"), /gpic-lab models fetch dinov2-vitl14/);
  await assert.rejects(openEncoder("dinov2"), /--weights FILE/);
});

test("a closed encoder says so, to those who wait too", async () => {
  const encoder = await openEncoder("dinov2", { weights: tiny("plain"), heads: 3, device: "cpu" });
  await encoder.close();
  await assert.rejects(encoder.infer(noise(1, 224)), /the encoder is closed/);
});

/** Puts a file into the cache as the weights of an encoder, with a record as if it had come so. */
function putWeights(id: EncoderId, bytes: Uint8Array): { path: string; sha256: string } {
  const { weights } = modelEntry(id);
  const names = weights.kind === "file" ? [weights.name] : weights.files.map(({ name }) => name);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const files = names.map((name) => ({ name, bytes: bytes.length, sha256 }));
  mkdirSync(weightsFolder(id, cache), { recursive: true });
  for (const name of names) writeFileSync(join(weightsFolder(id, cache), name), bytes);
  const record = { encoder: id, source: "made", hash: "made", date: "2026-11-25", files };
  writeFileSync(join(weightsFolder(id, cache), "weights.json"), JSON.stringify(record));
  return { path: join(weightsFolder(id, cache), names[0]!), sha256 };
}

/** A network like the int8 build of SSCD to whoever opens it: it gives the first 512 numbers of an image. */
async function madeDescriptor(): Promise<Buffer> {
  const read = () => Promise.reject(new Error("no tensors"));
  const noTensors: TensorFile = { format: "npz", tensors: new Map(), read };
  const g = new GraphBuilder("made", noTensors);
  const shape = ["batch", "height", "width", 3];
  const pixels = g.node("Cast", [g.input({ name: "image", type: "uint8", shape })], { to: 1 });
  const ends = [g.integers([0]), g.integers([512]), g.integers([1])];
  const first = g.node("Slice", [g.node("Flatten", [pixels]), ...ends]);
  g.output(first, { name: "embedding", type: "float32", shape: ["batch", 512] });
  return Buffer.from(onnxBytes((await g.build()).model));
}

test("the hash that an encoder tells is that of the file that runs, and a file that changed since it came is refused", async () => {
  const bytes = await madeDescriptor();
  const { path, sha256 } = putWeights("sscd-int8", bytes);
  await withEncoder("sscd-int8", {}, async (encoder) => {
    assert.equal(encoder.identity.weightsSha256, sha256);
    const data = Uint8Array.from({ length: 320 * 320 * 3 }, (_, i) => i % 251);
    const row = await encoder.infer({ count: 1, height: 320, width: 320, data: data.slice() });
    assert.deepEqual([...row], [...data.subarray(0, 512)]);
  });
  // one bit of the name of the graph: it opens as before
  bytes[bytes.indexOf("made")]! ^= 1;
  writeFileSync(path, bytes);
  const changed = createHash("sha256").update(bytes).digest("hex");
  await assert.rejects(openEncoder("sscd-int8", { device: "cpu" }), (error: Error) => {
    assert.ok(error instanceof WeightsError);
    assert.ok(
      error.message.includes(`${sha256} is needed, as recorded on 2026-11-25 (made), got ${changed};`),
    );
    assert.match(error.message, /remove .*sscd-int8, then: gpic-lab models fetch sscd-int8$/);
    return true;
  });
});

test("a publisher's file that changed since it came is refused, but where it is given as one's own", async () => {
  const weights = join(folder, "sscd-came.safetensors");
  writeProceduralWeights(weights, goldenExpected<{ tensors: Shapes }>("sscd-procedural").tensors);
  const bytes = readFileSync(weights);
  const { path, sha256 } = putWeights("sscd", bytes);
  const hash = (options: EncoderOptions) =>
    withEncoder("sscd", options, async ({ identity }) => identity.weightsSha256);
  assert.equal(await hash({}), sha256);
  bytes[bytes.length - 1]! ^= 1;
  writeFileSync(path, bytes);
  await assert.rejects(hash({}), WeightsError);
  assert.equal(await hash({ weights: path }), createHash("sha256").update(bytes).digest("hex"));
});

test("attention heads are refused where a network has none, before its weights are read", async () => {
  for (const id of ["inception-fid", "sscd", "sscd-int8"])
    await assert.rejects(openEncoder(id, { heads: 3, weights: "none", device: "cpu" }), {
      name: "RangeError",
      message: `Cannot open ${id} with 3 attention heads: a DINOv2 is needed for them, got a network that has none`,
    });
});

test("closing with an inference under way ends when the thread has ended, and the program goes on", async () => {
  const program = join(folder, "close.mjs");
  const models = pathToFileURL(packageFile("dist", "lib", "models", "index.js")).href;
  writeFileSync(
    program,
    `import { openEncoder } from ${JSON.stringify(models)};
     const encoder = await openEncoder("dinov2", { weights: process.argv[2], heads: 3, device: "cpu", threads: 1 });
     const data = new Uint8Array(4 * 224 * 224 * 3);
     const row = encoder.infer({ count: 4, height: 224, width: 224, data }).catch((error) => error.message);
     await encoder.close();
     console.log("closed; " + (await row));`,
  );
  const env = { ...process.env, GPIC_LAB_CACHE: cache };
  const out = await new Promise<string>((resolve, reject) =>
    execFile(process.execPath, [program, tiny("plain")], { env }, (error, out, err) =>
      error === null ? resolve(out) : reject(new Error(err)),
    ),
  );
  assert.equal(out, "closed; Cannot infer: the encoder is closed\n");
});

test("what killed processes left of graphs goes with the next graph that is built; graphs stay", async () => {
  const weights = join(folder, "swept.safetensors");
  writeProceduralWeights(weights, dinoShapes({ width: 64, depth: 1 }));
  const folders = join(folder, "swept");
  const build = (protocol: string) =>
    buildGraph({ encoder: "dinov2", weights, protocol: protocolById(protocol), folder: folders });
  const { modelPath } = await build("gpic");
  const there = join(modelPath, "..");
  const left = [`${there}.${randomUUID()}`, join(folders, `dino-other-h3-v1.${randomUUID()}`)];
  for (const one of left) {
    mkdirSync(one);
    copyFileSync(weights, join(one, "weights.bin"));
  }
  // found, not built: nothing is looked at
  await build("gpic");
  assert.ok(left.every((one) => existsSync(one)));
  rmSync(join(there, "graph.json"));
  await build("gpic");
  assert.deepEqual(
    left.map((one) => existsSync(one)),
    [false, false],
  );
  assert.ok(existsSync(modelPath));
  assert.deepEqual(readdirSync(join(folders, "claims")), []);
});

test("two processes' worth of callers build one graph at once and both get it", async () => {
  const weights = join(folder, "race.safetensors");
  writeProceduralWeights(weights, dinoShapes({ width: 64, depth: 2 }));
  const other = join(folder, "race-link.safetensors");
  linkSync(weights, other);
  const infer = (path: string) =>
    withEncoder("dinov2", { weights: path }, (encoder) => encoder.infer(noise(1, 224)));
  const results = await Promise.all([weights, other, weights, other].map(infer));
  for (const result of results) assert.deepEqual(result, results[0]);
});
