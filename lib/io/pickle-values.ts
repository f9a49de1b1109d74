/** What a pickle can hold once it is read: plain values, containers, and names of things that were never imported. */

/** Any value on the machine's stack. `PickleExtra` is what a vocabulary makes of persistent ids and calls. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleTuple
  | PickleList
  | PickleDict
  | PickleImport
  | PickleObject
  | PickleExtra;

/** A Python tuple. */
export class PickleTuple {
  readonly items: readonly PickleValue[];
  constructor(items: readonly PickleValue[]) {
    this.items = items;
  }
}

/** A Python list, or a set, whose order is that of the file. */
export class PickleList {
  readonly items: PickleValue[];
  constructor(items: PickleValue[]) {
    this.items = items;
  }
}

/** Pairs of values in the order of the file. There is no map behind it before a pair is set: a byte makes a dict. */
class PicklePairs {
  #entries: Map<PickleValue, PickleValue> | undefined;
  get entries(): ReadonlyMap<PickleValue, PickleValue> {
    return this.#entries ?? noEntries;
  }
  set(key: PickleValue, value: PickleValue): void {
    this.#entries ??= new Map();
    this.#entries.set(key, value);
  }
}

const noEntries: ReadonlyMap<PickleValue, PickleValue> = new Map();

/** A Python dict or OrderedDict. */
export class PickleDict extends PicklePairs {}

/** A name that the pickle asks for, as text: nothing is imported. */
export class PickleImport {
  readonly module: string;
  readonly member: string;
  /** Both parts, as Python writes them: "torch.FloatStorage"; hostile text. */
  readonly path: string;
  constructor(module: string, member: string) {
    this.module = module;
    this.member = member;
    this.path = `${module}.${member}`;
  }
}

/** An object of a TorchScript class, as the attributes it was stored with. */
export class PickleObject extends PicklePairs {
  readonly type: PickleImport;
  constructor(type: PickleImport) {
    super();
    this.type = type;
  }
}

/** Base of what a vocabulary adds, such as tensors. */
export abstract class PickleExtra {
  /** What messages call it: "a tensor". */
  abstract readonly what: string;
}

/** What a value is, for messages: "a dict", "text". */
export function pickleKind(value: PickleValue): string {
  if (value === null) return "None";
  if (typeof value === "string") return "text";
  if (typeof value === "boolean") return "a truth value";
  if (typeof value === "number" || typeof value === "bigint") return `the number ${value}`.slice(0, 40);
  if (value instanceof Uint8Array) return "bytes";
  if (value instanceof PickleTuple) return "a tuple";
  if (value instanceof PickleList) return "a list";
  if (value instanceof PickleDict) return "a dict";
  if (value instanceof PickleImport) return "a name";
  if (value instanceof PickleObject) return "an object";
  return value.what;
}
