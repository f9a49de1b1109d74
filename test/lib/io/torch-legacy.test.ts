import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type ByteSource,
  bufferSource,
  openTensors,
  TensorFileError,
  type TensorFileErrorKind,
} from "gpic-lab/io";
import { PICKLE_OP as OP } from "../../../lib/io/pickle-opcodes.js";
import { dict, int, madePickle, name, type PicklePiece, tensor, text, tuple } from "./made-pickle.js";

const magic = madePickle([OP.LONG1, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]);
const system = dict(text("protocol_version"), int(1001), text("little_endian"), OP.NEWTRUE);

/** A count and so many float32: 1, 2, 3 and so on. */
function storage(count: number, said = count): Buffer {
  const size = Buffer.alloc(8);
  size.writeBigInt64LE(BigInt(said));
  return Buffer.concat([size, Buffer.from(Float32Array.from({ length: count }, (_, i) => i + 1).buffer)]);
}

interface Parts {
  readonly protocol?: PicklePiece;
  readonly system?: PicklePiece;
  readonly saved?: PicklePiece;
  readonly keys?: PicklePiece;
  readonly storages?: readonly Buffer[];
}

function legacy(parts: Parts = {}): Buffer {
  const keys = parts.keys ?? [OP.EMPTY_LIST, ...text("0"), OP.APPEND];
  return Buffer.concat([
    magic,
    madePickle(parts.protocol ?? int(1001)),
    madePickle(parts.system ?? system),
    madePickle(parts.saved ?? dict(text("w"), tensor())),
    madePickle(keys),
    ...(parts.storages ?? [storage(4)]),
  ]);
}

function open(bytes: Buffer): ReturnType<typeof openTensors> {
  return openTensors(bufferSource(bytes, "old.pth"));
}

async function refused(kind: TensorFileErrorKind, words: RegExp, parts: Parts): Promise<void> {
  await assert.rejects(open(legacy(parts)), (error: unknown) => {
    assert.ok(error instanceof TensorFileError, String(error));
    assert.match(error.message, words);
    assert.equal(error.kind, kind, error.message);
    return true;
  });
}

test("a file made by hand gives its tensor, and where it lies", async () => {
  const bytes = legacy();
  const { format, tensors, read } = await open(bytes);
  assert.equal(format, "torch-legacy");
  assert.equal(tensors.get("w")?.offset, bytes.length - 16);
  assert.deepEqual([...new Float32Array((await read("w")).buffer)], [1, 2, 3, 4]);
});

test("a view of a storage, as Python 2 wrote them, begins inside it", async () => {
  const view = [
    ...tuple(
      ...[text("storage"), name("torch", "FloatStorage"), text("0"), text("cpu"), int(6)],
      tuple(text("1"), int(2), int(4)),
    ),
    OP.BINPERSID,
  ];
  const { read } = await open(
    legacy({ saved: dict(text("w"), tensor({ storage: view })), storages: [storage(6)] }),
  );
  assert.deepEqual([...new Float32Array((await read("w")).buffer)], [3, 4, 5, 6]);
});

test("storages lie in the order of their list, not of their first use", async () => {
  const saved = dict(text("b"), tensor({ key: "b" }), text("a"), tensor({ key: "a" }));
  const keys = [OP.EMPTY_LIST, OP.MARK, ...text("a"), ...text("b"), OP.APPENDS];
  const other = storage(4).map((byte, at) => (at < 8 ? byte : 0));
  const { read } = await open(legacy({ saved, keys, storages: [storage(4), Buffer.from(other)] }));
  assert.deepEqual([...new Float32Array((await read("a")).buffer)], [1, 2, 3, 4]);
  assert.deepEqual([...new Float32Array((await read("b")).buffer)], [0, 0, 0, 0]);
});

test("pickles longer than the first window are read, near and far", async () => {
  const notes = dict(text("w"), tensor(), text("note"), text("x".repeat(300_000)));
  const bytes = legacy({ saved: notes });
  const near = bufferSource(bytes, "old.pth");
  const far: ByteSource = { name: near.name, length: near.length, read: near.read, close: near.close };
  for (const source of [near, far]) assert.equal((await openTensors(source)).tensors.size, 1);
});

test("a file that is cut anywhere is refused as damaged", async () => {
  const whole = legacy();
  for (let length = 1; length < whole.length; length++)
    await assert.rejects(open(whole.subarray(0, length)), (error: unknown) => {
      assert.ok(error instanceof TensorFileError && error.kind === "damaged", String(error));
      return true;
    });
});

test("counts, keys and ends that do not fit are refused", async () => {
  await refused("damaged", /must have 4 elements, got 9223372036854775807/, {
    storages: [Buffer.concat([Buffer.from("ffffffffffffff7f", "hex"), Buffer.alloc(16)])],
  });
  await refused("damaged", /must have 4 elements, got 3/, { storages: [storage(4, 3)] });
  await refused("damaged", /ends at byte \d+, the file at \d+/, { storages: [storage(4), Buffer.alloc(1)] });
  await refused("damaged", /list of storages is missing/, { keys: OP.NONE });
  await refused("damaged", /names one twice, or one that no tensor/, {
    keys: [OP.EMPTY_LIST, ...text("1"), OP.APPEND],
  });
  await refused("damaged", /names one twice/, {
    keys: [OP.EMPTY_LIST, OP.MARK, ...text("0"), ...text("0"), OP.APPENDS],
    storages: [storage(4), storage(4)],
  });
  await refused("damaged", /storage 0 is not among/, { keys: [OP.EMPTY_LIST], storages: [] });
  const twoSizes = dict(text("a"), tensor(), text("b"), tensor({ size: int(5) }));
  await refused("damaged", /of two types or sizes/, { saved: twoSizes });
});

test("other protocols, big-endian machines and notes that say nothing are refused", async () => {
  await refused("unsupported", /protocol must be 1001/, { protocol: int(1002) });
  await refused("unsupported", /big-endian machine/, { system: dict(text("little_endian"), OP.NEWFALSE) });
  await refused("damaged", /do not say the byte order/, { system: dict() });
});

test("what a pickle asks for is refused wherever in the row it comes", async () => {
  for (const part of ["protocol", "system", "saved", "keys"] as const)
    await refused("hostile", /asks for posix\.system/, { [part]: name("posix", "system") });
});
