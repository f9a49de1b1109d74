/** Zip archives of stored entries, made at once: for tests that change what an archive holds and set its checksums right. */
import { crc32 } from "node:zlib";

/** One file of an archive. */
export interface MadeEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The archive, with right sizes and checksums. */
export function madeZip(entries: readonly MadeEntry[]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let at = 0;
  for (const { name, bytes } of entries) {
    const path = Buffer.from(name);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(0x800, 2);
    fields.writeUInt32LE(crc32(bytes), 10);
    fields.writeUInt32LE(bytes.length, 14);
    fields.writeUInt32LE(bytes.length, 18);
    fields.writeUInt16LE(path.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    locals.push(Buffer.from("PK\u0003\u0004"), fields, path, Buffer.from(bytes));
    centrals.push(Buffer.from("PK\u0001\u0002\u0014\u0000"), fields, place, path);
    at += 30 + path.length + bytes.length;
  }
  const central = Buffer.concat(centrals);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...locals, central, Buffer.from("PK\u0005\u0006"), end]);
}
