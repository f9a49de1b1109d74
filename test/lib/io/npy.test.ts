/** .npy files: those that numpy made, those that it must read, those that must be refused, and those that are damaged. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Random } from "gpic-lab/core";
import {
  type ByteSource,
  bufferSource,
  type NpyData,
  type NpyFile,
  type NpyType,
  npyBytes,
  npyHeader,
  npyPieces,
  openNpy,
} from "gpic-lab/io";
import { npyStream } from "../../../lib/io/npy-writer.js";
import { expected, goldenArray, goldenSource, plain, python, runPython, skip } from "./numpy.js";

const ascii = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** A file of a header of one's own and some bytes. */
function made(header: string, dataBytes: number, version: number = 1): ByteSource {
  const length =
    version === 1
      ? [header.length & 255, header.length >> 8]
      : [header.length & 255, header.length >> 8, 0, 0];
  const bytes = Buffer.concat([
    ascii("\x93NUMPY"),
    Uint8Array.of(version, 0, ...length),
    ascii(header),
    new Uint8Array(dataBytes),
  ]);
  return bufferSource(bytes, "made.npy");
}

function header(descr: string, shape: string, isFortran: string = "False"): string {
  return `{'descr': ${descr}, 'fortran_order': ${isFortran}, 'shape': ${shape}, }\n`;
}

const KINDS: Readonly<Record<string, { from(values: number[]): Exclude<NpyData, string[]> }>> = {
  ...{ f4: Float32Array, f8: Float64Array, i1: Int8Array, i2: Int16Array, i4: Int32Array },
  ...{ u1: Uint8Array, u2: Uint16Array, u4: Uint32Array },
};

for (const [name, array] of Object.entries(expected.npy))
  test(`numpy's ${name}.npy has the type, shape and elements that numpy saved`, async () => {
    const source = await goldenSource(`${name}.npy`);
    try {
      const file = await openNpy(source);
      const { dtype, shape, isFortran, isBigEndian } = file;
      const { values, ...rest } = array;
      assert.deepEqual({ dtype, shape, isFortran, isBigEndian }, rest);
      assert.deepEqual(plain(await file.readAll()), values);
    } finally {
      await source.close();
    }
  });

test("any rows are the rows of the whole, in either order", async () => {
  for (const [name, array] of Object.entries(expected.npy)) {
    if (array.shape.length === 0) continue;
    const file = await openNpy(bufferSource(readFileSync(goldenArray(`${name}.npy`)), name));
    const width = array.values.length / array.shape[0]! || 0;
    for (let start = 0; start <= array.shape[0]!; start++)
      for (let count = 0; start + count <= array.shape[0]!; count++)
        assert.deepEqual(
          plain(await file.readRows(start, count)),
          array.values.slice(start * width, (start + count) * width),
          `${name}: ${count} rows from ${start}`,
        );
    await assert.rejects(file.readRows(array.shape[0]!, 1), /rows among its \d+ are needed/);
    await assert.rejects(file.readRows(-1, 1), RangeError);
  }
  const scalar = await openNpy(bufferSource(readFileSync(goldenArray("scalar.npy"))));
  await assert.rejects(scalar.readRows(0, 1), /an array with rows is needed, got a single number/);
});

test("no read is longer than what was asked for", async () => {
  const bytes = npyBytes({ data: Float32Array.from({ length: 6000 }, (_, i) => i), shape: [1000, 6] });
  let longest = 0;
  const inner = bufferSource(bytes);
  const source = {
    ...inner,
    read: (offset: number, length: number) => {
      longest = Math.max(longest, length);
      return inner.read(offset, length);
    },
  };
  const file = await openNpy(source);
  assert.equal((await file.readRows(990, 10))[59], 5999);
  assert.equal(longest, 240);
});

test("headers are the very bytes of numpy's", () => {
  for (const { dtype, shape, latin1 } of expected.headers)
    assert.deepEqual(Buffer.from(npyHeader(dtype as NpyType, shape)).toString("latin1"), latin1);
});

test("whole files are the very bytes of numpy's", () => {
  for (const [name, array] of Object.entries(expected.npy)) {
    if (!/^(f[48]|i[124]|u[124])-little$|^unicode-little$|^empty$|^empty-rows$|^empty-text$/.test(name))
      continue;
    const numbers = array.values.map((value) =>
      typeof value === "number" ? value : Number(value.replace("inf", "Infinity")),
    );
    const data = array.dtype.startsWith("U") ? (array.values as string[]) : KINDS[array.dtype]!.from(numbers);
    const written = npyBytes({ data, shape: array.shape });
    assert.deepEqual(Buffer.from(written), readFileSync(goldenArray(`${name}.npy`)), name);
  }
});

test("what is written in pieces is what is written at once, and pieces that do not add up are an error", async () => {
  const data = Float64Array.of(1, 2, 3, 4, 5, 6);
  const stream = (...chunks: Float64Array[]) => npyPieces({ dtype: "f8", shape: [3, 2], chunks });
  const pieces: Uint8Array[] = [];
  for await (const piece of stream(data.subarray(0, 1), data.subarray(1, 4), data.subarray(4)))
    pieces.push(piece);
  assert.deepEqual(Buffer.concat(pieces), Buffer.from(npyBytes({ data, shape: [3, 2] })));
  const drain = async (pieces: AsyncIterable<Uint8Array>) => {
    for await (const _ of pieces);
  };
  await assert.rejects(drain(stream(data.subarray(1))), /48 bytes are needed for 3 x 2 of f8, got 40/);
  await assert.rejects(drain(stream(data, data)), RangeError);
});

test("no piece is longer than 8 MiB, of numbers or of texts that one long text makes long", async () => {
  const rows = Float32Array.from({ length: 5 << 20 }, (_, i) => i);
  const texts = Array.from({ length: 2000 }, (_, i) => `images/${i}.png`);
  texts[7] = "😀".repeat(3000);
  for (const data of [rows, texts]) {
    const pieces: Uint8Array[] = [];
    for await (const piece of npyPieces(npyStream({ data }))) pieces.push(piece);
    assert.ok(
      pieces.every(({ length }) => length <= 8 << 20) && pieces.length > 3,
      `${pieces.length} pieces`,
    );
    const npy = await openNpy(bufferSource(Buffer.concat(pieces), "made"));
    assert.deepEqual(await npy.readAll(), data);
  }
  // 2.4 GB in all, which no system writes at once: taken as far as the first texts
  const many = Array<string>(200_000).fill("a");
  many[7] = "x".repeat(3000);
  const stream = npyPieces(npyStream({ data: many }));
  await stream.next();
  const { value: first } = await stream.next();
  assert.ok(first !== undefined && first.length <= 8 << 20);

  await stream.return();
});

test("text keeps every character, and what numpy would lose is refused", async () => {
  const texts = ["\0a", "🖼️", "\ud800", "  ", "<script>"];
  const file = await openNpy(bufferSource(npyBytes({ data: texts })));
  assert.equal(file.dtype, "U8");
  assert.deepEqual(await file.readAll(), texts);
  assert.throws(() => npyBytes({ data: ["a\0"] }), /no NUL at the end is needed/);
  assert.throws(() => npyBytes({ data: ["a", "b"], shape: [3] }), /a shape of 2 elements is needed, got 3/);
});

test("arrays of objects are refused by name, with the remedy", async () => {
  const source = bufferSource(readFileSync(goldenArray("objects.npy")), "objects.npy");
  await assert.rejects(openNpy(source), {
    name: "TypeError",
    message: /^Cannot read objects.npy: .*Python objects.*np.array\(values, dtype=str\).*allow_pickle=False$/,
  });
});

test("what is no array of numbers or text is refused with what was found", async () => {
  const cases: [ByteSource, RegExp][] = [
    [bufferSource(new Uint8Array(3)), /SyntaxError.*a file of 3 bytes/],
    [bufferSource(ascii("PK\x03\x04 and so on")), /SyntaxError.*another beginning/],
    [made(header("'<f4'", "(2,)"), 8, 4), /SyntaxError.*version 1 to 3 is needed, got 4.0/],
    [made(header("'<c8'", "(2,)"), 16), /TypeError.*"<c8" \(complex numbers\)/],
    [made(header("'<M8[s]'", "(2,)"), 16), /TypeError.*"<M8\[s\]"/],
    [made(header("'|V4'", "(2,)"), 8), /TypeError.*raw bytes/],
    [made(header("'<f16'", "(2,)"), 32), /TypeError/],
    [made(header("'<U70000'", "(0,)"), 0), /TypeError/],
    [made(header("[('a', '<f4')]", "(2,)"), 8), /TypeError.*structured/],
    [
      made(header("'<f4'", "(3,)"), 8),
      /RangeError.*12 bytes are needed for 3 of f4, got 8; was the file cut/,
    ],
    [made(header("'<f4'", "(1,)"), 8), /RangeError.*several arrays/],
    [made(header("'<f4'", "(-1,)"), 8), /SyntaxError.*descr, fortran_order and shape/],
    [made(header("'<f4'", "(1e3,)"), 8), /SyntaxError/],
    [made(header("'<f4'", "(9007199254740993, 9007199254740993)"), 8), /SyntaxError/],
    [made(header("'<f4'", "(9007199254740991, 9007199254740991)"), 8), /RangeError.*a shape that fits/],
    [made(header("'<U0'", "(9007199254740991,)"), 0), /RangeError.*at least one character/],
    [made(header("'<f4'", "(2,)", "1"), 8), /SyntaxError/],
    [made("{'descr': '<f4', 'shape': (2,)}", 8), /SyntaxError/],
    [made("__import__('os')", 8), /SyntaxError.*a Python literal is needed/],
    [made("(".repeat(9000), 8), /SyntaxError.*nesting of at most 16/],
    [made(" ".repeat(10_001), 8), /RangeError.*at most 10000 bytes/],
  ];
  for (const [source, wanted] of cases)
    await assert.rejects(openNpy(source), (error: Error) => {
      assert.match(`${error.name}: ${error.message}`, wanted);
      return true;
    });
  const longHeader = new Uint8Array(64);
  longHeader.set([...ascii("\x93NUMPY"), 2, 0, 255, 255, 255, 255]);
  await assert.rejects(openNpy(bufferSource(longHeader)), /at most 10000 bytes inside the file.*4294967295/);
});

test("Python 2's long numbers, other quotes and other spaces mean the same", async () => {
  const file = await openNpy(made(`{ "shape":(2L ,3L),'descr' :"<f4", "fortran_order":False }   `, 24));
  assert.deepEqual([file.dtype, file.shape, file.count], ["f4", [2, 3], 6]);
});

test("text that is none is an error that names its place", async () => {
  const points = npyBytes({ data: ["abc", "def"] });
  new DataView(points.buffer, points.byteOffset).setUint32(points.length - 4, 0x110000, true);
  await assert.rejects(
    (await openNpy(bufferSource(points, "t.npy"))).readAll(),
    /Cannot read text 1 of t.npy.*1114112/,
  );
  const bytes = made(header("'|S2'", "(2,)"), 4);
  const whole = await bytes.read(0, bytes.length);
  whole[whole.length - 1] = 0xff;
  await assert.rejects((await openNpy(bytes)).readAll(), /SyntaxError|UTF-8 is needed/);
});

test("30,000 damaged files give an error or an array of the size that the file has", {
  timeout: 60_000,
}, async () => {
  const random = new Random("npy");
  const whole = [
    "f2-big",
    "f4-little",
    "fortran-cube",
    "unicode-big",
    "bytes",
    "version-2",
    "bool",
    "i8-big",
  ].map((name) => readFileSync(goldenArray(`${name}.npy`)));
  const splices = [
    "'",
    "(",
    ")",
    ",",
    "{",
    "}",
    "9",
    "99999999999",
    "-",
    "<U",
    "<f8",
    "True",
    "O",
    "\0",
    "\xff",
    "descr",
  ];
  const counts = { read: 0, refused: 0 };
  const pick = (below: number) => Math.floor(random.next() * below);
  for (let round = 0; round < 30_000; round++) {
    let bytes: Uint8Array = Uint8Array.from(whole[pick(whole.length)]!);
    for (let damage = 0; damage <= pick(2); damage++) {
      const at = pick(random.next() < 0.5 ? Math.min(100, bytes.length) : bytes.length);
      // most keep the length: a file whose length changed is refused for that alone
      const way = random.next() < 0.8 ? 0 : pick(4);
      if (way === 0) bytes[at] = pick(256);
      else if (way === 1) bytes = bytes.slice(0, at);
      else {
        const splice = ascii(splices[pick(splices.length)]!);
        bytes = Buffer.concat([
          bytes.subarray(0, at),
          splice,
          bytes.subarray(at + (way === 2 ? splice.length : 0)),
        ]);
      }
      if (bytes.length === 0) break;
    }
    let file: NpyFile;
    let length: number;
    try {
      file = await openNpy(bufferSource(bytes));
      length = (await file.readAll()).length;
    } catch (error) {
      assert.match((error as Error).message, /^Cannot read/);
      counts.refused++;
      continue;
    }
    assert.ok(length <= bytes.length);
    assert.equal(
      length,
      file.shape.reduce((product, size) => product * size, 1),
    );
    counts.read++;
  }
  // both ways are taken often, or the damage would test nothing
  assert.ok(counts.read > 2000 && counts.refused > 2000, JSON.stringify(counts));
});

test("numpy reads what is written, to the last element", { skip }, async () => {
  assert.ok(python);
  const texts = ["a", "京都", "📷", ""];
  const parts = [
    npyBytes({ data: Float32Array.of(1.5, -2, Number.NaN, 4), shape: [2, 2] }),
    npyBytes({ data: BigInt64Array.of(-1n, 2n ** 62n) }),
    npyBytes({ data: texts, shape: [2, 2] }),
    npyBytes({ data: Uint8Array.of(7), shape: [] }),
  ];
  const script =
    "import io, json, sys, base64, numpy as np\n" +
    "arrays = [np.load(io.BytesIO(base64.b64decode(w)), allow_pickle=False) for w in sys.argv[1:]]\n" +
    "print(json.dumps([[a.dtype.str, list(a.shape), [str(v) for v in a.ravel()]] for a in arrays]))";
  assert.deepEqual(runPython(script, ...parts.map((part) => Buffer.from(part).toString("base64"))), [
    ["<f4", [2, 2], ["1.5", "-2.0", "nan", "4.0"]],
    ["<i8", [2], ["-1", String(2n ** 62n)]],
    ["<U2", [2, 2], texts],
    ["|u1", [], ["7"]],
  ]);
});
