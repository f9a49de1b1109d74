/** Files that are torch's, made here: one tensor "w" of float32 in a zip archive, as torch.save writes it. */
import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { ZipFile } from "yazl";

/** A file and its sum. */
export interface MadeFile {
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

/** A file of weights: `count` numbers that begin at `first`. */
export async function madeWeights(count: number, first: number = 0): Promise<MadeFile> {
  const numbers = Float32Array.from({ length: count }, (_, i) => first + i);
  return madeArchive({
    "archive/data.pkl": pickled(count),
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

/** {"w": torch._utils._rebuild_tensor_v2(storage 0 of float32, offset 0, (count,), (1,), False, OrderedDict())} */
function pickled(count: number): Uint8Array {
  const int = Buffer.alloc(4);
  int.writeInt32LE(count);
  const text = (word: string) => ["X", Buffer.from([word.length, 0, 0, 0]), word] as const;
  const numel = ["J", int] as const;
  const zero = ["K", Buffer.from([0])] as const;
  const one = ["K", Buffer.from([1])] as const;
  const storage = ["((", ...text("storage"), "ctorch\nFloatStorage\n", ...text("0"), ...text("cpu")] as const;
  const parts = [
    ...[Buffer.from([0x80, 2]), "}(", ...text("w"), "ctorch._utils\n_rebuild_tensor_v2\n"],
    ...[
      ...storage,
      ...numel,
      "tQ",
      ...zero,
      ...numel,
      Buffer.from([0x85]),
      ...one,
      Buffer.from([0x85, 0x89]),
    ],
    "ccollections\nOrderedDict\n)RtRu.",
  ];
  return Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : part)));
}
