/** Weights in a file, as every reader of a format gives them: names, types, shapes, and where the numbers lie. */

/** The types of numbers that weights are stored in. */
export type TensorType =
  | "float32"
  | "float64"
  | "float16"
  | "bfloat16"
  | "int64"
  | "int32"
  | "int16"
  | "int8"
  | "uint8"
  | "bool";

/** Bytes of one number of each type. */
export const TENSOR_ITEM_BYTES: Readonly<Record<TensorType, number>> = {
  float32: 4,
  float64: 8,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
};

/** One tensor of a file. */
export interface StoredTensor {
  /** Its name in the state dict; names of nested dicts are joined by dots. */
  readonly name: string;
  readonly type: TensorType;
  readonly shape: readonly number[];
  /** Steps between neighbours along each axis, in elements. */
  readonly strides: readonly number[];
  /** Where its first element lies in the file, in bytes; absent where they are compressed or big-endian there. */
  readonly offset?: number;
  /** Whether its numbers lie row-major without gaps. */
  readonly isContiguous: boolean;
}

/** A file of tensors that is open. */
export interface TensorFile {
  readonly format: "torch-zip" | "torch-legacy" | "safetensors" | "npz";
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /**
   * The numbers of a tensor.
   * @returns row-major, little-endian, whatever the strides are, alone in its buffer; a buffer of its own, so that a typed array fits over it
   * @throws RangeError where there is no tensor of that name
   * @throws TensorFileError where the numbers do not have the checksum that the file states
   */
  read(name: string): Promise<Uint8Array>;
}
