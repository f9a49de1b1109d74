/** Weights as numpy's npz: every array of the archive is a tensor, in C or Fortran order. */
import type { ByteSource } from "./byte-source.js";
import { entryStorage } from "./entry-storage.js";
import { shownName, shownText } from "./hostile-text.js";
import type { NpyType } from "./npy-dtype.js";
import { type NpyHeader, readNpyHeader } from "./npy-header.js";
import { type PlacedTensor, storedTensors } from "./stored-tensors.js";
import { rowMajorStrides } from "./strided.js";
import { asTensorErrors, TensorFileError } from "./tensor-error.js";
import type { TensorFile, TensorType } from "./tensor-file.js";
import { zipEntrySource } from "./zip-entry-source.js";
import type { ZipEntry } from "./zip-reader.js";

/** What entries that are arrays end with. */
export const NPY = ".npy";

const types: Readonly<Partial<Record<NpyType, TensorType>>> = {
  f4: "float32",
  f8: "float64",
  f2: "float16",
  i8: "int64",
  i4: "int32",
  i2: "int16",
  i1: "int8",
  u1: "uint8",
  b1: "bool",
};

/**
 * Opens the arrays of an archive as tensors; of each its header is read.
 * @param entries of its directory; those that are no arrays are passed over
 * @throws TensorFileError where an array is damaged, or of a type that no weights have (text, objects)
 */
export async function openNpzTensors(source: ByteSource, entries: readonly ZipEntry[]): Promise<TensorFile> {
  const placed: PlacedTensor[] = [];
  for (const entry of entries) if (entry.name.endsWith(NPY)) placed.push(await placedArray(source, entry));
  return storedTensors("npz", source, placed);
}

async function placedArray(source: ByteSource, entry: ZipEntry): Promise<PlacedTensor> {
  const header = await headerOf(source, entry);
  const type = types[header.dtype];
  const name = entry.name.slice(0, -NPY.length);
  if (type === undefined)
    throw new TensorFileError(
      "unsupported",
      source.name,
      `the array ${shownName(name)} is of type ${header.dtype}, which is not read as weights`,
    );
  const { shape, isFortran, isBigEndian, dataOffset } = header;
  const strides = isFortran ? rowMajorStrides([...shape].reverse()).reverse() : rowMajorStrides(shape);
  const place = { start: dataOffset, bytes: header.count * header.itemBytes, isBigEndian };
  const storage = entryStorage(source, entry, `the array ${shownName(name)}`, place);
  return { name, type, shape, strides, start: 0, storage };
}

async function headerOf(source: ByteSource, entry: ZipEntry): Promise<NpyHeader> {
  const name = shownName(entry.name);
  const array = zipEntrySource(source, entry, name);
  try {
    return await asTensorErrors(source.name, () => readNpyHeader(array));
  } catch (error) {
    const prefix = `Cannot read ${name}: `;
    if (!(error instanceof Error) || !error.message.startsWith(prefix)) throw error;
    const kind = error instanceof TypeError ? "unsupported" : "damaged";
    throw new TensorFileError(
      kind,
      source.name,
      `in ${name}: ${shownText(error.message.slice(prefix.length))}`,
    );
  } finally {
    await array.close();
  }
}
