import assert from "node:assert/strict";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import {
  type ByteSource,
  bufferSource,
  checkStoredEntry,
  readZipDirectory,
  readZipEntry,
  ZipError,
  type ZipErrorKind,
} from "gpic-lab/io";
import yazl from "yazl";
import { madeZip as storedZip } from "./made-zip.js";

const text = "numbers lie here ".repeat(40);

/** An archive of three files: stored, deflated, empty. */
async function madeZip(options: { zip64?: boolean; names?: readonly string[] } = {}): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  const [stored = "a/stored", deflated = "a/deflated", empty = "empty"] = options.names ?? [];
  const forceZip64Format = options.zip64 ?? false;
  zip.addBuffer(Buffer.from(text), stored, { compress: false, forceZip64Format });
  zip.addBuffer(Buffer.from(text), deflated, { compress: true, forceZip64Format });
  zip.addBuffer(Buffer.alloc(0), empty, { compress: false, forceZip64Format });
  zip.end({ forceZip64Format, comment: "" });
  return buffer(zip.outputStream);
}

/** The same bytes where only asynchronous ranges can be read; counts them. */
function farSource(bytes: Uint8Array): ByteSource & { asked: number; reads: number } {
  const near = bufferSource(bytes, "far.zip");
  return {
    name: near.name,
    length: near.length,
    asked: 0,
    reads: 0,
    async read(offset: number, length: number): Promise<Uint8Array> {
      this.asked += length;
      this.reads++;
      return near.read(offset, length);
    },
    close: async () => {},
  };
}

/** A copy with bytes written over at the n-th place where `mark` stands. */
function changed(zip: Buffer, mark: string, index: number, at: number, bytes: readonly number[]): Buffer {
  const copy = Buffer.from(zip);
  let found = -1;
  for (let n = 0; n <= index; n++) found = copy.indexOf(mark, found + 1, "latin1");
  assert.ok(found >= 0);
  copy.set(bytes, found + at);
  return copy;
}

const LOCAL = "PK\u0003\u0004";
const CENTRAL = "PK\u0001\u0002";

function refused(kind: ZipErrorKind, words: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof ZipError, String(error));
    assert.equal(error.kind, kind);
    assert.match(error.message, words);
    return true;
  };
}

for (const zip64 of [false, true])
  test(`entries of ${zip64 ? "a zip64" : "an"} archive are found, stored and deflated, near and far`, async () => {
    const zip = await madeZip({ zip64 });
    for (const source of [bufferSource(zip), farSource(zip)]) {
      const entries = await readZipDirectory(source);
      assert.deepEqual(
        entries.map(({ name, isStored, bytes }) => [name, isStored, bytes]),
        [
          ["a/stored", true, text.length],
          ["a/deflated", false, text.length],
          ["empty", true, 0],
        ],
      );
      const [stored, deflated, empty] = entries;
      assert.equal(zip.toString("latin1", stored!.dataOffset, stored!.dataOffset + text.length), text);
      assert.equal(Buffer.from(await readZipEntry(source, stored!)).toString(), text);
      assert.equal(Buffer.from(await readZipEntry(source, deflated!)).toString(), text);
      assert.equal((await readZipEntry(source, empty!)).length, 0);
      await checkStoredEntry(source, stored!);
    }
  });

test("the directory of a far archive is fetched in windows, not entry by entry", async () => {
  const zip = new yazl.ZipFile();
  for (let n = 0; n < 300; n++) zip.addBuffer(Buffer.alloc(3000, n), `data/${n}`, { compress: false });
  zip.end();
  const source = farSource(await buffer(zip.outputStream));
  assert.equal((await readZipDirectory(source)).length, 300);
  // the tail, one window of the directory, and 30 bytes in front of those entries that lie outside it
  assert.ok(source.reads <= 302, `${source.reads} reads`);
  assert.ok(source.asked < 3 * 65536, `${source.asked} bytes`);
});

test("what is no archive, and an archive that was cut, are told apart", async () => {
  const zip = await madeZip();
  await assert.rejects(readZipDirectory(bufferSource(new Uint8Array(0))), refused("not a zip", /neither/));
  await assert.rejects(readZipDirectory(bufferSource(Buffer.from(text))), refused("not a zip", /neither/));
  for (let length = 4; length < zip.length; length++)
    await assert.rejects(readZipDirectory(bufferSource(zip.subarray(0, length))), refused("damaged", /cut/));
});

test("changed bytes of an entry are told by its checksum or by the inflating", async () => {
  const zip = await madeZip();
  const entries = await readZipDirectory(bufferSource(zip));
  for (const entry of entries.slice(0, 2))
    for (let at = 0; at < entry.compressedBytes; at++) {
      const copy = Buffer.from(zip);
      copy[entry.dataOffset + at]! ^= 0x10;
      await assert.rejects(
        readZipEntry(bufferSource(copy), entry),
        refused("damaged", /a\/(stored|deflated)/),
      );
      if (entry.isStored)
        await assert.rejects(checkStoredEntry(bufferSource(copy), entry), refused("damaged", /checksum/));
    }
});

test("an entry does not inflate beyond the size stated, and no size is believed that deflate cannot give", async () => {
  const zip = await madeZip();
  const small = changed(zip, CENTRAL, 1, 24, [10, 0, 0, 0]);
  const [, entry] = await readZipDirectory(bufferSource(small));
  await assert.rejects(readZipEntry(bufferSource(small), entry!), refused("damaged", /do not inflate to 10/));
  const large = changed(zip, CENTRAL, 1, 24, [0, 0, 0, 0x7f]);
  await assert.rejects(readZipDirectory(bufferSource(large)), refused("hostile", /cannot be 2130706432/));
});

test("entries behind the end, inside each other, or twice are refused", async () => {
  const zip = await madeZip();
  const far = changed(changed(zip, CENTRAL, 0, 20, [255, 255, 0, 0]), CENTRAL, 0, 24, [255, 255, 0, 0]);
  await assert.rejects(readZipDirectory(bufferSource(far)), refused("damaged", /end behind the file/));
  const header = storedZip([{ name: "b", bytes: Buffer.from("data") }]).subarray(0, 35);
  const nested = storedZip([
    { name: "a", bytes: header },
    { name: "b", bytes: Buffer.from("data") },
  ]);
  const within = changed(nested, CENTRAL, 1, 42, [31]);
  await assert.rejects(
    readZipDirectory(bufferSource(within)),
    refused("hostile", /b begins at 31, inside a/),
  );
  const outside = changed(zip, CENTRAL, 1, 42, [0, 0, 0, 0x7f]);
  await assert.rejects(
    readZipDirectory(bufferSource(outside)),
    refused("damaged", /must be at byte 2130706432, but it is not there/),
  );
  const headerless = changed(zip, LOCAL, 1, 2, [9]);
  await assert.rejects(
    readZipDirectory(bufferSource(headerless)),
    refused("damaged", /there is another thing/),
  );
  const renamed = changed(zip, CENTRAL, 1, 46, [0x62]);
  await assert.rejects(readZipDirectory(bufferSource(renamed)), refused("damaged", /bears another name/));
  const fewer = changed(zip, "PK\u0005\u0006", 0, 10, [2]);
  await assert.rejects(readZipDirectory(bufferSource(fewer)), refused("damaged", /after 2 entries/));
  const zip64 = changed(await madeZip({ zip64: true }), "PK\u0006\u0006", 0, 32, [0]);
  const nowhere = changed(zip64, "PK\u0006\u0006", 0, 48, [0, 0, 0, 0, 0, 0, 0, 0x31]);
  await assert.rejects(readZipDirectory(bufferSource(nowhere)), refused("damaged", /after 0 entries/));
  const twice = await madeZip({ names: ["same", "same"] });
  await assert.rejects(readZipDirectory(bufferSource(twice)), refused("hostile", /same is there twice/));
});

test("encrypted entries, other methods, climbing names and too many entries are refused by name", async () => {
  const zip = await madeZip();
  const encrypted = changed(zip, CENTRAL, 1, 8, [1]);
  await assert.rejects(
    readZipDirectory(bufferSource(encrypted)),
    refused("unsupported", /a\/deflated.*encr/),
  );
  const method = changed(zip, CENTRAL, 1, 10, [12]);
  await assert.rejects(readZipDirectory(bufferSource(method)), refused("unsupported", /method 12/));
  const climbing = Buffer.from(zip.toString("latin1").replaceAll("a/stored", "../tored"), "latin1");
  await assert.rejects(readZipDirectory(bufferSource(climbing)), refused("damaged", /relative path/));
  await assert.rejects(readZipDirectory(bufferSource(zip), { entries: 2 }), refused("hostile", /got 3/));
});

test("a name cannot steer the terminal that shows a message", async () => {
  const zip = await madeZip({ names: ["\u001b[2J", "\u001b[2J"] });
  await assert.rejects(
    readZipDirectory(bufferSource(zip)),
    (error: Error) => !error.message.includes("\u001b"),
  );
});

test("a source that fails is not called a damaged archive", async () => {
  const zip = await madeZip();
  const source = farSource(zip);
  const gone = Object.assign(new Error("the disk is gone"), { code: "EIO" });
  source.read = async () => Promise.reject(gone);
  await assert.rejects(readZipDirectory(source), gone);
});
