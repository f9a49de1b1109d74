import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_PICKLE_TEXT_BYTES, PickleEnd, PickleFault } from "../../../lib/io/pickle-bytes.js";
import { MAX_PICKLE_STEPS, type PickleVocabulary, unpickle } from "../../../lib/io/pickle-machine.js";
import { PICKLE_OP as OP } from "../../../lib/io/pickle-opcodes.js";
import { MAX_PICKLE_DEPTH } from "../../../lib/io/pickle-stack.js";
import {
  PickleDict,
  PickleList,
  PickleObject,
  PickleTuple,
  type PickleValue,
} from "../../../lib/io/pickle-values.js";
import { dict, int, long, madePickle, name, type PicklePiece, text, tuple } from "./made-pickle.js";

/** Knows one name, `m.Known`, and refuses the rest as a real vocabulary does. */
const vocabulary: PickleVocabulary = {
  admit({ path }) {
    if (path !== "m.Known") throw new PickleFault(`asks for ${path}`, "hostile");
  },
  call: (_name, args) => new PickleList([...args]),
  create: (type) => new PickleObject(type),
  persistent: (id) => new PickleTuple(["id", id]),
};

/** The value as plain arrays, maps and texts. */
function plain(value: PickleValue): unknown {
  if (value instanceof PickleTuple) return ["tuple", ...value.items.map(plain)];
  if (value instanceof PickleList) return value.items.map(plain);
  if (value instanceof PickleDict) return new Map([...value.entries].map(([k, v]) => [plain(k), plain(v)]));
  if (value instanceof PickleObject) return { [value.type.path]: new Map(value.entries) };
  return value;
}

function read(...pieces: readonly PicklePiece[]): unknown {
  return plain(unpickle(madePickle(...pieces), 0, vocabulary).value);
}

function fault(words: RegExp, ...pieces: readonly PicklePiece[]): void {
  assert.throws(
    () => read(...pieces),
    (error: unknown) => error instanceof PickleFault && words.test(error.message),
  );
}

test("plain values of every opcode come out as they were written", () => {
  const cases: [unknown, PicklePiece][] = [
    [null, OP.NONE],
    [true, OP.NEWTRUE],
    [false, OP.NEWFALSE],
    [-5, int(-5)],
    [200, [OP.BININT1, 200]],
    [0xfffe, [OP.BININT2, 0xfe, 0xff]],
    [0, [OP.LONG1, 0]],
    [-128, [OP.LONG1, 1, 0x80]],
    [2 ** 40, long(2n ** 40n)],
    [2n ** 60n, long(2n ** 60n)],
    [-1, [OP.LONG4, 2, 0, 0, 0, 0xff, 0xff]],
    [1.5, [OP.BINFLOAT, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0]],
    ["é", text("é")],
    ["\ufeffa", text("\ufeffa")],
    ["ab", [OP.SHORT_BINUNICODE, 2, 0x61, 0x62]],
    ["ab", [OP.BINUNICODE8, 2, 0, 0, 0, 0, 0, 0, 0, 0x61, 0x62]],
    ["ab", [OP.SHORT_BINSTRING, 2, 0x61, 0x62]],
    ["ab", [OP.BINSTRING, 2, 0, 0, 0, 0x61, 0x62]],
    [Uint8Array.of(9), [OP.SHORT_BINBYTES, 1, 9]],
    [Uint8Array.of(9), [OP.BINBYTES, 1, 0, 0, 0, 9]],
    [Uint8Array.of(9), [OP.BINBYTES8, 1, 0, 0, 0, 0, 0, 0, 0, 9]],
    [Uint8Array.of(9), [OP.BYTEARRAY8, 1, 0, 0, 0, 0, 0, 0, 0, 9]],
  ];
  for (const [expected, pieces] of cases) {
    const { value } = unpickle(madePickle(pieces), 0, vocabulary);
    assert.deepEqual(value instanceof Uint8Array ? Uint8Array.from(value) : value, expected);
  }
});

test("containers of every opcode come out as they were written", () => {
  assert.deepEqual(read(OP.EMPTY_TUPLE), ["tuple"]);
  assert.deepEqual(read(int(1), OP.TUPLE1), ["tuple", 1]);
  assert.deepEqual(read(int(1), int(2), OP.TUPLE2), ["tuple", 1, 2]);
  assert.deepEqual(read(int(1), int(2), int(3), OP.TUPLE3), ["tuple", 1, 2, 3]);
  assert.deepEqual(read(tuple(int(1), tuple())), ["tuple", 1, ["tuple"]]);
  assert.deepEqual(read(OP.EMPTY_LIST, int(1), OP.APPEND, OP.MARK, int(2), int(3), OP.APPENDS), [1, 2, 3]);
  assert.deepEqual(read(OP.MARK, int(1), OP.LIST), [1]);
  assert.deepEqual(read(OP.EMPTY_SET, OP.MARK, int(1), OP.ADDITEMS), [1]);
  assert.deepEqual(read(OP.MARK, int(1), OP.FROZENSET), [1]);
  assert.deepEqual(
    read(dict(text("a"), int(1)), text("b"), int(2), OP.SETITEM),
    new Map([
      ["a", 1],
      ["b", 2],
    ]),
  );
  assert.deepEqual(read(OP.MARK, text("a"), int(1), OP.DICT), new Map([["a", 1]]));
});

test("the memo, the stack and frames work as Python's do", () => {
  assert.deepEqual(read(OP.EMPTY_LIST, [OP.BINPUT, 7], OP.POP, [OP.BINGET, 7]), []);
  assert.deepEqual(read(int(5), [OP.LONG_BINPUT, 1, 2, 3, 4], [OP.LONG_BINGET, 1, 2, 3, 4], OP.TUPLE2), [
    "tuple",
    5,
    5,
  ]);
  assert.deepEqual(read(int(5), OP.MEMOIZE, int(6), OP.MEMOIZE, [OP.BINGET, 0], OP.TUPLE3), [
    "tuple",
    5,
    6,
    5,
  ]);
  assert.deepEqual(read(int(5), OP.DUP, OP.TUPLE2), ["tuple", 5, 5]);
  assert.equal(read(int(5), OP.MARK, int(6), OP.POP_MARK), 5);
  assert.equal(read(int(5), OP.MARK, OP.POP), 5);
  assert.equal(read([OP.FRAME, 255, 255, 255, 255, 255, 255, 255, 255], int(5)), 5);
});

test("a list that holds itself is read, and costs no recursion", () => {
  const { value } = unpickle(
    madePickle(OP.EMPTY_LIST, [OP.BINPUT, 0], [OP.BINGET, 0], OP.APPEND),
    0,
    vocabulary,
  );
  assert.ok(value instanceof PickleList && value.items[0] === value);
});

test("tuples nested a hundred thousand deep are read without recursion", () => {
  const { steps } = unpickle(madePickle(OP.EMPTY_TUPLE, new Array(100_000).fill(OP.TUPLE1)), 0, vocabulary);
  assert.equal(steps, 100_002);
});

test("names, calls, objects and persistent ids go to the vocabulary, and nothing else happens", () => {
  assert.deepEqual(read(name("m", "Known"), tuple(int(1)), OP.REDUCE), [1]);
  assert.deepEqual(read(text("m"), text("Known"), OP.STACK_GLOBAL, OP.EMPTY_TUPLE, OP.REDUCE), []);
  assert.deepEqual(read(int(3), OP.BINPERSID), ["tuple", "id", 3]);
  assert.deepEqual(read(name("m", "Known"), OP.EMPTY_TUPLE, OP.NEWOBJ, dict(text("a"), int(1)), OP.BUILD), {
    "m.Known": new Map([["a", 1]]),
  });
  // the state of an OrderedDict is torch's note of versions
  assert.deepEqual(
    read(dict(text("a"), int(1)), dict(text("_metadata"), int(2)), OP.BUILD),
    new Map([["a", 1]]),
  );
});

test("a name that the vocabulary does not know is refused at the opcode, before anything behind it is read", () => {
  fault(/asks for os\.system/, name("os", "system"), OP.STOP, [0xff, 0xff]);
  fault(/asks for os\.system/, text("os"), text("system"), OP.STACK_GLOBAL);
  fault(/asks for os\.system/, OP.MARK, text("x"), "ios\nsystem\n");
  fault(/m\.Known by the opcode INST/, OP.MARK, "im\nKnown\n");
});

test("opcodes of other protocols, of extensions and of outside buffers are refused by name", () => {
  const refused = {
    I: "INT",
    L: "LONG",
    F: "FLOAT",
    S: "STRING",
    V: "UNICODE",
    P: "PERSID",
    p: "PUT",
    g: "GET",
  };
  for (const [opcode, called] of Object.entries(refused)) fault(new RegExp(`opcode ${called} `), opcode);
  for (const [opcode, called] of [
    [0x6f, "OBJ"],
    [0x82, "EXT1"],
    [0x92, "NEWOBJ_EX"],
    [0x97, "NEXT_BUFFER"],
  ] as const)
    fault(new RegExp(`opcode ${called} `), opcode);
  fault(/opcode 255 /, 0xff);
  assert.throws(() => unpickle(Buffer.from("I1\n."), 0, vocabulary), /protocol 2 to 5 is needed/);
  assert.throws(() => unpickle(Buffer.from([0x80, 6, 0x4e, 0x2e]), 0, vocabulary), /needed, got 6/);
});

test("what is not on the stack, in the memo or of the right kind is a fault", () => {
  fault(/value is missing/);
  fault(/value is missing/, OP.TUPLE1);
  fault(/value is missing/, int(1), OP.MARK, OP.TUPLE1);
  fault(/mark is missing/, OP.TUPLE);
  fault(/left over/, int(1), int(2));
  fault(/left over/, OP.MARK, OP.MARK, int(1), OP.TUPLE);
  fault(/value 3, which it never stored/, [OP.BINGET, 3]);
  fault(/items go into a list, got a dict/, OP.EMPTY_DICT, int(1), OP.APPEND);
  fault(/pairs go into a dict, got a list/, OP.EMPTY_LIST, int(1), int(2), OP.SETITEM);
  fault(/left without a value/, dict(int(1)));
  fault(/a call needs a tuple/, name("m", "Known"), int(1), OP.REDUCE);
  fault(/it calls the number 1/, int(1), OP.EMPTY_TUPLE, OP.REDUCE);
  fault(/a state is a dict/, OP.EMPTY_DICT, int(1), OP.BUILD);
  fault(/sets a state of a list/, OP.EMPTY_LIST, OP.EMPTY_DICT, OP.BUILD);
  fault(/a name is text/, text("m"), int(1), OP.STACK_GLOBAL);
  fault(/must be UTF-8/, [OP.SHORT_BINUNICODE, 1, 0xff]);
});

test("a pickle that is cut anywhere ends too early, and nothing else", () => {
  const whole = madePickle(dict(text("key"), tuple(int(1), long(2n ** 60n), name("m", "Known"))));
  for (let length = 0; length < whole.length; length++)
    assert.throws(() => unpickle(whole.subarray(0, length), 0, vocabulary), PickleEnd);
  assert.equal(unpickle(whole, 0, vocabulary).end, whole.length);
});

test("sizes beyond the limits are refused before memory is taken", () => {
  const far = [0xff, 0xff, 0xff, 0x7f];
  fault(/at most 1048576 bytes, got 2147483647/, [OP.BINUNICODE, ...far]);
  fault(/got Infinity/, [OP.BINUNICODE8, ...far, ...far]);
  fault(/at most 255 bytes, got 2147483647/, [OP.LONG4, ...far]);
  fault(/nested deeper than 1000/, new Array(MAX_PICKLE_DEPTH + 1).fill(OP.MARK));
  fault(/a line must have at most/, OP.GLOBAL, "x".repeat(MAX_PICKLE_TEXT_BYTES + 1));
});

test("steps are limited, and so is work that one step repeats", () => {
  const bytes = Buffer.alloc(MAX_PICKLE_STEPS + 3, OP.NONE);
  bytes.set([OP.PROTO, 2]);
  assert.throws(() => unpickle(bytes, 0, vocabulary), /more than 1000000 steps/);
  // a state of a thousand attributes, set ten thousand times
  const state = dict(...Array.from({ length: 1000 }, (_, i) => [...text(`${i}`), OP.NONE]));
  const again = [OP.BINGET, 0, OP.BUILD];
  const start = [state, [OP.BINPUT, 0], OP.POP, name("m", "Known"), OP.EMPTY_TUPLE, OP.NEWOBJ];
  fault(/more than 1000000 steps/, ...start, new Array(10_000).fill(again).flat());
});
