/** Pickles written opcode by opcode, for tests of what torch itself never writes. */
import { PICKLE_OP } from "../../../lib/io/pickle-opcodes.js";

/** One piece: an opcode's byte, bytes, or text as it stands. */
export type PicklePiece = number | readonly number[] | string;

/** A pickle of protocol 2 that ends with STOP. */
export function madePickle(...pieces: readonly PicklePiece[]): Buffer {
  return Buffer.concat([
    Buffer.from([PICKLE_OP.PROTO, 2]),
    ...pieces.map(piece),
    Buffer.from([PICKLE_OP.STOP]),
  ]);
}

/** A text as BINUNICODE. */
export function text(value: string): readonly number[] {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return [PICKLE_OP.BINUNICODE, ...length, ...bytes];
}

/** A name as GLOBAL. */
export function name(module: string, member: string): readonly number[] {
  return [PICKLE_OP.GLOBAL, ...Buffer.from(`${module}\n${member}\n`)];
}

/** A whole number from -2^31 on as BININT. */
export function int(value: number): readonly number[] {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return [PICKLE_OP.BININT, ...bytes];
}

/** A whole number of eight bytes as LONG1. */
export function long(value: bigint): readonly number[] {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(value);
  return [PICKLE_OP.LONG1, 8, ...bytes];
}

/** Pieces between MARK and TUPLE. */
export function tuple(...pieces: readonly PicklePiece[]): readonly number[] {
  return [PICKLE_OP.MARK, ...pieces.flatMap((one) => [...piece(one)]), PICKLE_OP.TUPLE];
}

/** Pairs between EMPTY_DICT, MARK and SETITEMS. */
export function dict(...pieces: readonly PicklePiece[]): readonly number[] {
  return [
    PICKLE_OP.EMPTY_DICT,
    PICKLE_OP.MARK,
    ...pieces.flatMap((one) => [...piece(one)]),
    PICKLE_OP.SETITEMS,
  ];
}

/** What a tensor in a storage of float32 is written as, with what to change in it. */
export function tensor(
  change: {
    readonly storage?: PicklePiece;
    readonly key?: string;
    readonly size?: PicklePiece;
    readonly start?: PicklePiece;
    readonly shape?: PicklePiece;
    readonly strides?: PicklePiece;
    readonly function?: PicklePiece;
    readonly more?: PicklePiece;
  } = {},
): readonly number[] {
  const storage = tuple(
    text("storage"),
    name("torch", "FloatStorage"),
    text(change.key ?? "0"),
    text("cpu"),
    change.size ?? int(4),
  );
  return [
    ...piece(change.function ?? name("torch._utils", "_rebuild_tensor_v2")),
    ...tuple(
      change.storage ?? [...storage, PICKLE_OP.BINPERSID],
      change.start ?? int(0),
      change.shape ?? tuple(int(2), int(2)),
      change.strides ?? tuple(int(2), int(1)),
      PICKLE_OP.NEWFALSE,
      [...name("collections", "OrderedDict"), PICKLE_OP.EMPTY_TUPLE, PICKLE_OP.REDUCE],
      change.more ?? [],
    ),
    PICKLE_OP.REDUCE,
  ];
}

function piece(of: PicklePiece): Buffer {
  if (typeof of === "number") return Buffer.from([of]);
  return typeof of === "string" ? Buffer.from(of, "latin1") : Buffer.from(of);
}
