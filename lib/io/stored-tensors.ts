/** Tensors in storages: the one place where shape, strides and offset meet the bytes that a file holds. */
import type { ByteSource } from "./byte-source.js";
import { shownName } from "./hostile-text.js";
import { elementsOf, isRowMajor, rowMajorCopy, spanOf, swapByteOrder } from "./strided.js";
import { TensorFileError } from "./tensor-error.js";
import { type StoredTensor, TENSOR_ITEM_BYTES, type TensorFile, type TensorType } from "./tensor-file.js";

/** A run of bytes of a file that tensors lie in. */
export interface TensorStorage {
  /** What messages call it. */
  readonly what: string;
  readonly bytes: number;
  /** Where it begins in the file; absent where it is compressed. */
  readonly offset?: number | undefined;
  readonly isBigEndian?: boolean | undefined;
  /** Reads a range of it; checks what checksums there are. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** A tensor and the storage it lies in. */
export interface PlacedTensor {
  readonly name: string;
  readonly type: TensorType;
  readonly shape: readonly number[];
  /** In elements, one for each axis. */
  readonly strides: readonly number[];
  /** Elements of the storage before the first one. */
  readonly start: number;
  readonly storage: TensorStorage;
}

/** A storage that lies in a source as it is. */
export function plainStorage(source: ByteSource, what: string, offset: number, bytes: number): TensorStorage {
  return { what, bytes, offset, read: (from, length) => source.read(offset + from, length) };
}

/**
 * A file of tensors over storages, after every tensor was held against its storage.
 * @param source the file; its size bounds the memory that a tensor may ask for
 * @throws TensorFileError where a tensor is not inside its storage, asks for more than the file can explain, or where
 *   two tensors have one name
 */
export function storedTensors(
  format: TensorFile["format"],
  source: ByteSource,
  placed: Iterable<PlacedTensor>,
): TensorFile {
  const places = new Map<string, PlacedTensor>();
  const tensors = new Map<string, StoredTensor>();
  for (const place of placed) {
    if (places.has(place.name))
      throw new TensorFileError("hostile", source.name, `the name ${shownName(place.name)} is there twice`);
    checkPlace(source, place);
    places.set(place.name, place);
    tensors.set(place.name, described(place));
  }
  if (tensors.size === 0) throw new TensorFileError("not weights", source.name, "it holds no tensors");
  return {
    format,
    tensors,
    async read(name: string): Promise<Uint8Array> {
      const place = places.get(name);
      if (place === undefined)
        throw new RangeError(
          `Cannot read a tensor of ${source.name}: one of its ${places.size} names is needed, got ${shownName(name)}`,
        );
      return numbersOf(place);
    },
  };
}

function checkPlace(source: ByteSource, { name, type, shape, strides, start, storage }: PlacedTensor): void {
  const itemBytes = TENSOR_ITEM_BYTES[type];
  const bytes = elementsOf(shape) * itemBytes;
  const end = (start + spanOf(shape, strides)) * itemBytes;
  if (!(end <= storage.bytes))
    throw new TensorFileError(
      "damaged",
      source.name,
      `the tensor ${shownName(name)} of shape [${shape}] and type ${type} needs ${end} bytes, ${storage.what} has ${storage.bytes}`,
    );
  // strides of 0 repeat elements, and could ask for any memory
  if (!(bytes <= Math.max(storage.bytes, source.length)))
    throw new TensorFileError(
      "hostile",
      source.name,
      `the tensor ${shownName(name)} of shape [${shape}] repeats its elements up to ${bytes} bytes, the file has ${source.length}`,
    );
}

function described({ name, type, shape, strides, start, storage }: PlacedTensor): StoredTensor {
  const itemBytes = TENSOR_ITEM_BYTES[type];
  const isContiguous = isRowMajor(shape, strides);
  const liesPlain = storage.offset !== undefined && (storage.isBigEndian !== true || itemBytes === 1);
  return {
    name,
    type,
    shape,
    strides,
    isContiguous,
    ...(liesPlain ? { offset: storage.offset + start * itemBytes } : {}),
  };
}

async function numbersOf({ type, shape, strides, start, storage }: PlacedTensor): Promise<Uint8Array> {
  const itemBytes = TENSOR_ITEM_BYTES[type];
  const raw = await storage.read(start * itemBytes, spanOf(shape, strides) * itemBytes);
  const numbers = isRowMajor(shape, strides) ? owned(raw) : rowMajorCopy(raw, itemBytes, shape, strides);
  return storage.isBigEndian === true ? swapByteOrder(numbers, itemBytes) : numbers;
}

/** The same bytes alone in their buffer: sources in memory give views. */
function owned(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength && !Buffer.isBuffer(bytes)
    ? bytes
    : Uint8Array.from(bytes);
}
