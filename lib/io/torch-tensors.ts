/** Tensors and storages as torch's pickles describe them: numbers that were checked, and no memory behind them. */
import { shownName } from "./hostile-text.js";
import { PickleFault } from "./pickle-bytes.js";
import { PickleExtra, PickleTuple, type PickleValue, pickleKind } from "./pickle-values.js";
import type { TensorType } from "./tensor-file.js";

/** Axes of one tensor; torch itself works with 64 at most. */
export const MAX_TENSOR_AXES = 64;

/** A storage that a pickle refers to by its key. */
export class TorchStorage extends PickleExtra {
  readonly what: string = "a storage";
  /** The name of its bytes in the file; hostile text. */
  readonly key: string;
  /** What the pickle calls its type: "torch.FloatStorage". */
  readonly typeName: string;
  /** Absent where its numbers cannot be read, or where it is bytes whose type comes with the tensor. */
  readonly type: TensorType | undefined;
  /** Elements; bytes where the type is torch.storage.UntypedStorage. */
  readonly size: number;
  /** Elements of the stored storage before this one: views of Python 2's time. */
  readonly start: number;

  constructor(key: string, typeName: string, type: TensorType | undefined, size: number, start: number) {
    super();
    this.key = key;
    this.typeName = typeName;
    this.type = type;
    this.size = size;
    this.start = start;
  }
}

/** A tensor in a storage. */
export class TorchTensor extends PickleExtra {
  readonly what: string = "a tensor";
  readonly storage: TorchStorage;
  readonly type: TensorType;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  /** Elements of the storage before its first one. */
  readonly start: number;

  constructor(
    storage: TorchStorage,
    type: TensorType,
    shape: readonly number[],
    strides: readonly number[],
    start: number,
  ) {
    super();
    this.storage = storage;
    this.type = type;
    this.shape = shape;
    this.strides = strides;
    this.start = start;
  }
}

/**
 * A tensor from the arguments of `_rebuild_tensor_v2` (storage, offset, size, strides, ...).
 * @param type of its numbers
 * @throws PickleFault where one of them is not of that form
 */
export function tensorFrom(args: readonly PickleValue[], type: TensorType): TorchTensor {
  const [storage, start, size, strides] = args;
  if (!(storage instanceof TorchStorage))
    throw new PickleFault(`a tensor needs a storage, got ${kindOf(storage)}`);
  const shape = sizesOf(size, "a shape");
  const steps = sizesOf(strides, "strides");
  if (shape.length !== steps.length)
    throw new PickleFault(`a tensor of shape [${shape}] needs as many strides, got [${steps}]`);
  return new TorchTensor(storage, type, shape, steps, sizeOf(start, "a tensor's offset") + storage.start);
}

/** A size from a pickle: a whole number, 0 or more, that JavaScript holds exactly. */
export function sizeOf(value: PickleValue | undefined, what: string): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw new PickleFault(`${what} is a whole number from 0 to 2^53, got ${kindOf(value)}`);
}

function sizesOf(value: PickleValue | undefined, what: string): number[] {
  if (!(value instanceof PickleTuple)) throw new PickleFault(`${what} is a tuple, got ${kindOf(value)}`);
  if (value.items.length > MAX_TENSOR_AXES)
    throw new PickleFault(`${what} has at most ${MAX_TENSOR_AXES} numbers, got ${value.items.length}`);
  return value.items.map((item) => sizeOf(item, `a number of ${what}`));
}

function kindOf(value: PickleValue | undefined): string {
  if (typeof value === "string") return `the text ${shownName(value)}`;
  return value === undefined ? "nothing" : pickleKind(value);
}
