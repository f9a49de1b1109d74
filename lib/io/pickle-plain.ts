/** The opcodes of pickles that stand for a plain value: a number, a text, bytes, a truth value. */
import type { PickleBytes } from "./pickle-bytes.js";
import { PICKLE_OP as OP } from "./pickle-opcodes.js";

/**
 * The value that an opcode and its operand stand for.
 * @param bytes stands behind the opcode, and behind the operand afterwards
 * @returns undefined where the opcode is none of plain values; nothing was read then
 */
export function plainValue(
  opcode: number,
  bytes: PickleBytes,
): null | boolean | number | bigint | string | Uint8Array | undefined {
  switch (opcode) {
    case OP.NONE:
      return null;
    case OP.NEWTRUE:
      return true;
    case OP.NEWFALSE:
      return false;
    case OP.BININT:
      return bytes.int32();
    case OP.BININT1:
      return bytes.uint8();
    case OP.BININT2:
      return bytes.uint16();
    case OP.LONG1:
      return bytes.long(bytes.uint8());
    case OP.LONG4:
      return bytes.long(bytes.uint32());
    case OP.BINFLOAT:
      return bytes.float64();
    case OP.SHORT_BINSTRING:
    case OP.SHORT_BINUNICODE:
      return bytes.text(bytes.uint8());
    case OP.BINSTRING:
    case OP.BINUNICODE:
      return bytes.text(bytes.uint32());
    case OP.BINUNICODE8:
      return bytes.text(bytes.size64());
    case OP.SHORT_BINBYTES:
      return bytes.bytes(bytes.uint8());
    case OP.BINBYTES:
      return bytes.bytes(bytes.uint32());
    case OP.BINBYTES8:
    case OP.BYTEARRAY8:
      return bytes.bytes(bytes.size64());
    default:
      return undefined;
  }
}
