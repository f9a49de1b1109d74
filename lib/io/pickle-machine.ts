/**
 * Reads pickles, as torch writes them, into plain values. Nothing is imported and nothing is called.
 *
 * Source: Lib/pickletools.py of CPython, protocols 2 to 5. Known differences: what a name, a call or a persistent id
 * means is a vocabulary's affair, which refuses all that it does not know at the very opcode; opcodes of protocols 0
 * and 1, which torch never writes, extension codes and buffers from outside are refused. There is no recursion: a value
 * nested deeply costs no stack. Memory: at most some hundred bytes per byte of the pickle.
 */
import { PickleBytes, PickleFault } from "./pickle-bytes.js";
import { PICKLE_OP as OP, REFUSED_PICKLE_OPS } from "./pickle-opcodes.js";
import { plainValue } from "./pickle-plain.js";
import { PickleStack } from "./pickle-stack.js";
import {
  PickleDict,
  PickleImport,
  PickleList,
  PickleObject,
  PickleTuple,
  type PickleValue,
  pickleKind,
} from "./pickle-values.js";

/** Bytes of one pickle: a thousand tensors take some 200 kB. */
export const MAX_PICKLE_BYTES: number = 16 * 2 ** 20;
/** Steps of one pickle: a tensor takes some 35, so this is 28,000 tensors; the largest encoder has some thousand. */
export const MAX_PICKLE_STEPS = 1_000_000;
/** Steps that a name counts as besides its own. */
const IMPORT_STEPS = 3;

/** What names, calls and persistent ids of a pickle mean. Each refuses what it does not know by throwing. */
export interface PickleVocabulary {
  /** Asked for every name before it gets onto the stack. */
  admit(name: PickleImport): void;
  /** What a call of an admitted name gives; work on many values is counted by `spend`. */
  call(name: PickleImport, args: readonly PickleValue[], spend: (steps: number) => void): PickleValue;
  /** A new object of an admitted class. */
  create(name: PickleImport, args: readonly PickleValue[]): PickleObject;
  /** What a persistent id stands for. */
  persistent(id: PickleValue): PickleValue;
}

/** A pickle that was read. */
export interface Unpickled {
  readonly value: PickleValue;
  /** Byte behind the pickle. */
  readonly end: number;
  /** Steps that it took. */
  readonly steps: number;
}

/**
 * Reads one pickle.
 * @param bytes hold it
 * @param start its first byte
 * @throws PickleEnd where the bytes end before it does
 * @throws PickleFault where it is malformed, beyond a limit, or of a kind that torch does not write
 * @throws whatever the vocabulary throws
 * @example unpickle(new Uint8Array([0x80, 2, 0x4b, 7, 0x2e]), 0, vocabulary).value // 7
 */
export function unpickle(bytes: Uint8Array, start: number, vocabulary: PickleVocabulary): Unpickled {
  const reader = new PickleBytes(bytes, start);
  const first = reader.uint8();
  if (first !== OP.PROTO)
    throw new PickleFault(`a pickle of protocol 2 to 5 is needed, got the first byte ${first}`);
  const protocol = reader.uint8();
  if (protocol < 2 || protocol > 5)
    throw new PickleFault(`a pickle of protocol 2 to 5 is needed, got ${protocol}`);
  return new PickleMachine(reader, vocabulary).run();
}

class PickleMachine {
  readonly #bytes: PickleBytes;
  readonly #vocabulary: PickleVocabulary;
  readonly #stack = new PickleStack();
  #steps = 0;

  constructor(bytes: PickleBytes, vocabulary: PickleVocabulary) {
    this.#bytes = bytes;
    this.#vocabulary = vocabulary;
  }

  run(): Unpickled {
    for (;;) {
      this.#spend(1);
      const opcode = this.#bytes.uint8();
      if (opcode === OP.STOP) break;
      if (!this.#arrange(opcode)) this.#stack.push(this.#made(opcode));
    }
    const value = this.#stack.pop();
    if (!this.#stack.isEmpty) throw new PickleFault("it ends with values left over");
    return { value, end: this.#bytes.at, steps: this.#steps };
  }

  /** Carries out an opcode that works on what is there; false where it is one that makes a value. */
  #arrange(opcode: number): boolean {
    const bytes = this.#bytes;
    const stack = this.#stack;
    switch (opcode) {
      case OP.PROTO:
        bytes.uint8();
        return true;
      case OP.FRAME:
        bytes.size64();
        return true;
      case OP.MARK:
        stack.mark();
        return true;
      case OP.POP:
        stack.drop();
        return true;
      case OP.POP_MARK:
        stack.popMark();
        return true;
      case OP.BINPUT:
        stack.put(bytes.uint8());
        return true;
      case OP.LONG_BINPUT:
        stack.put(bytes.uint32());
        return true;
      case OP.MEMOIZE:
        stack.put();
        return true;
      case OP.APPEND: {
        const item = stack.pop();
        stack.topList().items.push(item);
        return true;
      }
      case OP.APPENDS:
      case OP.ADDITEMS: {
        const items = stack.popMark();
        const list = stack.topList();
        for (const item of items) list.items.push(item);
        return true;
      }
      case OP.SETITEM: {
        const pair = stack.popMany(2);
        fill(stack.topDict(), pair);
        return true;
      }
      case OP.SETITEMS: {
        const pairs = stack.popMark();
        fill(stack.topDict(), pairs);
        return true;
      }
      case OP.BUILD:
        this.#build(stack.pop());
        return true;
      default:
        return false;
    }
  }

  /** The value that an opcode gives. */
  #made(opcode: number): PickleValue {
    const bytes = this.#bytes;
    const plain = plainValue(opcode, bytes);
    if (plain !== undefined) return plain;
    const stack = this.#stack;
    switch (opcode) {
      case OP.EMPTY_TUPLE:
        return new PickleTuple([]);
      case OP.TUPLE:
        return new PickleTuple(stack.popMark());
      case OP.TUPLE1:
      case OP.TUPLE2:
      case OP.TUPLE3:
        return new PickleTuple(stack.popMany(opcode - OP.TUPLE1 + 1));
      case OP.EMPTY_LIST:
      case OP.EMPTY_SET:
        return new PickleList([]);
      case OP.LIST:
      case OP.FROZENSET:
        return new PickleList(stack.popMark());
      case OP.EMPTY_DICT:
        return new PickleDict();
      case OP.DICT:
        return fill(new PickleDict(), stack.popMark());
      case OP.DUP:
        return stack.top();
      case OP.BINGET:
        return stack.get(bytes.uint8());
      case OP.LONG_BINGET:
        return stack.get(bytes.uint32());
      case OP.GLOBAL:
        return this.#admitted(bytes.line(), bytes.line());
      case OP.INST: {
        // an import and a call in one: refused by what it asks for
        const { path } = this.#admitted(bytes.line(), bytes.line());
        throw new PickleFault(`it makes an object of ${path} by the opcode INST`, "hostile");
      }
      case OP.STACK_GLOBAL: {
        const member = stack.popText();
        return this.#admitted(stack.popText(), member);
      }
      case OP.REDUCE: {
        const args = stack.popArguments();
        return this.#vocabulary.call(stack.popImport(), args, (steps) => this.#spend(steps));
      }
      case OP.NEWOBJ: {
        const args = stack.popArguments();
        return this.#vocabulary.create(stack.popImport(), args);
      }
      case OP.BINPERSID:
        return this.#vocabulary.persistent(stack.pop());
      default:
        throw new PickleFault(
          `the opcode ${REFUSED_PICKLE_OPS[opcode] ?? opcode} is none that weights need; only tensors and containers are read`,
          "hostile",
        );
    }
  }

  #admitted(module: string, member: string): PickleImport {
    // looking a name up costs as much as some steps, and no file of torch's names one twice
    this.#spend(IMPORT_STEPS);
    const name = new PickleImport(module, member);
    this.#vocabulary.admit(name);
    return name;
  }

  /** State of a dict is torch's notes (the versions of modules), passed over; state of an object is its attributes. */
  #build(state: PickleValue): void {
    const target = this.#stack.top();
    if (!(state instanceof PickleDict)) throw new PickleFault(`a state is a dict, got ${pickleKind(state)}`);
    if (target instanceof PickleObject) {
      this.#spend(state.entries.size);
      for (const [key, value] of state.entries) target.set(key, value);
    } else if (!(target instanceof PickleDict))
      throw new PickleFault(`it sets a state of ${pickleKind(target)}; only dicts and modules have one`);
  }

  #spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps > MAX_PICKLE_STEPS)
      throw new PickleFault(`it takes more than ${MAX_PICKLE_STEPS} steps`, "hostile");
  }
}

function fill(dict: PickleDict, pairs: readonly PickleValue[]): PickleDict {
  if (pairs.length % 2 !== 0) throw new PickleFault("a key of a dict is left without a value");
  for (let at = 0; at < pairs.length; at += 2) dict.set(pairs[at]!, pairs[at + 1]!);
  return dict;
}
