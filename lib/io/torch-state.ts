/**
 * The tensors of a checkpoint by name: what a pickle of torch's holds, walked through in the file's order.
 *
 * Names of nested dicts, lists and modules are joined by dots. Where all tensors lie in one dict beside plain values
 * (`{"model": {...}, "epoch": 3}`), that dict is the state dict and its key is no part of the names.
 */
import {
  PickleDict,
  PickleList,
  PickleObject,
  PickleTuple,
  type PickleValue,
  pickleKind,
} from "./pickle-values.js";
import { TensorFileError } from "./tensor-error.js";
import { TorchTensor } from "./torch-tensors.js";

/** Containers around a tensor: modules nest some dozen deep. */
export const MAX_STATE_DEPTH = 100;

/** The name of a tensor that is saved alone, without a dict. */
const LONE_TENSOR_NAME = "tensor";

/** Characters of names for each step of the pickle: they are what the pickle spells out, give or take a module. */
const CHARACTERS_PER_STEP = 16;

/**
 * The tensors of a checkpoint.
 * @param source the file, for messages
 * @param root what its pickle holds
 * @param steps that the pickle took; walking takes no more, so that dicts inside each other cannot unfold to any size
 * @returns each with its name, in the order of the file
 * @throws TensorFileError where containers hold themselves or unfold, or a tensor lies under a key that is no name
 */
export function namedTensors(source: string, root: PickleValue, steps: number): [string, TorchTensor][] {
  if (root instanceof TorchTensor) return [[LONE_TENSOR_NAME, root]];
  const found = new StateWalk(source, steps).walk(root);
  const isWrapped = root instanceof PickleDict && isInOneDict(root, found);
  return found.map(({ top, rest, tensor }) => [
    isWrapped ? rest : rest === "" ? top : `${top}.${rest}`,
    tensor,
  ]);
}

/** Whether all tensors lie in one dict of the root. */
function isInOneDict(root: PickleDict, found: readonly Found[]): boolean {
  const top = found[0]?.top;
  if (!found.every((one) => one.top === top && one.rest !== "")) return false;
  return [...root.entries].some(([key, value]) => String(key) === top && value instanceof PickleDict);
}

interface Found {
  /** The key in the root. */
  readonly top: string;
  /** The names below it, joined by dots; "" for a tensor in the root itself. */
  readonly rest: string;
  readonly tensor: TorchTensor;
}

/** One container on the way, and where the walk is in it. */
interface Level {
  readonly value: PickleValue;
  readonly children: Iterator<readonly [PickleValue, PickleValue]>;
  /** The key it was found under, and the names below the root's key; undefined for the root. */
  readonly top: string | undefined;
  readonly rest: string;
  /** What a key on the way is that can be no name. */
  readonly unnamed: string | undefined;
  /** Tensors that were found before it was entered. */
  readonly found: number;
}

class StateWalk {
  readonly #source: string;
  readonly #found: Found[] = [];
  /** Containers that hold no tensor: seen once, and passed over from then on. */
  readonly #empty = new Set<PickleValue>();
  #steps: number;
  #characters: number;

  constructor(source: string, steps: number) {
    this.#source = source;
    this.#steps = steps;
    this.#characters = steps * CHARACTERS_PER_STEP + 1000;
  }

  walk(root: PickleValue): Found[] {
    const path: Level[] = [];
    this.#enter(path, { value: root, top: undefined, rest: "", unnamed: undefined });
    while (path.length > 0) {
      const level = path.at(-1)!;
      const next = level.children.next();
      if (next.done === true) {
        if (level.found === this.#found.length) this.#empty.add(level.value);
        path.pop();
      } else this.#visit(path, level, next.value);
    }
    return this.#found;
  }

  #visit(path: Level[], level: Level, [key, value]: readonly [PickleValue, PickleValue]): void {
    if (--this.#steps < 0) throw this.#hostile("its containers hold each other again and again");
    if (!(value instanceof TorchTensor) && (!isContainer(value) || this.#empty.has(value))) return;
    const isName = typeof key === "string" || typeof key === "number" || typeof key === "bigint";
    const unnamed = level.unnamed ?? (isName ? undefined : pickleKind(key));
    const part = String(isName ? key : "");
    const top = level.top ?? part;
    const rest = level.top === undefined ? "" : level.rest === "" ? part : `${level.rest}.${part}`;
    if (!(value instanceof TorchTensor)) {
      this.#enter(path, { value, top, rest, unnamed });
      return;
    }
    if (unnamed !== undefined)
      throw new TensorFileError(
        "unsupported",
        this.#source,
        `a tensor lies under ${unnamed}, which is no name`,
      );
    this.#characters -= top.length + rest.length;
    if (this.#characters < 0)
      throw this.#hostile("the names of its tensors are longer than the pickle explains");
    this.#found.push({ top, rest, tensor: value });
  }

  #enter(path: Level[], place: Pick<Level, "value" | "top" | "rest" | "unnamed">): void {
    if (path.length >= MAX_STATE_DEPTH)
      throw this.#hostile(`its containers are nested deeper than ${MAX_STATE_DEPTH}`);
    path.push({ ...place, children: childrenOf(place.value), found: this.#found.length });
  }

  #hostile(problem: string): TensorFileError {
    return new TensorFileError("hostile", this.#source, problem);
  }
}

function isContainer(value: PickleValue): boolean {
  return (
    value instanceof PickleDict ||
    value instanceof PickleList ||
    value instanceof PickleTuple ||
    value instanceof PickleObject
  );
}

function childrenOf(value: PickleValue): Iterator<readonly [PickleValue, PickleValue]> {
  if (value instanceof PickleDict || value instanceof PickleObject) return value.entries.entries();
  if (value instanceof PickleList || value instanceof PickleTuple) return value.items.entries();
  return [][Symbol.iterator]();
}
