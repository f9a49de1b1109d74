/** Files that are torch's, made here: a zip archive as torch.save writes it, its tensors in one storage. */
import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { ZipFile } from "yazl";
import { dinoShapes, type Shapes } from "./procedural-weights.js";

/** A file and its sum. */
export interface MadeFile {
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

/**
 * A file with the tensors of DINOv2 ViT-S/14, all of which begin at the same number: 2.4 MB instead of 88.
 * @param first the first number, each further one is one more
 * @param bytes of the file, at least
 */
export async function madeWeights(first: number = 0, bytes: number = 0): Promise<MadeFile> {
  const shapes = dinoShapes({ width: 384, depth: 12 });
  const most = Math.max(...Object.values(shapes).map(product), Math.ceil(bytes / 4));
  const numbers = Float32Array.from({ length: most }, (_, i) => first + i);
  return madeArchive({
    "archive/data.pkl": pickled(shapes, most),
    "archive/byteorder": Buffer.from("little"),
    "archive/data/0": new Uint8Array(numbers.buffer),
    "archive/version": Buffer.from("3\n"),
  });
}

/** A zip archive of stored files. */
export async function madeArchive(files: Readonly<Record<string, Uint8Array>>): Promise<MadeFile> {
  const zip = new ZipFile();
  const options = { mtime: new Date("1980-01-01T00:00:00Z"), compress: false };
  for (const [name, bytes] of Object.entries(files)) zip.addBuffer(Buffer.from(bytes), name, options);
  zip.end();
  const bytes = new Uint8Array(await buffer(zip.outputStream));
  return { bytes, sha256: createHash("sha256").update(bytes).digest("hex") };
}

/** {name: torch._utils._rebuild_tensor_v2(storage 0 of float32, offset 0, shape, strides, False, OrderedDict()), ...} */
function pickled(shapes: Shapes, storageNumbers: number): Uint8Array {
  const storage = [
    ...["((", text("storage"), "ctorch\nFloatStorage\n", text("0"), text("cpu")],
    int(storageNumbers),
  ];
  const tensors = Object.entries(shapes).flatMap(([name, shape]) => [
    ...[text(name), "ctorch._utils\n_rebuild_tensor_v2\n", ...storage, "tQ", int(0)],
    ...[tuple(shape), tuple(shape.map((_, at) => product(shape.slice(at + 1)))), Buffer.from([0x89])],
    "ccollections\nOrderedDict\n)RtR",
  ]);
  const parts = [Buffer.from([0x80, 2]), "}(", ...tensors, "u."];
  return Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : part)));
}

function text(word: string): Uint8Array {
  return Buffer.concat([Buffer.from("X"), Uint8Array.of(word.length, 0, 0, 0), Buffer.from(word)]);
}

function int(value: number): Uint8Array {
  const bytes = Buffer.from("J0000");
  bytes.writeInt32LE(value, 1);
  return bytes;
}

function tuple(values: readonly number[]): Uint8Array {
  return Buffer.concat([Buffer.from("("), ...values.map(int), Buffer.from("t")]);
}

function product(values: readonly number[]): number {
  return values.reduce((a, b) => a * b, 1);
}
