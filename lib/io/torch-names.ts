/**
 * The names that torch's files may ask for, and what they mean here: types of storages, and the few functions that
 * describe tensors and containers. Every other name is refused before anything is made of the pickle.
 *
 * Source: torch/_utils.py, torch/storage.py and torch/_weights_only_unpickler.py, torch 2.15; torch/jit/_pickle.py.
 * Names of types that cannot be read are admitted where a tensor of that type is refused by its type.
 */
import type { TensorType } from "./tensor-file.js";

/** What to do about a file that holds more than weights. */
export const MORE_THAN_WEIGHTS =
  "only tensors and containers are read; save the state dict alone: torch.save(model.state_dict(), FILE)";

/** What a name stands for. */
export type TorchMeaning =
  /** A type of storages; no type of numbers where they cannot be read, or where a storage is bytes alone. */
  | { readonly kind: "storage"; readonly type?: TensorType }
  /** A type of numbers, as `_rebuild_tensor_v3` takes it. */
  | { readonly kind: "type"; readonly type?: TensorType }
  /** A function that gives a container or a tensor. */
  | { readonly kind: "call"; readonly call: TorchCall }
  /** A class that is only named. */
  | { readonly kind: "named" };

/** The functions. */
export type TorchCall =
  | "ordered dict"
  | "first argument"
  | "list"
  | "tensor"
  | "tensor of a type"
  | "parameter"
  | "subclass";

const storages: Readonly<Record<string, TensorType | undefined>> = {
  FloatStorage: "float32",
  DoubleStorage: "float64",
  HalfStorage: "float16",
  BFloat16Storage: "bfloat16",
  LongStorage: "int64",
  IntStorage: "int32",
  ShortStorage: "int16",
  CharStorage: "int8",
  ByteStorage: "uint8",
  BoolStorage: "bool",
  ComplexFloatStorage: undefined,
  ComplexDoubleStorage: undefined,
  QInt8Storage: undefined,
  QUInt8Storage: undefined,
  QInt32Storage: undefined,
  QUInt4x2Storage: undefined,
  QUInt2x4Storage: undefined,
};

const types: Readonly<Record<string, TensorType | undefined>> = {
  float32: "float32",
  float64: "float64",
  float16: "float16",
  bfloat16: "bfloat16",
  int64: "int64",
  int32: "int32",
  int16: "int16",
  int8: "int8",
  uint8: "uint8",
  bool: "bool",
  uint16: undefined,
  uint32: undefined,
  uint64: undefined,
  complex32: undefined,
  complex64: undefined,
  complex128: undefined,
  float8_e4m3fn: undefined,
  float8_e4m3fnuz: undefined,
  float8_e5m2: undefined,
  float8_e5m2fnuz: undefined,
  float8_e8m0fnu: undefined,
  float4_e2m1fn_x2: undefined,
};

const calls: Readonly<Record<string, TorchCall>> = {
  "collections.OrderedDict": "ordered dict",
  "torch.Size": "first argument",
  "builtins.set": "list",
  "builtins.frozenset": "list",
  "__builtin__.set": "list",
  "__builtin__.frozenset": "list",
  "torch._utils._rebuild_tensor": "tensor",
  "torch._utils._rebuild_tensor_v2": "tensor",
  "torch._utils._rebuild_tensor_v3": "tensor of a type",
  "torch._utils._rebuild_parameter": "parameter",
  "torch._utils._rebuild_parameter_with_state": "parameter",
  "torch._tensor._rebuild_from_type_v2": "subclass",
};

const named: readonly string[] = [
  "torch.Tensor",
  "torch.nn.parameter.Parameter",
  "torch.nn.parameter.Buffer",
];

/** Names that only TorchScript archives use: lists with a type, and values with a type written beside them. */
const scriptCalls: Readonly<Record<string, TorchCall>> = {
  "torch.jit._pickle.build_intlist": "first argument",
  "torch.jit._pickle.build_doublelist": "first argument",
  "torch.jit._pickle.build_boollist": "first argument",
  "torch.jit._pickle.build_tensorlist": "first argument",
  "torch.jit._pickle.restore_type_tag": "first argument",
};

/** Kinds of tensors that are known and not read: what their functions' names tell. */
const kinds: readonly (readonly [word: string, kind: string])[] = [
  ["sparse", "a sparse tensor"],
  ["qtensor", "a quantised tensor"],
  ["meta_tensor", "a tensor without numbers (device meta)"],
  ["nested_tensor", "a nested tensor"],
  ["wrapper_subclass", "a tensor of a subclass without numbers"],
  ["device_tensor", "a tensor of another device, stored through numpy"],
];

/** What torch's files mean by names: the table over those above. */
export const TORCH_NAMES: ReadonlyMap<string, TorchMeaning> = new Map([
  ...Object.entries(storages).flatMap(([name, type]): [string, TorchMeaning][] => {
    const meaning: TorchMeaning = { kind: "storage", ...(type === undefined ? {} : { type }) };
    return [
      [`torch.${name}`, meaning],
      [`torch.cuda.${name}`, meaning],
    ];
  }),
  ["torch.storage.UntypedStorage", { kind: "storage" }] as const,
  ...Object.entries(types).map(([name, type]): [string, TorchMeaning] => [
    `torch.${name}`,
    { kind: "type", ...(type === undefined ? {} : { type }) },
  ]),
  ...callMeanings(calls),
  ...named.map((name): [string, TorchMeaning] => [name, { kind: "named" }]),
]);

/** The names that TorchScript archives use besides. */
export const TORCH_SCRIPT_NAMES: ReadonlyMap<string, TorchMeaning> = new Map(callMeanings(scriptCalls));

/** What a function of torch's that is not read would have made, or nothing where that is unknown. */
export function unreadTensorKind(path: string): string | undefined {
  if (!path.startsWith("torch._utils.") && !path.startsWith("torch._tensor.")) return undefined;
  return kinds.find(([word]) => path.includes(word))?.[1];
}

function callMeanings(of: Readonly<Record<string, TorchCall>>): [string, TorchMeaning][] {
  return Object.entries(of).map(([name, call]) => [name, { kind: "call", call }]);
}
