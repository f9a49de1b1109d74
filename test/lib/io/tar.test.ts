import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "gpic-lab/core";
import {
  bufferSource,
  MAX_TAR_EXTENSION_BYTES,
  parseTarHeader,
  TAR_BLOCK_BYTES,
  type TarEntry,
  TarError,
  tarArchive,
  tarChecksum,
  tarEntries,
  tarFileHeader,
  tarHeaderFields,
} from "gpic-lab/io";
import { encode, entry, join, pax } from "./made-tar.js";

async function list(bytes: Uint8Array): Promise<TarEntry[]> {
  const entries: TarEntry[] = [];
  for await (const entry of tarEntries(bufferSource(bytes, "made.tar"))) entries.push(entry);
  return entries;
}

test("an archive is read back with names, sizes and places of the data, for sizes around a block", async () => {
  const random = new Random("tar");
  const files = [0, 1, 511, 512, 513, 1024, 5000].map((size, i) => ({
    name: `folder/${i}.bin`,
    bytes: Uint8Array.from({ length: size }, () => random.integer(256)),
  }));
  const archive = tarArchive(files);
  const entries = await list(archive);
  assert.deepEqual(
    entries.map(({ name, size, type }) => ({ name, size, type })),
    files.map(({ name, bytes }) => ({ name, size: bytes.length, type: "file" })),
  );
  entries.forEach((found, i) => {
    assert.equal(found.offset, found.headerOffset + TAR_BLOCK_BYTES);
    assert.deepEqual(archive.subarray(found.offset, found.offset + found.size), files[i]!.bytes);
  });
});

test("the reader touches no data: every read is a header's", async () => {
  const archive = tarArchive([
    { name: "a", bytes: new Uint8Array(1 << 20) },
    { name: "b", bytes: new Uint8Array(1 << 20) },
  ]);
  const source = bufferSource(archive);
  let bytes = 0;
  const counted = {
    ...source,
    read: (offset: number, length: number) => {
      bytes += length;
      return source.read(offset, length);
    },
  };
  let count = 0;
  for await (const _ of tarEntries(counted)) count++;
  assert.equal(count, 2);
  assert.ok(bytes < 20_000, `${bytes} bytes were read`);
});

test("the fields of a header lie side by side, and say what was written", () => {
  const block = tarFileHeader("a.json", 1834);
  const fields = tarHeaderFields(block);
  let end = 0;
  for (const field of fields) {
    assert.equal(field.offset, end);
    assert.equal(field.raw.length, field.length);
    end += field.length;
  }
  assert.equal(end, 500);
  const value = Object.fromEntries(fields.map((field) => [field.name, field.value]));
  assert.equal(value.name, "a.json");
  assert.equal(value.size, 1834);
  assert.equal(value.mode, 0o644);
  assert.equal(value.mtime, 0);
  assert.equal(value.magic, "ustar");
  assert.equal(value.chksum, tarChecksum(block));
});

test("a size in base 256 is read like one in octal", () => {
  const block = tarFileHeader("big", 0);
  block.fill(0, 124, 136);
  block[124] = 0x80;
  block[131] = 3;
  block.set(encode(`${tarChecksum(block).toString(8).padStart(6, "0")}\0 `), 148);
  assert.equal(parseTarHeader(block).size, 3 * 2 ** 32);
});

test("the prefix of a ustar name stands before it", async () => {
  const archive = join(entry("b", encode("x"), "0", (block) => block.set(encode("deep/folder"), 345)));
  assert.deepEqual(
    (await list(archive)).map((found) => found.name),
    ["deep/folder/b"],
  );
});

test("PAX and GNU headers give the next entry, and only that one, its name and size", async () => {
  const long = `${"long/".repeat(60)}é.json`;
  const archive = join(
    entry("pax", pax(["comment", "a=b"], ["path", long], ["size", "5"]), "x"),
    entry("short", encode("12345"), "0", (block) => block.set(encode("00000000000"), 124)),
    entry("plain", encode("1"), "0"),
    entry("././@LongLink", encode(`${long}\0`), "L"),
    entry("short", encode("12"), "0"),
    entry("folder/", encode(""), "5"),
  );
  const entries = await list(archive);
  assert.deepEqual(
    entries.map(({ name, size, type }) => [name, size, type]),
    [
      [long, 5, "file"],
      ["plain", 1, "file"],
      [long, 2, "file"],
      ["folder/", 0, "directory"],
    ],
  );
  assert.equal(entries[0]!.headerOffset, 0);
});

test("a global PAX header serves all entries behind it", async () => {
  const archive = join(
    entry("g", pax(["size", "3"]), "g"),
    entry("a", encode("abc"), "0"),
    entry("b", encode("def"), "0"),
  );
  assert.deepEqual(
    (await list(archive)).map(({ size }) => size),
    [3, 3],
  );
});

test("a damaged header is an error that names archive and offset, whichever byte is hit", async () => {
  const sound = tarArchive([
    { name: "a", bytes: encode("first") },
    { name: "b", bytes: encode("second") },
  ]);
  for (let i = 0; i < TAR_BLOCK_BYTES; i++) {
    if (i >= 154 && i < 156) continue; // the NUL and the blank behind the checksum's digits say nothing
    const damaged = sound.slice();
    damaged[1024 + i]! ^= 0x05;
    await assert.rejects(
      list(damaged),
      (error: unknown) => {
        assert.ok(error instanceof TarError);
        assert.equal(error.source, "made.tar");
        assert.equal(error.offset, 1024);
        return true;
      },
      `byte ${i}`,
    );
  }
});

test("an archive cut at any byte is an error, never a shorter list", async () => {
  const sound = tarArchive([
    { name: "a", bytes: encode("first") },
    { name: "b", bytes: new Uint8Array(700) },
  ]);
  const lastNeeded = sound.length - TAR_BLOCK_BYTES;
  for (let length = 0; length < lastNeeded; length += 37)
    await assert.rejects(list(sound.subarray(0, length)), TarError, `cut at ${length}`);
  assert.equal((await list(sound.subarray(0, lastNeeded))).length, 2);
});

test("extended headers that are broken, too long or alone are errors", async () => {
  const file = entry("a", encode("x"), "0");
  for (const text of ["5 path", "99 path=x\n", "x path=y\n", "0 a=b\n", "9 size=x\n", "-3 a=b\n"])
    await assert.rejects(list(join(entry("pax", encode(text), "x"), file)), TarError, text);
  const huge = entry("pax", new Uint8Array(MAX_TAR_EXTENSION_BYTES + 1), "x");
  await assert.rejects(list(join(huge, file)), /at most 1048576 bytes is needed, got 1048577/);
  await assert.rejects(
    list(join(entry("pax", pax(["path", "b"]), "x"))),
    /an entry behind an extended header is needed/,
  );
});

test("the same files give the same archive, and names that do not fit are refused", () => {
  const files = [{ name: "a", bytes: encode("x") }];
  assert.deepEqual(tarArchive(files), tarArchive(files));
  assert.throws(() => tarFileHeader("a".repeat(101), 0), /1 to 100 bytes is needed/);
  assert.throws(() => tarFileHeader("", 0), RangeError);
  assert.throws(() => tarFileHeader("a", 8 ** 11), RangeError);
});

test("an aborted signal stops the reading with its reason", async () => {
  const signal = AbortSignal.abort(new Error("enough"));
  await assert.rejects(async () => {
    for await (const _ of tarEntries(bufferSource(tarArchive([])), { signal })) assert.fail();
  }, /enough/);
});
