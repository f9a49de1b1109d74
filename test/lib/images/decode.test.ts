import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { decode, decodeKinds, encodedImage, ImageError, MAX_IMAGE_PIXELS } from "gpic-lab/images";
import { packageFile } from "gpic-lab/io";
import sharp from "sharp";

interface Expected {
  readonly kind: string;
  readonly file: string;
  readonly mode?: string;
  readonly width?: number;
  readonly height?: number;
  readonly sha256?: string;
  readonly error?: string;
}

const golden = (...parts: string[]) => packageFile("data", "decode", ...parts);
const expected: Expected[] = JSON.parse(readFileSync(golden("expected.json"), "utf8"));
const bytesOf = (file: string) => new Uint8Array(readFileSync(golden("files", file)));

// what Pillow reads and we do not, with the reason
const refusedAlone: { readonly [file: string]: string } = {
  "palette-none.png": "damaged",
  "truncated-crc.png": "truncated",
  "short-data.png": "damaged",
  "critical-unknown.png": "damaged",
  "other.gif": "unsupported",
  "other.bmp": "unsupported",
  "other.tiff": "unsupported",
  "other.avif": "unsupported",
  "other.jpeg2000": "unsupported",
  "other.ico": "unsupported",
  "other.ppm": "unsupported",
  "bigtiff.tiff": "unsupported",
  "gif-in.jpg": "unsupported",
};

async function kindOfFailure(file: string): Promise<string | undefined> {
  try {
    await decode(bytesOf(file), file);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof ImageError, String(error));
    assert.ok(error.message.startsWith(`Cannot decode ${file}: `), error.message);
    assert.doesNotMatch(error.message, /\n/);
    return error.kind;
  }
}

test("every file that is read has Pillow's pixels, and none is read that Pillow refuses", async () => {
  let same = 0;
  for (const { file, sha256, width, height, error } of expected) {
    if (Object.hasOwn(refusedAlone, file)) {
      assert.equal(error, undefined, `${file} is refused by Pillow too`);
      assert.equal(await kindOfFailure(file), refusedAlone[file], file);
    } else if (error !== undefined) {
      assert.notEqual(await kindOfFailure(file), undefined, `${file}: Pillow says ${error}`);
    } else {
      const pixels = await decode(bytesOf(file), file);
      const found = createHash("sha256").update(pixels.data).digest("hex");
      assert.deepEqual([pixels.width, pixels.height, found], [width, height, sha256], file);
      assert.equal(pixels.data.length, pixels.width * pixels.height * 3);
      same++;
    }
  }
  assert.ok(same > 150, `only ${same} files were compared`);
});

test("each kind of the table is met, and is treated as the table says", async () => {
  const met = new Set<string>();
  for (const { file, mode } of expected) {
    let kind = decodeKinds.otherFormat;
    try {
      kind = encodedImage(bytesOf(file), file).kind;
    } catch (error) {
      assert.ok(error instanceof ImageError);
      if (error.kind !== "unsupported") continue;
    }
    met.add(kind.kind);
    if (kind.treatment === "refused") assert.equal(await kindOfFailure(file), "unsupported", file);
    if (kind === decodeKinds.pngGrey16) assert.equal(mode, "I;16", file);
    if (mode === "CMYK") assert.equal(kind, decodeKinds.jpegFourComponents, file);
  }
  assert.deepEqual(
    [...met].sort(),
    Object.values(decodeKinds)
      .map(({ kind }) => kind)
      .sort(),
  );
});

test("files that fail are told apart: empty, no image, unsupported, truncated, too large, damaged", async () => {
  const kinds = {
    "empty.jpg": "empty",
    "text.png": "not an image",
    "page.jpg": "not an image",
    "zeros.jpg": "not an image",
    "other.svg": "unsupported",
    "two-components.jpg": "unsupported",
    "twelve-bits.jpg": "unsupported",
    "no-end.jpg": "truncated",
    "truncated-half.jpg": "truncated",
    "truncated-in-header.jpg": "truncated",
    "truncated-half.png": "truncated",
    "truncated-by-9.webp": "truncated",
    "bomb.png": "too large",
    "crc-header.png": "damaged",
    "harmed.png": "damaged",
    "filter-9.png": "damaged",
    "two-frames.jpg": "damaged",
    "width-0.png": "damaged",
  };
  for (const [file, kind] of Object.entries(kinds)) assert.equal(await kindOfFailure(file), kind, file);
});

test("grey of 16 bits is clipped at 255, as Pillow clips it", async () => {
  const values = new Uint16Array([0, 1, 254, 255, 256, 300, 40_000, 65_535]);
  const png = await sharp(values, { raw: { width: 8, height: 1, channels: 1 } })
    .toColourspace("grey16")
    .png()
    .toBuffer();
  const { data } = await decode(png, "grey.png");
  assert.deepEqual(
    [...data],
    [...values].flatMap((value) => Array(3).fill(Math.min(value, 255))),
  );
});

test("a size above Pillow's limit is refused by the header alone", async () => {
  const header = (width: number, height: number) => {
    const bytes = bytesOf("444-q90.jpg");
    const frame = Buffer.from(bytes).indexOf(Buffer.from([0xff, 0xc0]));
    new DataView(bytes.buffer).setUint16(frame + 5, height);
    new DataView(bytes.buffer).setUint16(frame + 7, width);
    return bytes;
  };
  const before = process.memoryUsage().rss;
  await assert.rejects(decode(header(65_500, 65_500), "a.jpg"), {
    kind: "too large",
    message: /Cannot decode a\.jpg: at most 178956970 pixels are read, got 65500 x 65500 by its header/,
  });
  assert.ok(process.memoryUsage().rss - before < 100e6);
  assert.equal(MAX_IMAGE_PIXELS, 178_956_970);
});

test("bytes inside a larger buffer decode as they do alone, and are left as they were", async () => {
  const alone = bytesOf("420-q90.jpg");
  const larger = new Uint8Array(alone.length + 77).fill(0xff);
  larger.set(alone, 33);
  const view = larger.subarray(33, 33 + alone.length);
  const { data } = await decode(view, "view.jpg");
  assert.deepEqual(data, (await decode(alone, "alone.jpg")).data);
  assert.deepEqual(view, bytesOf("420-q90.jpg"));
});

test("cutting a file anywhere is an ImageError, never pixels and never another error", async () => {
  for (const file of [
    "420-q90.jpg",
    "grey-progressive.jpg",
    "rgb-8.png",
    "palette-4-interlaced.png",
    "lossy-alpha.webp",
  ]) {
    const bytes = bytesOf(file);
    // a PNG is whole without its last check sum for Pillow, for libpng, and so here, only with it
    for (let length = 0; length < bytes.length - 4; length += Math.ceil(bytes.length / 60))
      await assert.rejects(decode(bytes.subarray(0, length), file), ImageError, `${file} cut to ${length}`);
  }
});

test("a side beyond JPEG's own limit is refused before memory is taken", async () => {
  const strip = (width: number, height: number) =>
    sharp({ create: { width, height, channels: 3, background: "grey" } })
      .png()
      .toBuffer();
  assert.equal((await decode(await strip(65_535, 1), "long.png")).width, 65_535);
  await assert.rejects(
    decode(await strip(1, 65_536), "strip.png"),
    /^ImageError: Cannot decode strip\.png: sides of at most 65535 pixels are needed, got 1 x 65536 by its header$/,
  );
});
