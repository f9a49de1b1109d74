import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  bufferSource,
  openTensors,
  packageFile,
  readZipDirectory,
  readZipEntry,
  TENSOR_ITEM_BYTES,
  type TensorFile,
  TensorFileError,
  type TensorFileErrorKind,
} from "gpic-lab/io";
import { PICKLE_OP as OP } from "../../../lib/io/pickle-opcodes.js";
import { swapByteOrder } from "../../../lib/io/strided.js";
import { dict, int, long, madePickle, name, type PicklePiece, tensor, text, tuple } from "./made-pickle.js";
import { madeArchive, madeFile } from "./made-weights.js";
import { type MadeEntry, madeZip } from "./made-zip.js";

const zipFile = readFileSync(packageFile(join("test/golden/torch-files", "zip.pth")));

function open(entries: readonly MadeEntry[]): Promise<TensorFile> {
  return openTensors(bufferSource(madeZip(entries), "made.pth"));
}

async function refused(
  kind: TensorFileErrorKind,
  words: RegExp,
  entries: readonly MadeEntry[],
): Promise<void> {
  await assert.rejects(open(entries), (error: unknown) => {
    assert.ok(error instanceof TensorFileError, String(error));
    assert.match(error.message, words);
    assert.equal(error.kind, kind, error.message);
    return true;
  });
}

function refusedTensor(
  kind: TensorFileErrorKind,
  words: RegExp,
  change: Parameters<typeof tensor>[0],
): Promise<void> {
  return refused(kind, words, madeFile(dict(text("w"), tensor(change))));
}

async function floats(file: TensorFile, name: string): Promise<number[]> {
  return [...new Float32Array((await file.read(name)).buffer)];
}

const call = (path: PicklePiece, ...args: readonly PicklePiece[]): readonly number[] =>
  [path, tuple(...args), OP.REDUCE].flat() as number[];

test("a tensor of four numbers made by hand is read", async () => {
  const file = await open(madeFile(dict(text("w"), tensor())));
  assert.deepEqual(await floats(file, "w"), [1, 2, 3, 4]);
});

test("a big-endian archive gives the numbers of the little-endian one, and no offsets", async () => {
  const source = bufferSource(zipFile, "zip.pth");
  const little = await openTensors(source);
  const itemBytes = new Map<string, number>();
  for (const { type, offset } of little.tensors.values())
    for (const entry of await readZipDirectory(source))
      if (offset! >= entry.dataOffset && offset! < entry.dataOffset + entry.bytes)
        itemBytes.set(entry.name, TENSOR_ITEM_BYTES[type]);
  const entries: MadeEntry[] = [];
  for (const entry of await readZipDirectory(source)) {
    const bytes = Uint8Array.from(await readZipEntry(source, entry));
    const isOrder = entry.name.endsWith("byteorder");
    const swapped = isOrder ? Buffer.from("big") : swapByteOrder(bytes, itemBytes.get(entry.name) ?? 1);
    entries.push({ name: entry.name, bytes: swapped });
  }
  const big = await open(entries);
  assert.equal(big.tensors.size, 14);
  for (const [name, { type, offset }] of big.tensors) {
    assert.deepEqual(await big.read(name), await little.read(name), name);
    assert.equal(offset === undefined, TENSOR_ITEM_BYTES[type] > 1, name);
  }
});

test("a byte order that is none is refused", () =>
  refused("damaged", /byteorder must be little or big, got middle/, [
    ...madeFile(dict(text("w"), tensor())),
    { name: "a/byteorder", bytes: Buffer.from("middle") },
  ]));

test("strides of 0 repeat as far as the file explains, and no farther", async () => {
  const expand = (size: bigint) => ({ shape: tuple(long(size), int(2)), strides: tuple(int(0), int(1)) });
  const file = await open(madeFile(dict(text("w"), tensor(expand(3n)))));
  assert.deepEqual(await floats(file, "w"), [1, 2, 1, 2, 1, 2]);
  await refusedTensor("hostile", /repeats its elements up to 8796093022208 bytes/, expand(2n ** 40n));
});

test("shapes, strides, offsets and sizes out of the storage or of all reason are refused", async () => {
  const most = long(2n ** 53n - 1n);
  await refusedTensor("damaged", /needs 32 bytes, .* has 16/, { start: int(4) });
  await refusedTensor("damaged", /needs 24 bytes, .* has 16/, { strides: tuple(int(4), int(1)) });
  await refusedTensor("damaged", /has 16/, {
    shape: tuple(most, most, most),
    strides: tuple(most, most, most),
  });
  await refusedTensor("damaged", /needs as many strides/, { strides: tuple(int(1)) });
  await refusedTensor("damaged", /from 0 to 2\^53, got the number -1/, { start: int(-1) });
  await refusedTensor("damaged", /from 0 to 2\^53, got the number -2/, { shape: tuple(int(2), int(-2)) });
  await refusedTensor("damaged", /from 0 to 2\^53, got the number 9007199254740992/, {
    start: long(2n ** 53n),
  });
  await refusedTensor("damaged", /a shape is a tuple, got the number 4/, { shape: int(4) });
  await refusedTensor("damaged", /at most 64 numbers, got 65/, {
    shape: tuple(...new Array(65).fill(int(1))),
  });
  await refusedTensor("damaged", /storage 0 must have 20 bytes, got 16/, { size: int(5) });
  await refusedTensor("damaged", /storage a\/data\/7 is missing/, { key: "7" });
  await refusedTensor("damaged", /a tensor needs a storage/, { storage: int(0) });
});

test("tensors of types that are not read are refused by the type", async () => {
  const storage = (type: string) => [
    ...tuple(text("storage"), name("torch", type), text("0"), text("cpu"), int(1)),
    OP.BINPERSID,
  ];
  await refusedTensor("unsupported", /tensor of torch\.ComplexFloatStorage/, {
    storage: storage("ComplexFloatStorage"),
  });
  await refusedTensor("unsupported", /tensor of torch\.float8_e5m2/, {
    function: name("torch._utils", "_rebuild_tensor_v3"),
    storage: [
      ...tuple(text("storage"), name("torch.storage", "UntypedStorage"), text("0"), text("cpu"), int(4)),
      OP.BINPERSID,
    ],
    more: name("torch", "float8_e5m2"),
  });
  await refusedTensor("unsupported", /neg bit/, { more: dict(text("neg"), OP.NEWTRUE) });
  for (const [of, what] of [
    ["_rebuild_sparse_tensor", "a sparse tensor"],
    ["_rebuild_qtensor", "a quantised tensor"],
    ["_rebuild_meta_tensor_no_storage", "a tensor without numbers"],
  ] as const)
    await refusedTensor("unsupported", new RegExp(what), { function: name("torch._utils", of) });
});

test("a storage of bytes is read by the type that the tensor brings", async () => {
  const storage = tuple(
    text("storage"),
    name("torch.storage", "UntypedStorage"),
    text("0"),
    text("cpu"),
    int(16),
  );
  const v3 = tensor({
    function: name("torch._utils", "_rebuild_tensor_v3"),
    storage: [...storage, OP.BINPERSID],
    more: name("torch", "float32"),
  });
  assert.deepEqual(await floats(await open(madeFile(dict(text("w"), v3))), "w"), [1, 2, 3, 4]);
});

test("imports, calls and persistent ids of other forms are refused by name", async () => {
  const cases: readonly (readonly [RegExp, PicklePiece])[] = [
    [/asks for builtins\.eval; only tensors and containers/, name("builtins", "eval")],
    [/asks for torch\.hub\.load;/, name("torch.hub", "load")],
    [/asks for argparse\.Namespace;/, name("argparse", "Namespace")],
    [/asks for torch\.jit\._pickle\.restore_type_tag/, name("torch.jit._pickle", "restore_type_tag")],
    [/asks for __torch__\.Net/, name("__torch__", "Net")],
    [/asks for a\?\[2Jb\.c/, name("a\u001b[2Jb", "c")],
    [/calls torch\.FloatStorage/, call(name("torch", "FloatStorage"), int(3))],
    [
      /makes an object of collections\.OrderedDict/,
      [...name("collections", "OrderedDict"), OP.EMPTY_TUPLE, OP.NEWOBJ],
    ],
    [
      /whole model with its code/,
      [...tuple(text("module"), name("torch", "Size"), OP.NONE, OP.NONE), OP.BINPERSID],
    ],
    [/got the number 7 of another form/, [...int(7), OP.BINPERSID]],
    [
      /a tuple of another form/,
      [...tuple(text("storage"), text("x"), text("0"), text("cpu"), int(1)), OP.BINPERSID],
    ],
    [
      /a tuple of another form/,
      [...tuple(text("storage"), name("torch", "Size"), text("0"), text("c"), int(1)), OP.BINPERSID],
    ],
  ];
  for (const [words, pieces] of cases) await refused("hostile", words, madeFile(pieces));
});

test("containers and plain values of checkpoints are passed over", async () => {
  const file = await open(
    madeFile(
      dict(
        ...[text("model"), dict(...[text("w"), tensor()])],
        ...[text("size"), call(name("torch", "Size"), tuple(int(2)))],
        ...[text("type"), name("torch", "float16")],
        ...[text("set"), call(name("builtins", "set"), [OP.EMPTY_LIST, ...int(1), OP.APPEND])],
        ...[
          text("pairs"),
          call(name("collections", "OrderedDict"), [OP.EMPTY_LIST, ...tuple(text("a"), int(1)), OP.APPEND]),
        ],
      ),
    ),
  );
  assert.deepEqual([...file.tensors.keys()], ["w"]);
});

test("subclasses and Parameters with a state are the tensors in them", async () => {
  const inner = tensor().slice(0, -1);
  const args = inner.slice(name("torch._utils", "_rebuild_tensor_v2").length);
  const subclass = call(
    name("torch._tensor", "_rebuild_from_type_v2"),
    name("torch._utils", "_rebuild_tensor_v2"),
    name("torch", "Tensor"),
    args,
    dict(text("note"), int(1)),
  );
  const parameter = call(
    name("torch._utils", "_rebuild_parameter_with_state"),
    tensor(),
    OP.NEWTRUE,
    OP.NONE,
    OP.NONE,
  );
  const file = await open(madeFile(dict(text("s"), subclass, text("p"), parameter)));
  assert.deepEqual(await floats(file, "s"), [1, 2, 3, 4]);
  assert.deepEqual(await floats(file, "p"), [1, 2, 3, 4]);
  const eval_ = call(
    name("torch._tensor", "_rebuild_from_type_v2"),
    name("torch", "Size"),
    name("torch", "Tensor"),
    tuple(OP.EMPTY_TUPLE),
  );
  await refused("damaged", /made by a function for tensors/, madeFile(dict(text("s"), eval_)));
});

async function namesOf(...pieces: readonly PicklePiece[]): Promise<string[]> {
  return [...(await open(madeFile(...pieces))).tensors.keys()];
}

test("names of nested dicts and lists are joined by dots; one dict of tensors in the root is the state dict", async () => {
  const w = [text("w"), tensor()] as const;
  assert.deepEqual(await namesOf(dict(...w)), ["w"]);
  assert.deepEqual(await namesOf(dict(text("model"), dict(...w), text("epoch"), int(3))), ["w"]);
  assert.deepEqual(await namesOf(dict(text("model"), dict(text("a"), dict(...w)))), ["a.w"]);
  assert.deepEqual(await namesOf(dict(text("model"), dict(...w), text("ema"), dict(...w))), [
    "model.w",
    "ema.w",
  ]);
  assert.deepEqual(await namesOf(dict(text("model"), dict(...w), ...w)), ["model.w", "w"]);
  assert.deepEqual(await namesOf(dict(text("state"), dict(int(0), dict(...w)), text("x"), tensor())), [
    "state.0.w",
    "x",
  ]);
  assert.deepEqual(await namesOf(dict(text("list"), tuple(tensor(), tensor()))), ["list.0", "list.1"]);
  assert.deepEqual(await namesOf(tensor()), ["tensor"]);
});

test("names that collide, keys that are no names, and files without tensors are refused", async () => {
  const w = [text("w"), tensor()] as const;
  const collide = dict(text("a"), dict(...w), text("a.w"), tensor());
  await refused("hostile", /the name a\.w is there twice/, madeFile(collide));
  await refused("unsupported", /under a tuple, which is no name/, madeFile(dict(tuple(int(1)), tensor())));
  await refused("unsupported", /under None, which is no name/, madeFile(dict(OP.NONE, dict(...w))));
  await refused("not weights", /holds no tensors/, madeFile(dict(text("epoch"), int(3))));
});

test("containers that hold themselves or unfold to any size are refused at once", async () => {
  const self = [
    OP.EMPTY_DICT,
    OP.BINPUT,
    0,
    ...text("me"),
    OP.BINGET,
    0,
    OP.SETITEM,
    ...text("w"),
    ...tensor(),
    OP.SETITEM,
  ];
  await refused("hostile", /again and again|longer than the pickle/, madeFile(self));
  // 2^40 paths lead to one tensor, or to none
  for (const leaf of [tensor(), int(1)]) {
    const levels = Array.from({ length: 40 }, () => [
      OP.BINPUT,
      0,
      OP.POP,
      OP.BINGET,
      0,
      OP.BINGET,
      0,
      OP.TUPLE2,
    ]);
    const start = performance.now();
    const unfold = madeFile(...[leaf, OP.TUPLE1], ...levels);
    await refused(
      leaf.length > 10 ? "hostile" : "not weights",
      /again and again|longer than the pickle|no tensors/,
      unfold,
    );
    assert.ok(performance.now() - start < 1000);
  }
  // a key of a mebibyte less one at every level
  const key = [...text("k".repeat(2 ** 20 - 1)), OP.BINPUT, 1, OP.POP];
  const deep = Array.from({ length: 50 }, () => [
    OP.BINPUT,
    0,
    OP.POP,
    OP.EMPTY_DICT,
    OP.BINGET,
    1,
    OP.BINGET,
    0,
    OP.SETITEM,
  ]);
  await refused("hostile", /longer than the pickle explains/, madeFile(key, tensor(), ...deep));
});

test("two pickles, a pickle that is cut, and one beyond the limit are refused", async () => {
  const pickle = madePickle(dict(text("w"), tensor()));
  await refused("hostile", /holds 2 pickles/, madeArchive(pickle, [{ name: "b/data.pkl", bytes: pickle }]));
  await refused("damaged", /ends too early/, madeArchive(pickle.subarray(0, -1)));
  await refused("hostile", /16777217 bytes, the limit is 16777216/, madeArchive(Buffer.alloc(2 ** 24 + 1)));
});

test("a changed byte of a storage is told when its numbers are read, even through a view", async () => {
  const bytes = Buffer.from(zipFile);
  const { tensors } = await openTensors(bufferSource(zipFile, "zip.pth"));
  bytes[tensors.get("shares_storage")!.offset! + 236]! ^= 1;
  const file = await openTensors(bufferSource(bytes, "changed.pth"));
  for (const name of ["shares_storage", "transposed", "view"])
    await assert.rejects(file.read(name), /Cannot read weights changed\.pth: the checksum of zip\/data\/4/);
  assert.equal((await file.read("half")).length, 14);
});

test("modules of TorchScript are their attributes, and calls of its lists give the lists", async () => {
  const module = (...attributes: readonly PicklePiece[]) =>
    [...name("__torch__.net", "Net"), OP.EMPTY_TUPLE, OP.NEWOBJ, ...dict(...attributes), OP.BUILD] as const;
  const list = call(name("torch.jit._pickle", "build_intlist"), [OP.EMPTY_LIST, ...int(1), OP.APPEND]);
  const inner = module(text("weight"), tensor(), text("training"), OP.NEWFALSE, text("sizes"), list);
  const constants = [{ name: "a/constants.pkl", bytes: madePickle(OP.EMPTY_TUPLE) }];
  const pickle = madePickle(module(text("backbone"), inner));
  const file = await open(madeArchive(pickle, constants));
  assert.deepEqual([...file.tensors.keys()], ["backbone.weight"]);
  await refused("hostile", /asks for __torch__\.net\.Net/, madeArchive(pickle));
  const other = madePickle(name("__torch__x", "Net"));
  await refused("hostile", /asks for __torch__x\.Net/, madeArchive(other, constants));
});
