/** The stack of a pickle machine with its marks and its memo; what is not there is a fault, never undefined. */
import { PickleFault } from "./pickle-bytes.js";
import {
  PickleDict,
  PickleImport,
  PickleList,
  PickleTuple,
  type PickleValue,
  pickleKind,
} from "./pickle-values.js";

/** Containers begun inside containers: weights nest a dozen deep. */
export const MAX_PICKLE_DEPTH = 1000;

/** Values of a pickle that is being read. */
export class PickleStack {
  readonly #values: PickleValue[] = [];
  /** Heights of the stack at which containers were begun; nothing below the topmost may be touched. */
  readonly #marks: number[] = [];
  readonly #memo: Map<number, PickleValue> = new Map();

  /** Whether nothing is left. */
  get isEmpty(): boolean {
    return this.#values.length === 0 && this.#marks.length === 0;
  }

  push(value: PickleValue): void {
    this.#values.push(value);
  }

  mark(): void {
    if (this.#marks.length >= MAX_PICKLE_DEPTH)
      throw new PickleFault(`its containers are nested deeper than ${MAX_PICKLE_DEPTH}`, "hostile");
    this.#marks.push(this.#values.length);
  }

  top(): PickleValue {
    this.#need(1);
    return this.#values.at(-1) as PickleValue;
  }

  pop(): PickleValue {
    this.#need(1);
    return this.#values.pop() as PickleValue;
  }

  /** The topmost values, in the order in which they came. */
  popMany(count: number): PickleValue[] {
    return this.#values.splice(this.#need(count));
  }

  /** What came behind the topmost mark. */
  popMark(): PickleValue[] {
    const mark = this.#marks.pop();
    if (mark === undefined) throw new PickleFault("a mark is missing on its stack");
    return this.#values.splice(mark);
  }

  /** Drops the topmost value, or the mark where nothing came behind it, as Python does. */
  drop(): void {
    if (this.#marks.at(-1) === this.#values.length) this.#marks.pop();
    else this.pop();
  }

  /** Stores the topmost value; without an index behind those stored already. */
  put(index: number = this.#memo.size): void {
    this.#memo.set(index, this.top());
  }

  get(index: number): PickleValue {
    const value = this.#memo.get(index);
    if (value === undefined) throw new PickleFault(`it asks for value ${index}, which it never stored`);
    return value;
  }

  topList(): PickleList {
    const list = this.top();
    if (!(list instanceof PickleList)) throw new PickleFault(`items go into a list, got ${pickleKind(list)}`);
    return list;
  }

  topDict(): PickleDict {
    const dict = this.top();
    if (!(dict instanceof PickleDict)) throw new PickleFault(`pairs go into a dict, got ${pickleKind(dict)}`);
    return dict;
  }

  popText(): string {
    const text = this.pop();
    if (typeof text !== "string") throw new PickleFault(`a name is text, got ${pickleKind(text)}`);
    return text;
  }

  popArguments(): readonly PickleValue[] {
    const args = this.pop();
    if (!(args instanceof PickleTuple))
      throw new PickleFault(`a call needs a tuple, got ${pickleKind(args)}`);
    return args.items;
  }

  popImport(): PickleImport {
    const name = this.pop();
    if (!(name instanceof PickleImport)) throw new PickleFault(`it calls ${pickleKind(name)}`);
    return name;
  }

  /** The height at which so many values begin. */
  #need(count: number): number {
    const from = this.#values.length - count;
    if (from < (this.#marks.at(-1) ?? 0)) throw new PickleFault("a value is missing on its stack");
    return from;
  }
}
