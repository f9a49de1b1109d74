import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "gpic-lab/core";
import {
  type ByteSource,
  bufferSource,
  findTarHeader,
  MAX_TAR_EXTENSION_BYTES,
  type Need,
  runReading,
  TAR_BLOCK_BYTES,
  TAR_SEARCH_BYTES,
  type TarDamage,
  type TarEntry,
  tarArchive,
  tarEntries,
} from "gpic-lab/io";
import { encode, entry, join, pax, streamOf } from "./made-tar.js";

const wantsData = (name: string) => name.endsWith(".json");

/** Everything found, entries and damage. */
async function all(archive: Parameters<typeof tarEntries>[0], sequential: boolean = false) {
  const found: (TarEntry | TarDamage)[] = [];
  const onDamage = (damage: TarDamage) => found.push(damage);
  for await (const one of tarEntries(archive, { onDamage, wantsData, sequential })) found.push(one);
  return found;
}

function far(source: ByteSource): ByteSource {
  const { name, length, read, close } = source;
  return { name, length, read, close };
}

function files(count: number, random: Random, most: number) {
  return Array.from({ length: count }, (_, i) => ({
    name: i % 2 === 0 ? `${i}.json` : `${i}.jpg`,
    bytes: Uint8Array.from({ length: 1 + random.integer(most) }, () => 1 + random.integer(255)),
  }));
}

const odd: readonly (readonly [what: string, bytes: Uint8Array])[] = [
  ["plain", tarArchive(files(9, new Random(1), 3000))],
  [
    "large",
    tarArchive([
      { name: "a.json", bytes: new Uint8Array(300_000).fill(7) },
      ...files(3, new Random(2), 700_000),
    ]),
  ],
  ["empty", tarArchive([])],
  ["nothing", new Uint8Array(0)],
  ["cut in data", tarArchive(files(3, new Random(3), 3000)).subarray(0, 2500)],
  ["no closing blocks", tarArchive(files(3, new Random(3), 3000)).slice(0, -2 * TAR_BLOCK_BYTES)],
  [
    "two archives",
    Buffer.concat([tarArchive(files(2, new Random(4), 900)), tarArchive(files(3, new Random(5), 900))]),
  ],
  ["odd length of junk", Buffer.concat([encode("x".repeat(777)), tarArchive(files(3, new Random(6), 900))])],
  [
    "kinds",
    join(
      entry("g", pax(["comment", "x"]), "g"),
      entry("x", pax(["path", `${"long/".repeat(30)}a.json`]), "x"),
      entry("a", encode("{}"), "0"),
      entry("k", encode("target\0"), "K"),
      entry("link", encode(""), "2"),
      entry("odd", encode("data"), "Z"),
      entry("b.json", encode("{}"), "0"),
    ),
  ],
];

for (const [what, bytes] of odd)
  test(`hopping, reading in order, far sources and streams find the same: ${what}`, async () => {
    const random = new Random(what);
    const expected = await all(bufferSource(bytes));
    assert.deepEqual(await all(bufferSource(bytes), true), expected);
    assert.deepEqual(await all(far(bufferSource(bytes))), expected);
    assert.deepEqual(await all(far(bufferSource(bytes)), true), expected);
    for (const most of [1000, 100_000])
      assert.deepEqual(await all(streamOf(bytes, () => 1 + random.integer(most))), expected);
  });

test("a stream is pulled only as entries are asked for, and what passed is let go", async () => {
  const image = new Uint8Array(1 << 20).fill(9);
  const archive = tarArchive([{ name: "1.jpg", bytes: image }]).slice(0, -2 * TAR_BLOCK_BYTES);
  let pulled = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (; ; pulled++) yield archive.slice();
  }
  const before = process.memoryUsage().arrayBuffers;
  let entries = 0;
  for await (const one of tarEntries(endless())) {
    assert.equal(one.size, image.length);
    assert.ok(pulled <= entries + 3, `${pulled} pulled for ${entries} entries`);
    if (++entries === 300) break;
  }
  const grown = process.memoryUsage().arrayBuffers - before;
  // what the collector has not yet freed counts too; 300 MB passed
  assert.ok(grown < 150e6, `${grown} bytes more after 300 MB`);
});

test("a stream is closed where its reader stops early", async () => {
  let isClosed = false;
  async function* stream(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield tarArchive([{ name: "a", bytes: encode("x") }]).slice(0, -2 * TAR_BLOCK_BYTES);
    } finally {
      isClosed = true;
    }
  }
  for await (const _ of tarEntries(stream())) break;
  assert.ok(isClosed);
});

test("sparse files in GNU's old form, with more maps, and in PAX's form are passed over as what they are", async () => {
  const sparse = entry("s", encode("12345"), "S", (block) => {
    block[482] = 1;
  });
  const map = new Uint8Array(TAR_BLOCK_BYTES);
  map[504] = 1;
  const archive = join(
    Buffer.concat([sparse.subarray(0, 512), map, new Uint8Array(TAR_BLOCK_BYTES), sparse.subarray(512)]),
    entry(
      "x",
      pax(["GNU.sparse.major", "1"], ["GNU.sparse.name", "real.json"], ["GNU.sparse.realsize", "99"]),
      "x",
    ),
    entry("GNUSparseFile.0/real.json", encode("1\n0\n5\n"), "0"),
    entry("behind", encode("y"), "0"),
  );
  const found = (await all(bufferSource(archive))) as TarEntry[];
  assert.deepEqual(
    found.map(({ name, type, size }) => [name, type, size]),
    [
      ["s", "sparse", 5],
      ["real.json", "sparse", 6],
      ["behind", "file", 1],
    ],
  );
  assert.equal(found[0]!.offset, 3 * TAR_BLOCK_BYTES);
});

test("links carry their target where a header before them tells it, and an entry of any other type its flag", async () => {
  const archive = join(
    entry("x", pax(["linkpath", "far/away"]), "x"),
    entry("a", encode(""), "2"),
    entry("device", encode(""), "3"),
  );
  const found = (await all(bufferSource(archive))) as TarEntry[];
  assert.deepEqual(
    found.map(({ type, typeFlag, linkPath }) => [type, typeFlag, linkPath]),
    [
      ["link", "2", "far/away"],
      ["other", "3", undefined],
    ],
  );
});

const three = [
  { name: "a", bytes: new Uint8Array(3000).fill(1) },
  { name: "b", bytes: new Uint8Array(2000).fill(2) },
  { name: "c", bytes: new Uint8Array(1000).fill(3) },
];
const sound = tarArchive(three);
const headerOfB = 512 + 3072;

async function namesAndKinds(bytes: Uint8Array): Promise<string[]> {
  return (await all(bufferSource(bytes))).map((one) => ("kind" in one ? one.kind : one.name));
}

test("damage costs the entry that it hit, and what is behind it is found again", async () => {
  const cases: [string, Uint8Array, string[]][] = [
    ["a header", flipped(headerOfB + 5), ["a", "header-checksum", "c"]],
    ["bytes lost from data", removed(700, 10), ["entry-bytes", "b", "c"]],
    ["a whole block lost from data", removed(700, 512), ["entry-bytes", "b", "c"]],
    ["nearly all data lost", removed(600, 2900), ["entry-bytes", "b", "c"]],
    ["bytes got into data", inserted(700, 10), ["entry-bytes", "b", "c"]],
    ["bytes got between two entries", inserted(headerOfB, 100), ["a", "header-checksum", "b", "c"]],
    ["a header became zeros", zeroed(headerOfB, 512), ["a", "entries-behind-end", "c"]],
    ["a header and its data became zeros", zeroed(headerOfB, 2560), ["a", "entries-behind-end", "c"]],
    ["the last data ran short", removed(headerOfB + 512 + 2048 + 600, 300), ["a", "b", "entry-bytes"]],
  ];
  for (const [what, bytes, expected] of cases) assert.deepEqual(await namesAndKinds(bytes), expected, what);
});

test("a size in a sound header that runs far behind the archive's end costs that entry alone", async () => {
  const huge = entry("huge", encode("x"), "0", (block) => block.set(encode("77777777777"), 124));
  assert.deepEqual(await namesAndKinds(Buffer.concat([huge, sound])), ["archive-cut", "a", "b", "c"]);
});

test("an extended header that says it is longer than the limit swallows nothing", async () => {
  const long = entry("x", encode("9 path=b\n"), "x", (block) =>
    block.set(encode((2 * MAX_TAR_EXTENSION_BYTES).toString(8).padStart(11, "0")), 124),
  );
  assert.deepEqual(await namesAndKinds(Buffer.concat([long, sound])), ["extension-broken", "a", "b", "c"]);
});

test("a header is found again at every offset from the end of a piece that is searched", () => {
  const header = sound.subarray(0, 512);
  for (let start = TAR_SEARCH_BYTES - 520; start < TAR_SEARCH_BYTES + 8; start++) {
    const bytes = new Uint8Array(TAR_SEARCH_BYTES + 2000);
    bytes.set(encode("ustar"), 1000);
    bytes.set(header, start);
    const need: Need = { offset: 0, length: 0, keep: 0 };
    assert.equal(runReading(findTarHeader(need, 0), bytes), start);
  }
});

test("a source that is all magic words takes no longer than its bytes", async () => {
  const bytes = Buffer.alloc(4 << 20, "ustar\u00000000000 ");
  const found = await all(bufferSource(bytes));
  assert.deepEqual(
    found.map((one) => "kind" in one && one.kind),
    ["header-checksum"],
  );
});

function flipped(at: number): Uint8Array {
  const bytes = sound.slice();
  bytes[at]! ^= 0x10;
  return bytes;
}

function removed(at: number, length: number): Uint8Array {
  return Buffer.concat([sound.subarray(0, at), sound.subarray(at + length)]);
}

function inserted(at: number, length: number): Uint8Array {
  return Buffer.concat([sound.subarray(0, at), new Uint8Array(length).fill(0x55), sound.subarray(at)]);
}

function zeroed(at: number, length: number): Uint8Array {
  return sound.slice().fill(0, at, at + length);
}
