/**
 * Mutated files of weights: every one must give an error that is meant for people, or the right tensors; never a hang,
 * a crash, or more memory than the file explains.
 *
 * What "right" is, by how the file was changed:
 * - archives whose bytes were changed (checksums cover all that matters): exactly the tensors of the original;
 * - other files changed only where numbers lie: the same names, types and shapes, and the numbers that now lie there;
 * - everything else, such as archives made again with right checksums around a changed pickle: whatever the file now
 *   says, as a reader finds it that goes element by element through offset and strides.
 *
 * By hand: node dist/test/lib/io/fuzz-tensors.js 100000 [seed]
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { argv, resourceUsage } from "node:process";
import { fileURLToPath } from "node:url";
import { deflateRawSync } from "node:zlib";
import { Random } from "../../../lib/core/index.js";
import {
  type ByteSource,
  bufferSource,
  openTensors,
  packageFile,
  readZipDirectory,
  readZipEntry,
  type StoredTensor,
  TENSOR_ITEM_BYTES,
  TensorFileError,
} from "../../../lib/io/index.js";
import { type Mutated, mutated } from "./fuzz-mutations.js";
import { type MadeEntry, madeZip } from "./made-zip.js";

/** Longest time for one file: the bound that the owner's check has is ten times this. */
const MOST_MILLISECONDS = 1000;
/** Bytes asked for while opening: the pickles' windows double, and a checksum reads an entry a second time. */
const MOST_READS = 6;
/** What reading a directory's tail takes in any case. */
const READ_ALLOWANCE = 256 * 1024;

/** What came of a run. */
export interface FuzzCounts {
  readonly files: number;
  /** Files by outcome: kinds of refusal, "same tensors", "changed numbers", "other tensors". */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly slowestMilliseconds: number;
  readonly slowest: string;
}

interface Original {
  readonly name: string;
  readonly bytes: Buffer;
  /** Entries, of archives. */
  readonly entries?: readonly MadeEntry[];
  /** What it holds; nothing for hostile files. */
  readonly tensors?: ReadonlyMap<string, StoredTensor>;
  readonly numbers: ReadonlyMap<string, Uint8Array>;
}

/**
 * Reads so many mutated files.
 * @throws AssertionError at the first that is not answered as it must be; the message names its number and changes
 */
export async function fuzzTensors(seed: number | string, files: number): Promise<FuzzCounts> {
  const originals = await readOriginals();
  const sound = originals.filter(({ tensors }) => tensors !== undefined);
  const outcomes: Record<string, number> = {};
  let slowestMilliseconds = 0;
  let slowest = "";
  for (let index = 0; index < files; index++) {
    const random = new Random(`${seed}:${index}`);
    // hostile files are refused early: one in eight
    const some = random.integer(8) === 0 ? originals : sound;
    const original = some[random.integer(some.length)]!;
    const other = originals[random.integer(originals.length)]!;
    const isInside = original.entries !== undefined && random.integer(3) > 0;
    const change = isInside
      ? changedInside(original, other, random)
      : mutated(original.bytes, other.bytes, random);
    const what = `${seed}:${index} ${original.name}${isInside ? " inside" : ""} ${change.how}`;
    const start = performance.now();
    const outcome = await answered(what, original, change, isInside);
    const took = performance.now() - start;
    assert.ok(took < MOST_MILLISECONDS, `${what}: took ${took} ms`);
    if (took > slowestMilliseconds) [slowestMilliseconds, slowest] = [took, what];
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }
  return { files, outcomes, slowestMilliseconds, slowest };
}

async function readOriginals(): Promise<Original[]> {
  const originals: Original[] = [];
  for (const folder of ["torch-files", "torch-script"].map((name) => packageFile(join("test/golden", name))))
    for (const name of readdirSync(folder).filter((file) => /\.(pth?|safetensors)$/.test(file)))
      originals.push(await originalOf(name, readFileSync(join(folder, name))));
  const numbers = originals.find(({ name }) => name === "zip.pth")!;
  originals.push(await originalOf("arrays.npz", madeZip(npyEntries(numbers))));
  originals.push(await originalOf("deflated.npz", deflated(npyEntries(numbers))));
  originals.push(await originalOf("deflated.pth", deflated(numbers.entries!)));
  return originals;
}

async function originalOf(name: string, bytes: Buffer): Promise<Original> {
  const source = bufferSource(bytes, name);
  const entries: MadeEntry[] = [];
  if (bytes.toString("latin1", 0, 2) === "PK")
    for (const entry of await readZipDirectory(source))
      entries.push({ name: entry.name, bytes: Buffer.from(await readZipEntry(source, entry)) });
  const archive = entries.length > 0 ? { entries } : {};
  const numbers = new Map<string, Uint8Array>();
  if (name.startsWith("hostile")) return { name, bytes, numbers, ...archive };
  const { tensors, read } = await openTensors(source);
  for (const tensor of tensors.keys()) numbers.set(tensor, await read(tensor));
  return { name, bytes, numbers, tensors, ...archive };
}

/** The tensors of a file as arrays of numpy; those of its types only. */
function npyEntries({ tensors, numbers }: Original): MadeEntry[] {
  const types: Record<string, string> = {
    float32: "<f4",
    float64: "<f8",
    int64: "<i8",
    uint8: "|u1",
    bool: "|b1",
  };
  return [...tensors!.values()]
    .filter(({ type }) => type in types)
    .map(({ name, type, shape }) => {
      const axes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
      const header = `{'descr': '${types[type]}', 'fortran_order': False, 'shape': (${axes}), }`.padEnd(117);
      const start = Buffer.from(`\u0093NUMPY\u0001\u0000\u0076\u0000${header}\n`, "latin1");
      return { name: `${name}.npy`, bytes: Buffer.concat([start, numbers.get(name)!]) };
    });
}

/** The archive with its entries deflated: written as stored, then told otherwise. */
function deflated(entries: readonly MadeEntry[]): Buffer {
  const packed = madeZip(entries.map(({ name, bytes }) => ({ name, bytes: deflateRawSync(bytes) })));
  const sums = madeZip(entries);
  let at = packed.indexOf("PK\u0001\u0002");
  let from = sums.indexOf("PK\u0001\u0002");
  for (const { name } of entries) {
    packed.writeUInt16LE(8, at + 10);
    sums.copy(packed, at + 16, from + 16, from + 20);
    sums.copy(packed, at + 24, from + 24, from + 28);
    at += 46 + Buffer.byteLength(name);
    from += 46 + Buffer.byteLength(name);
  }
  return packed;
}

/** The archive made again with right checksums around one changed entry, most often the pickle. */
function changedInside(original: Original, other: Original, random: Random): Mutated {
  const entries = [...original.entries!];
  const pickle = entries.findIndex(({ name }) => name.endsWith("data.pkl"));
  const index = pickle >= 0 && random.integer(5) > 0 ? pickle : random.integer(entries.length);
  const { name, bytes } = entries[index]!;
  const rest = other.entries?.find((entry) => entry.name.endsWith("data.pkl"))?.bytes ?? other.bytes;
  if (bytes.length === 0) return { bytes: madeZip(entries), how: "nothing" };
  const change = mutated(Buffer.from(bytes), Buffer.from(rest), random);
  entries[index] = { name, bytes: change.bytes };
  return { bytes: madeZip(entries), how: `${name} ${change.how}` };
}

/** A source that counts what is asked of it; half of the files are read as if they were far. */
function countingSource(bytes: Buffer, isFar: boolean): ByteSource & { asked: number } {
  const near = bufferSource(bytes, "fuzz");
  const source: ByteSource & { asked: number } = {
    ...near,
    asked: 0,
    read(offset, length) {
      source.asked += length;
      return near.read(offset, length);
    },
    readSync(offset, into) {
      source.asked += into.length;
      near.readSync!(offset, into);
    },
  };
  if (isFar) delete source.readSync;
  return source;
}

async function answered(
  what: string,
  original: Original,
  change: Mutated,
  isInside: boolean,
): Promise<string> {
  const source = countingSource(change.bytes, what.length % 2 === 0);
  try {
    const { tensors, read } = await openTensors(source);
    assert.ok(
      source.asked <= MOST_READS * source.length + READ_ALLOWANCE,
      `${what}: asked for ${source.asked}`,
    );
    const numbers = new Map<string, Uint8Array>();
    for (const name of tensors.keys()) numbers.set(name, await read(name));
    return judged(what, original, change, isInside, tensors, numbers);
  } catch (error) {
    if (!(error instanceof TensorFileError))
      throw new assert.AssertionError({ message: `${what}: ${(error as Error).stack}` });
    assert.match(error.message, /^Cannot read weights fuzz: [^\p{Cc}]{10,}$/u, what);
    assert.ok(error.message.length < 1500, `${what}: ${error.message}`);
    assert.ok(
      source.asked <= 2 * MOST_READS * source.length + READ_ALLOWANCE,
      `${what}: asked for ${source.asked}`,
    );
    return error.kind;
  }
}

function judged(
  what: string,
  original: Original,
  change: Mutated,
  isInside: boolean,
  tensors: ReadonlyMap<string, StoredTensor>,
  numbers: ReadonlyMap<string, Uint8Array>,
): string {
  for (const tensor of tensors.values()) checkTensor(what, tensor, numbers.get(tensor.name)!, change.bytes);
  const isSame = [...tensors.values()].every((tensor) =>
    isDescribed(tensor, original.tensors?.get(tensor.name)),
  );
  const isWhole = isSame && tensors.size === original.tensors?.size;
  const areSameNumbers = [...numbers].every(([name, bytes]) => isEqual(bytes, original.numbers.get(name)));
  if (isWhole && areSameNumbers) return "same tensors";
  if (original.entries !== undefined && !isInside)
    assert.fail(`${what}: other tensors, though checksums cover all`);
  if (original.tensors !== undefined && liesInNumbers(original, change))
    assert.ok(isWhole, `${what}: other tensors`);
  return isWhole ? "changed numbers" : "other tensors";
}

/** Holds what was read against a reader that goes through the strides one element at a time. */
function checkTensor(what: string, tensor: StoredTensor, numbers: Uint8Array, file: Buffer): void {
  const { name, type, shape, strides, offset } = tensor;
  const itemBytes = TENSOR_ITEM_BYTES[type];
  const elements = shape.reduce((product, size) => product * size, 1);
  assert.equal(numbers.length, shape.includes(0) ? 0 : elements * itemBytes, `${what}: ${name}`);
  // what deflate gives at most is 1,032 bytes for one
  assert.ok(
    numbers.length <= (offset === undefined ? 1032 : 1) * file.length,
    `${what}: ${name} is too large`,
  );
  assert.equal(numbers.byteOffset, 0, `${what}: ${name}`);
  if (offset === undefined) return;
  for (let element = 0; element < numbers.length / itemBytes; element++) {
    let rest = element;
    let at = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += (rest % shape[axis]!) * strides[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    for (let byte = 0; byte < itemBytes; byte++)
      if (numbers[element * itemBytes + byte] !== file[offset + at * itemBytes + byte])
        assert.fail(`${what}: element ${element} of ${name}`);
  }
}

function isDescribed(tensor: StoredTensor, by: StoredTensor | undefined): boolean {
  return tensor.type === by?.type && isEqual(tensor.shape, by.shape) && isEqual(tensor.strides, by.strides);
}

function isEqual(a: readonly number[] | Uint8Array, b: readonly number[] | Uint8Array | undefined): boolean {
  return a.length === b?.length && a.every((value: number, index: number) => value === b[index]);
}

/** Whether only bytes were changed in which numbers lie. */
function liesInNumbers({ tensors }: Original, { places }: Mutated): boolean {
  const runs = [...tensors!.values()].map(({ type, shape, strides, offset }) => {
    const span = shape.reduce((sum, size, axis) => sum + (size - 1) * strides[axis]!, 1);
    return [offset ?? 0, (offset ?? 0) + (shape.includes(0) ? 0 : span * TENSOR_ITEM_BYTES[type])] as const;
  });
  const isInside = ([from, to]: readonly [number, number]) =>
    runs.some(([start, end]) => from >= start && to <= end);
  return places?.every(isInside) ?? false;
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const files = Number(argv[2] ?? 100_000);
  const start = performance.now();
  const counts = await fuzzTensors(argv[3] ?? "weights", files);
  const seconds = (performance.now() - start) / 1000;
  console.log({ ...counts, seconds, peakMegabytes: resourceUsage().maxRSS / 1024 });
}
