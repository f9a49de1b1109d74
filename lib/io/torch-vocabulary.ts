/** What names, calls and persistent ids mean in torch's pickles: tensors, containers, and nothing else. */
import { shownName } from "./hostile-text.js";
import { PickleFault } from "./pickle-bytes.js";
import { MAX_PICKLE_BYTES, type PickleVocabulary, type Unpickled, unpickle } from "./pickle-machine.js";
import {
  PickleDict,
  PickleImport,
  PickleList,
  PickleObject,
  PickleTuple,
  type PickleValue,
  pickleKind,
} from "./pickle-values.js";
import { TensorFileError } from "./tensor-error.js";
import type { TensorType } from "./tensor-file.js";
import {
  MORE_THAN_WEIGHTS as REMEDY,
  TORCH_NAMES,
  TORCH_SCRIPT_NAMES,
  type TorchMeaning,
  unreadTensorKind,
} from "./torch-names.js";
import { storageFrom } from "./torch-storage.js";
import { TorchStorage, TorchTensor, tensorFrom } from "./torch-tensors.js";

/** A pickle of torch's that was read. */
export interface TorchPickle extends Unpickled {
  readonly storages: readonly TorchStorage[];
}

/**
 * Reads a pickle of torch's.
 * @param source the file, for messages
 * @param bytes hold the pickle, at most MAX_PICKLE_BYTES
 * @param start its first byte
 * @param isScript whether the file is a TorchScript archive, whose modules are objects of classes of its own
 * @returns what it holds, and every storage it names, once for each time
 * @throws TensorFileError where it asks for anything but tensors and containers, or is malformed
 * @throws PickleEnd where the bytes end before it does
 */
export function readTorchPickle(
  source: string,
  bytes: Uint8Array,
  start: number,
  isScript: boolean,
): TorchPickle {
  const storages: TorchStorage[] = [];
  try {
    if (bytes.length > MAX_PICKLE_BYTES)
      throw new PickleFault(`it has ${bytes.length} bytes, the limit is ${MAX_PICKLE_BYTES}`, "hostile");
    return { ...unpickle(bytes, start, torchVocabulary(isScript, storages)), storages };
  } catch (error) {
    if (!(error instanceof PickleFault)) throw error;
    throw new TensorFileError(error.kind, source, `in its pickle: ${error.message}`);
  }
}

/** The vocabulary, as the machine asks for it; it throws PickleFault. */
function torchVocabulary(isScript: boolean, storages: TorchStorage[]): PickleVocabulary {
  return {
    admit(name) {
      if (meaningOf(name, isScript) === undefined && !isModule(name, isScript)) throw refusal(name);
    },
    call(name, args, spend) {
      const meaning = meaningOf(name, isScript);
      if (meaning?.kind !== "call")
        throw new PickleFault(`it calls ${shownName(name.path)}; ${REMEDY}`, "hostile");
      return called(name, meaning, args, spend);
    },
    create(name, args) {
      if (!isModule(name, isScript) || args.length > 0)
        throw new PickleFault(`it makes an object of ${shownName(name.path)}; ${REMEDY}`, "hostile");
      return new PickleObject(name);
    },
    persistent(id) {
      const storage = storageFrom(id);
      storages.push(storage);
      return storage;
    },
  };
}

function meaningOf({ path }: PickleImport, isScript: boolean): TorchMeaning | undefined {
  return TORCH_NAMES.get(path) ?? (isScript ? TORCH_SCRIPT_NAMES.get(path) : undefined);
}

/** Whether a name is a class of a TorchScript archive: its objects are read as their attributes. */
function isModule(name: PickleImport, isScript: boolean): boolean {
  return isScript && (name.module === "__torch__" || name.module.startsWith("__torch__."));
}

function refusal({ path }: PickleImport): PickleFault {
  const kind = unreadTensorKind(path);
  if (kind !== undefined)
    return new PickleFault(`it holds ${kind} (${shownName(path)}), which is not read`, "unsupported");
  return new PickleFault(`it asks for ${shownName(path)}; ${REMEDY}`, "hostile");
}

function called(
  name: PickleImport,
  { call }: { readonly call: string },
  args: readonly PickleValue[],
  spend: (steps: number) => void,
): PickleValue {
  switch (call) {
    case "ordered dict":
      return dictFrom(args, spend);
    case "list":
      return args.length === 0 ? new PickleList([]) : argument(name, args, 0);
    case "first argument":
      return argument(name, args, 0);
    case "parameter":
      return tensorArgument(name, args);
    case "tensor":
      checkPlain(args[6]);
      return tensorFrom(args, typeOf(args[0]));
    case "tensor of a type":
      checkPlain(args[7]);
      return tensorFrom(args, typeNamed(args[6]));
    default:
      return subclassed(name, args, spend);
  }
}

/** An OrderedDict, empty or, as Python 2 wrote them, from a list of pairs. */
function dictFrom(args: readonly PickleValue[], spend: (steps: number) => void): PickleDict {
  const dict = new PickleDict();
  const pairs = args[0];
  if (pairs === undefined) return dict;
  if (!(pairs instanceof PickleList))
    throw new PickleFault(`an OrderedDict is made of a list, got ${pickleKind(pairs)}`);
  spend(pairs.items.length);
  for (const pair of pairs.items) {
    const items = pair instanceof PickleList || pair instanceof PickleTuple ? pair.items : [];
    if (items.length !== 2) throw new PickleFault("an OrderedDict is made of pairs");
    dict.set(items[0]!, items[1]!);
  }
  return dict;
}

function argument(name: PickleImport, args: readonly PickleValue[], index: number): PickleValue {
  const value = args[index];
  if (value === undefined) throw new PickleFault(`${name.path} needs more arguments than ${args.length}`);
  return value;
}

function tensorArgument(name: PickleImport, args: readonly PickleValue[]): TorchTensor {
  const tensor = argument(name, args, 0);
  if (!(tensor instanceof TorchTensor))
    throw new PickleFault(`${name.path} is made of a tensor, got ${pickleKind(tensor)}`);
  return tensor;
}

/** `_rebuild_from_type_v2(function, type, arguments, state)`: the tensor without the state that Python added. */
function subclassed(
  name: PickleImport,
  args: readonly PickleValue[],
  spend: (steps: number) => void,
): PickleValue {
  const inner = argument(name, args, 0);
  const innerArgs = argument(name, args, 2);
  const meaning = inner instanceof PickleImport ? TORCH_NAMES.get(inner.path) : undefined;
  const isTensor = meaning?.kind === "call" && /^(tensor|tensor of a type|parameter)$/.test(meaning.call);
  if (!(inner instanceof PickleImport) || !isTensor || !(innerArgs instanceof PickleTuple))
    throw new PickleFault(`${name.path} is made by a function for tensors, got ${pickleKind(inner)}`);
  return called(inner, meaning, innerArgs.items, spend);
}

/** Refuses tensors whose numbers are not what is stored: conjugated or negated views. */
function checkPlain(metadata: PickleValue | undefined): void {
  if (metadata instanceof PickleDict)
    for (const [key, value] of metadata.entries)
      if ((key === "conj" || key === "neg") && value !== false)
        throw new PickleFault(`it holds a tensor with its ${key} bit set, which is not read`, "unsupported");
}

function typeOf(storage: PickleValue | undefined): TensorType {
  if (!(storage instanceof TorchStorage)) throw new PickleFault("a tensor needs a storage");
  return known(storage.type, storage.typeName);
}

function typeNamed(value: PickleValue | undefined): TensorType {
  const meaning = value instanceof PickleImport ? TORCH_NAMES.get(value.path) : undefined;
  if (!(value instanceof PickleImport) || meaning?.kind !== "type")
    throw new PickleFault("a tensor needs a type of numbers");
  return known(meaning.type, value.path);
}

function known(type: TensorType | undefined, name: string): TensorType {
  if (type === undefined)
    throw new PickleFault(
      `it holds a tensor of ${name}, which is not read; convert it to float32 with torch`,
      "unsupported",
    );
  return type;
}
