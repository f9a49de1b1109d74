/**
 * Weights as torch saved them before 1.6: pickles one behind the other, then the bytes of the storages.
 *
 * Source: `_legacy_save` of torch/serialization.py and THPStorage_writeFileRaw, torch 2.15. The pickles are a magic
 * number, the protocol 1001, notes on the system that wrote the file, what was saved, and the keys of the storages;
 * each storage is a count of elements (int64) and the elements. Such files carry no checksums: changed numbers cannot
 * be told. Known difference: files written on big-endian machines are refused.
 */
import type { ByteSource } from "./byte-source.js";
import { shownName } from "./hostile-text.js";
import { PickleEnd } from "./pickle-bytes.js";
import { MAX_PICKLE_BYTES } from "./pickle-machine.js";
import { PickleDict, PickleList, type PickleValue } from "./pickle-values.js";
import { type PlacedTensor, plainStorage, storedTensors, type TensorStorage } from "./stored-tensors.js";
import { TensorFileError } from "./tensor-error.js";
import { TENSOR_ITEM_BYTES, type TensorFile } from "./tensor-file.js";
import { namedTensors } from "./torch-state.js";
import type { TorchStorage } from "./torch-tensors.js";
import { readTorchPickle, type TorchPickle } from "./torch-vocabulary.js";

/** What the first pickle holds. */
const MAGIC = 0x1950a86a20f9469cfc6cn;
const PROTOCOL = 1001;
/** Bytes of the file read first; four times as many each time a pickle does not end in them. */
const FIRST_BYTES = 1 << 16;
/** Bytes of the count in front of a storage. */
const COUNT_BYTES = 8;

/**
 * Opens a legacy file, or refuses a pickle that is none by what it asks for.
 * @param source begins with a pickle
 * @throws TensorFileError where the pickles ask for more than tensors, or where storages are missing or cut
 */
export async function openTorchLegacy(source: ByteSource): Promise<TensorFile> {
  const pickles = new PickleRow(source);
  if ((await pickles.next()).value !== MAGIC)
    throw new TensorFileError(
      "not weights",
      source.name,
      "it is a pickle, but without the magic number that torch's files begin with",
    );
  if ((await pickles.next()).value !== PROTOCOL)
    throw new TensorFileError("unsupported", source.name, `its protocol must be ${PROTOCOL}, got another`);
  checkSystem(source.name, (await pickles.next()).value);
  const saved = await pickles.next();
  const keys = await pickles.next();
  const storages = await findStorages(source, keys, storagesByKey(source.name, saved.storages));
  const placed: PlacedTensor[] = [];
  for (const [name, tensor] of namedTensors(source.name, saved.value, saved.steps)) {
    const storage = storages.get(tensor.storage.key);
    if (storage === undefined)
      throw damaged(
        source.name,
        `the storage ${shownName(tensor.storage.key)} is not among those that it lists`,
      );
    const { type, shape, strides, start } = tensor;
    placed.push({ name, type, shape, strides, start, storage });
  }
  return storedTensors("torch-legacy", source, placed);
}

/** The pickles at the beginning of a file, one after the other. */
class PickleRow {
  readonly #source: ByteSource;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  async next(): Promise<TorchPickle> {
    const { name, length } = this.#source;
    for (;;) {
      try {
        const pickle = readTorchPickle(name, this.#bytes, this.#at, false);
        this.#at = pickle.end;
        return pickle;
      } catch (error) {
        if (!(error instanceof PickleEnd)) throw error;
      }
      const held = this.#bytes.length;
      if (held === length)
        throw damaged(name, `the file of ${length} bytes ends inside a pickle; it was cut`);
      if (held >= MAX_PICKLE_BYTES)
        throw new TensorFileError("hostile", name, `its pickles are longer than ${MAX_PICKLE_BYTES} bytes`);
      this.#bytes = await this.#source.read(0, Math.min(length, Math.max(FIRST_BYTES, 4 * held)));
    }
  }
}

function checkSystem(source: string, system: PickleValue): void {
  const isLittle = system instanceof PickleDict ? system.entries.get("little_endian") : undefined;
  if (isLittle === false)
    throw new TensorFileError(
      "unsupported",
      source,
      "it was written on a big-endian machine; load it there and save it with a newer torch",
    );
  if (isLittle !== true)
    throw damaged(source, "its notes on the system that wrote it do not say the byte order");
}

/** The storages that a pickle names; one that is named twice is the same both times. */
function storagesByKey(source: string, named: readonly TorchStorage[]): Map<string, TorchStorage> {
  const storages = new Map<string, TorchStorage>();
  for (const storage of named) {
    const known = storages.get(storage.key) ?? storage;
    if (known.type !== storage.type || known.size !== storage.size)
      throw damaged(source, `the storage ${shownName(storage.key)} is said to be of two types or sizes`);
    storages.set(storage.key, known);
  }
  return storages;
}

/** Where the storages lie behind the pickles, in the order of the list of their keys. */
async function findStorages(
  source: ByteSource,
  keys: TorchPickle,
  named: ReadonlyMap<string, TorchStorage>,
): Promise<Map<string, TensorStorage>> {
  if (!(keys.value instanceof PickleList)) throw damaged(source.name, "its list of storages is missing");
  const found = new Map<string, TensorStorage>();
  let at = keys.end;
  for (const key of keys.value.items) {
    const storage = typeof key === "string" ? named.get(key) : undefined;
    if (storage === undefined || found.has(storage.key))
      throw damaged(source.name, "its list of storages names one twice, or one that no tensor lies in");
    const what = `the storage ${shownName(storage.key)}`;
    if (at + COUNT_BYTES > source.length)
      throw damaged(source.name, `${what} must begin at byte ${at}, the file ends at ${source.length}`);
    const count = await countAt(source, at);
    if (count !== BigInt(storage.size))
      throw damaged(source.name, `${what} must have ${storage.size} elements, got ${count} at byte ${at}`);
    at += COUNT_BYTES;
    const bytes = storage.size * (storage.type === undefined ? 1 : TENSOR_ITEM_BYTES[storage.type]);
    if (at + bytes > source.length)
      throw damaged(
        source.name,
        `${what} must end at byte ${at + bytes}, the file ends at ${source.length}; it was cut`,
      );
    found.set(storage.key, plainStorage(source, what, at, bytes));
    at += bytes;
  }
  if (at !== source.length)
    throw damaged(source.name, `its last storage ends at byte ${at}, the file at ${source.length}`);
  return found;
}

/** A count; read at once where bytes are near, as there may be thousands. */
async function countAt(source: ByteSource, at: number): Promise<bigint> {
  const bytes = new Uint8Array(COUNT_BYTES);
  if (source.readSync === undefined) bytes.set(await source.read(at, COUNT_BYTES));
  else source.readSync(at, bytes);
  return new DataView(bytes.buffer).getBigInt64(0, true);
}

function damaged(source: string, problem: string): TensorFileError {
  return new TensorFileError("damaged", source, problem);
}
