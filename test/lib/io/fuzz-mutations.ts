/** Ways in which a file of weights is changed: bits, numbers, cuts, and pieces of it or of another file. */
import type { Random } from "../../../lib/core/index.js";

/** A changed file, and where it was changed; no places where bytes moved. */
export interface Mutated {
  readonly bytes: Buffer;
  readonly how: string;
  /** Runs of bytes that were written over, [from, to), where nothing else changed. */
  readonly places?: readonly (readonly [from: number, to: number])[];
}

/** Numbers that sizes go wrong at. */
const awkward: readonly bigint[] = [
  0n,
  1n,
  2n,
  0x7fn,
  0x80n,
  0xffn,
  0x7fffn,
  0xffffn,
  0x7fffffffn,
  0x80000000n,
  0xffffffffn,
  0x1fffffffffffffn,
  0x20000000000000n,
  0x7fffffffffffffffn,
  0xffffffffffffffffn,
];

/** Pieces of pickles, headers and directories that mean something wherever they come to lie. */
const pieces: readonly Buffer[] = [
  "(",
  "((((((((",
  "0",
  "2",
  "R",
  "Q",
  "b",
  ".",
  "s",
  "u",
  "t",
  "]",
  "}",
  ")",
  "\u0081",
  "\u0094",
  "\u0093",
  "h\u0000",
  "h\u0000h\u0000",
  "q\u0000",
  "K\u0000",
  "\u0089",
  "cos\nsystem\n",
  "ctorch._utils\n_rebuild_tensor_v2\n",
  "ctorch\nFloatStorage\n",
  "ctorch\nDoubleStorage\n",
  "ctorch.storage\nUntypedStorage\n",
  "ccollections\nOrderedDict\n)R",
  "ibuiltins\neval\n",
  "X\u00ff\u00ff\u00ff\u007f",
  "\u008d\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u007f",
  "\u008b\u00ff\u00ff\u00ff\u00ff",
  "\u008a\u0008\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f",
  "J\u00ff\u00ff\u00ff\u00ff",
  "PK\u0001\u0002",
  "PK\u0003\u0004",
  "PK\u0005\u0006",
  "PK\u0006\u0006",
  "PK\u0006\u0007",
  "[[[[",
  '{"a":',
  "1e9",
  "-1",
].map((text) => Buffer.from(text, "latin1"));

type Mutation = (bytes: Buffer, other: Buffer, random: Random) => Mutated;

const mutations: readonly Mutation[] = [
  flip,
  flip,
  write,
  number,
  number,
  digit,
  cut,
  remove,
  repeat,
  splice,
  put,
  put,
];

/**
 * One to three changes of a file.
 * @param other a file that pieces may come from
 */
export function mutated(original: Buffer, other: Buffer, random: Random): Mutated {
  let result: Mutated = { bytes: Buffer.from(original), how: "", places: [] };
  for (let left = [1, 1, 2, 3][random.integer(4)]!; left > 0 && result.bytes.length > 0; left--) {
    const mutation = mutations[random.integer(mutations.length)]!;
    const next = mutation(result.bytes, other, random);
    const places = result.places && next.places ? { places: [...result.places, ...next.places] } : {};
    result = { bytes: next.bytes, how: `${result.how} ${next.how}`.trim(), ...places };
  }
  return result;
}

function flip(bytes: Buffer, _other: Buffer, random: Random): Mutated {
  const at = random.integer(bytes.length);
  bytes[at]! ^= 1 << random.integer(8);
  return { bytes, how: `flip@${at}`, places: [[at, at + 1]] };
}

function write(bytes: Buffer, _other: Buffer, random: Random): Mutated {
  const at = random.integer(bytes.length);
  const length = Math.min(1 + random.integer(16), bytes.length - at);
  for (let i = 0; i < length; i++) bytes[at + i] = random.integer(256);
  return { bytes, how: `write@${at}+${length}`, places: [[at, at + length]] };
}

function number(bytes: Buffer, _other: Buffer, random: Random): Mutated {
  const size = Math.min([1, 2, 4, 8][random.integer(4)]!, bytes.length);
  const at = random.integer(bytes.length - size + 1);
  let value = awkward[random.integer(awkward.length)]!;
  for (let i = 0; i < size; i++, value >>= 8n) bytes[at + i] = Number(value & 0xffn);
  return { bytes, how: `number@${at}+${size}`, places: [[at, at + size]] };
}

/** Another digit or letter where there is one: numbers in text, names of entries and keys. */
function digit(bytes: Buffer, _other: Buffer, random: Random): Mutated {
  const start = random.integer(bytes.length);
  for (let i = 0; i < bytes.length; i++) {
    const at = (start + i) % bytes.length;
    if (bytes[at]! >= 0x30 && bytes[at]! <= 0x39) {
      bytes[at] = 0x30 + random.integer(10);
      return { bytes, how: `digit@${at}`, places: [[at, at + 1]] };
    }
  }
  return { bytes, how: "digit", places: [] };
}

function cut(bytes: Buffer, _other: Buffer, random: Random): Mutated {
  const length = random.integer(bytes.length + 1);
  return { bytes: Buffer.from(bytes.subarray(0, length)), how: `cut@${length}` };
}

function remove(bytes: Buffer, _other: Buffer, random: Random): Mutated {
  const at = random.integer(bytes.length);
  const length = 1 + random.integer(Math.min(64, bytes.length - at));
  const kept = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
  return { bytes: kept, how: `remove@${at}+${length}` };
}

function repeat(bytes: Buffer, _other: Buffer, random: Random): Mutated {
  const at = random.integer(bytes.length);
  const length = 1 + random.integer(Math.min(256, bytes.length - at));
  const times = 1 + random.integer(8);
  const piece = bytes.subarray(at, at + length);
  const pieces = Array.from({ length: times }, () => piece);
  return {
    bytes: Buffer.concat([bytes.subarray(0, at), ...pieces, bytes.subarray(at)]),
    how: `repeat@${at}+${length}*${times}`,
  };
}

function splice(bytes: Buffer, other: Buffer, random: Random): Mutated {
  const from = random.integer(other.length);
  const piece = other.subarray(from, from + 1 + random.integer(256));
  const at = random.integer(bytes.length + 1);
  const isOver = random.integer(2) === 0;
  const rest = bytes.subarray(isOver ? Math.min(bytes.length, at + piece.length) : at);
  return { bytes: Buffer.concat([bytes.subarray(0, at), piece, rest]), how: `splice@${at}+${piece.length}` };
}

function put(bytes: Buffer, _other: Buffer, random: Random): Mutated {
  const piece = pieces[random.integer(pieces.length)]!;
  const at = random.integer(bytes.length + 1);
  const isOver = random.integer(2) === 0;
  const rest = bytes.subarray(isOver ? Math.min(bytes.length, at + piece.length) : at);
  return { bytes: Buffer.concat([bytes.subarray(0, at), piece, rest]), how: `put@${at}+${piece.length}` };
}
