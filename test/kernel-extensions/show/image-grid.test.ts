import assert from "node:assert/strict";
import { test } from "node:test";
import { type ImageGrid, imageGrid, jupyterDisplay } from "gpic-lab/show";
import sharp from "sharp";
import { HOSTILE, tagsOf, unseen } from "./hostile.js";

function photograph(widthPixels: number, heightPixels: number): Promise<Buffer> {
  const noise = { type: "gaussian", mean: 128, sigma: 30 } as const;
  return sharp({
    create: { width: widthPixels, height: heightPixels, channels: 3, background: "gray", noise },
  })
    .jpeg()
    .toBuffer();
}

const svgOf = (grid: ImageGrid): string => String(grid[jupyterDisplay]()["image/svg+xml"]);
const textOf = (grid: ImageGrid): string => String(grid[jupyterDisplay]()["text/plain"]);
const small = await photograph(640, 480);

test("each image is a thumbnail with caption, author and licence under it", async () => {
  const grid = await imageGrid([
    { bytes: small, title: "Dog", caption: "A dog runs", author: "Ada", licence: "CC BY 4.0" },
  ]);
  const svg = svgOf(grid);
  for (const text of ["Dog", "A dog runs", "Ada", "CC BY 4.0"])
    assert.ok(svg.includes(`>${text}</text>`), text);
  assert.equal(textOf(grid), "1 image\n1. Dog | A dog runs | Ada | CC BY 4.0");
  assert.match(svg, /<image y="0" width="170" height="12[78]" href="data:image\/jpeg;base64,/);
});

test("bytes, reading methods and records of a corpus are taken", async () => {
  const metadata = {
    key: "k",
    license: "CC0 1.0",
    attribution: "Ada, CC0",
    caption: "A cat",
    img_width: 640,
  };
  class Item {
    readonly metadata = metadata;
    async readImage(): Promise<Uint8Array> {
      return this.metadata === metadata ? small : new Uint8Array();
    }
  }
  const grid = await imageGrid([
    small,
    { read: async () => small },
    new Item(),
    { ...metadata, bytes: small },
  ]);
  assert.deepEqual(grid.counts, { shown: 4, left: 0, damaged: 0 });
  assert.equal(
    textOf(grid),
    "4 images\n1. image\n2. image\n3. A cat | Ada, CC0 | CC0 1.0\n4. A cat | Ada, CC0 | CC0 1.0",
  );
});

test("the thumbnail shows the picture the right way up", async () => {
  const upright = await sharp({ create: { width: 40, height: 20, channels: 3, background: "red" } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  assert.match(svgOf(await imageGrid([upright])), /<image y="0" width="20" height="40"/);
});

test("a damaged image is a tile that says so, and the others are kept", async () => {
  const items = [
    small,
    { bytes: small.subarray(0, small.length / 2), key: "cut" },
    { bytes: Uint8Array.of(1, 2, 3), caption: "A caption" },
    { read: () => Promise.reject(new Error("<b>no such shard</b>")) },
    small,
  ];
  const grid = await imageGrid(items);
  assert.deepEqual(grid.counts, { shown: 5, left: 0, damaged: 3 });
  assert.equal(svgOf(grid).match(/<image /g)?.length, 2);
  assert.match(
    textOf(grid),
    /2\. This image cut cannot be decoded: .+\n3\. This image cannot be decoded: .+ \| A caption\n4\. .+no such shard/,
  );
  assert.doesNotMatch(svgOf(grid), /<b>/);
});

test("images beyond the maximum are counted and not read", async () => {
  let reads = 0;
  const item = {
    read: async () => {
      reads++;
      return small;
    },
  };
  const grid = await imageGrid(
    Array.from({ length: 30 }, () => item),
    { maximum: 3 },
  );
  assert.equal(reads, 3);
  assert.deepEqual(grid.counts, { shown: 3, left: 27, damaged: 0 });
  assert.match(textOf(grid), /… and 27 more images$/);
  assert.ok(svgOf(grid).includes("… and 27 more images</text>"));
});

test("twelve photographs take at most 150 kB, the same bytes each time", async () => {
  const items = await Promise.all(Array.from({ length: 12 }, () => photograph(900, 600)));
  const grid = svgOf(await imageGrid(items));
  assert.ok(grid.length < 150_000, `${grid.length}`);
  assert.equal(svgOf(await imageGrid(items)), grid);
});

test("the picture can be drawn, and its size follows the columns", async () => {
  const wide = await sharp(Buffer.from(svgOf(await imageGrid([small, small, small])))).metadata();
  const narrow = await sharp(
    Buffer.from(svgOf(await imageGrid([small, small, small], { columns: 1 }))),
  ).metadata();
  assert.deepEqual([wide.width, narrow.width], [3 * 170 + 2 * 14, 170]);
  assert.ok(narrow.height > 2 * wide.height);
});

test("nothing of the metadata becomes markup", async () => {
  const allowed = new Set(["svg", "/svg", "image", "rect", "text", "/text"]);
  for (const hostile of HOSTILE) {
    const grid = await imageGrid([
      { bytes: small, title: hostile, caption: hostile, author: hostile, licence: hostile },
      { bytes: new Uint8Array(), key: hostile, caption: hostile },
    ]);
    for (const tag of tagsOf(svgOf(grid))) {
      assert.ok(allowed.has(tag.split(" ")[0] ?? ""), tag);
      assert.doesNotMatch(tag, / on/);
    }
    for (const text of [svgOf(grid), textOf(grid)]) assert.equal(unseen(text), undefined);
    assert.ok(svgOf(grid).length < 50_000);
  }
});

test("no images are a grid that says so", async () => {
  const grid = await imageGrid([]);
  assert.ok(svgOf(grid).includes("no images"));
  assert.equal(textOf(grid), "0 images");
});

test("a wrong call names what is wrong", async () => {
  await assert.rejects(imageGrid(3 as never), /an array of images is needed, got number/);
  await assert.rejects(
    imageGrid([{ caption: "x" }]),
    /bytes, read\(\) or readImage\(\) is needed, got object without them at position 0/,
  );
  await assert.rejects(imageGrid([null as never]), /got null/);
  await assert.rejects(imageGrid([], { columns: 0 }), /columns from 1 to 20 is needed, got 0/);
  await assert.rejects(imageGrid([], { maximum: 1e6 }), /maximum from 1 to 200 is needed/);
});
