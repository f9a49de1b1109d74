/**
 * Weights as torch saves them since 1.6: a zip archive of one pickle and the storages it names; TorchScript archives
 * too, whose modules are read as their attributes and whose code is left alone.
 *
 * Source: torch/serialization.py and caffe2/serialize/inline_container.cc of torch 2.15. The archive is
 * `<prefix>/data.pkl`, `<prefix>/data/<key>`, `<prefix>/byteorder` (absent in old files: little-endian), `version` and
 * marks of the format. Storages are stored, so that a tensor lies in the file at its storage's data plus its offset;
 * archives that were packed again and are deflated are read too. Opening reads the directory and the pickle only.
 */
import type { ByteSource } from "./byte-source.js";
import { entryStorage } from "./entry-storage.js";
import { shownName } from "./hostile-text.js";
import { PickleEnd } from "./pickle-bytes.js";
import { MAX_PICKLE_BYTES } from "./pickle-machine.js";
import { type PlacedTensor, storedTensors, type TensorStorage } from "./stored-tensors.js";
import { asTensorErrors, TensorFileError } from "./tensor-error.js";
import { TENSOR_ITEM_BYTES, type TensorFile } from "./tensor-file.js";
import { namedTensors } from "./torch-state.js";
import type { TorchStorage } from "./torch-tensors.js";
import { readTorchPickle, type TorchPickle } from "./torch-vocabulary.js";
import { readZipEntry, type ZipEntry } from "./zip-reader.js";

/** The pickle of a torch archive, or nothing where the archive is another one. */
export function torchPickleEntry(source: string, entries: readonly ZipEntry[]): ZipEntry | undefined {
  const pickles = entries.filter(({ name }) => /^[^/]+\/data\.pkl$/.test(name));
  if (pickles.length > 1)
    throw new TensorFileError(
      "hostile",
      source,
      `it holds ${pickles.length} pickles named data.pkl, one is needed`,
    );
  return pickles[0];
}

/**
 * Opens a torch archive.
 * @param entries of its directory
 * @param pickle the one that `torchPickleEntry` found
 * @throws TensorFileError where the pickle asks for more than tensors, or where storages are missing or too short
 */
export async function openTorchZip(
  source: ByteSource,
  entries: readonly ZipEntry[],
  pickle: ZipEntry,
): Promise<TensorFile> {
  const prefix = pickle.name.slice(0, -"data.pkl".length);
  const named = new Map(entries.map((entry) => [entry.name, entry]));
  const isScript = named.has(`${prefix}constants.pkl`);
  const isBigEndian = await readIsBigEndian(source, named.get(`${prefix}byteorder`));
  const { value, steps } = await readPickle(source, pickle, isScript);
  const storages = new Map<string, TensorStorage>();
  const placed: PlacedTensor[] = [];
  for (const [name, { storage, type, shape, strides, start }] of namedTensors(source.name, value, steps)) {
    const path = `${prefix}data/${storage.key}`;
    const known = storages.get(path) ?? storageAt(source, named.get(path), path, isBigEndian);
    storages.set(path, known);
    checkStorage(source.name, storage, known);
    placed.push({ name, type, shape, strides, start, storage: known });
  }
  return storedTensors("torch-zip", source, placed);
}

async function readPickle(source: ByteSource, entry: ZipEntry, isScript: boolean): Promise<TorchPickle> {
  if (entry.bytes > MAX_PICKLE_BYTES)
    throw new TensorFileError(
      "hostile",
      source.name,
      `its pickle has ${entry.bytes} bytes, the limit is ${MAX_PICKLE_BYTES}`,
    );
  const bytes = await asTensorErrors(source.name, () => readZipEntry(source, entry));
  try {
    return readTorchPickle(source.name, bytes, 0, isScript);
  } catch (error) {
    if (!(error instanceof PickleEnd)) throw error;
    throw new TensorFileError("damaged", source.name, `its pickle of ${bytes.length} bytes ends too early`);
  }
}

async function readIsBigEndian(source: ByteSource, entry: ZipEntry | undefined): Promise<boolean> {
  if (entry === undefined) return false;
  const isShort = entry.bytes <= "little".length;
  const order = isShort
    ? new TextDecoder().decode(await asTensorErrors(source.name, () => readZipEntry(source, entry)))
    : "a longer text";
  if (order !== "little" && order !== "big")
    throw new TensorFileError(
      "damaged",
      source.name,
      `its byteorder must be little or big, got ${shownName(order)}`,
    );
  return order === "big";
}

function storageAt(
  source: ByteSource,
  entry: ZipEntry | undefined,
  path: string,
  isBigEndian: boolean,
): TensorStorage {
  if (entry === undefined)
    throw new TensorFileError(
      "damaged",
      source.name,
      `the storage ${shownName(path)} is missing from the archive`,
    );
  const place = { start: 0, bytes: entry.bytes, isBigEndian };
  return entryStorage(source, entry, `the storage ${shownName(path)}`, place);
}

/** Holds what the pickle says of a storage against the entry. */
function checkStorage(source: string, { type, size, key }: TorchStorage, { bytes }: TensorStorage): void {
  const needed = size * (type === undefined ? 1 : TENSOR_ITEM_BYTES[type]);
  if (needed > bytes)
    throw new TensorFileError(
      "damaged",
      source,
      `the storage ${shownName(key)} must have ${needed} bytes, got ${bytes}`,
    );
}
