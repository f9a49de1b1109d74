import assert from "node:assert/strict";
import { test } from "node:test";
import { imageHeader, openCorpus } from "gpic-lab/corpus";
import { runReading } from "gpic-lab/io";
import sharp from "sharp";

const read = (bytes: Uint8Array) => runReading(imageHeader(), bytes);
const grey = { create: { width: 37, height: 91, channels: 3 as const, background: "#777" } };

test("sizes of PNG and of JPEG, sequential and progressive, are what the encoder was given", async () => {
  const sized = { widthPixels: 37, heightPixels: 91 };
  assert.deepEqual(read(await sharp(grey).png().toBuffer()), { format: "png", ...sized });
  assert.deepEqual(read(await sharp(grey).jpeg().toBuffer()), { format: "jpeg", ...sized });
  assert.deepEqual(read(await sharp(grey).jpeg({ progressive: true }).toBuffer()), {
    format: "jpeg",
    ...sized,
  });
});

test("a JPEG's frame is found behind a large EXIF, many other segments and fill bytes; rotation is not applied", async () => {
  const plain = await sharp(grey).withMetadata({ orientation: 6 }).jpeg().toBuffer();
  const segment = Buffer.concat([Buffer.from([0xff, 0xe1, 0xff, 0xff]), Buffer.alloc(0xffff - 2, 0xff)]);
  const long = Buffer.concat([
    plain.subarray(0, 2),
    ...Array.from({ length: 60 }, () => segment),
    Buffer.from([0xff, 0xff, 0xff]),
    plain.subarray(2),
  ]);
  assert.deepEqual(read(long), { format: "jpeg", widthPixels: 37, heightPixels: 91 });
});

test("every picture of the sample has the size that sharp reads", async () => {
  let seen = 0;
  for await (const record of (await openCorpus("sample", { tier: "nano" })).records()) {
    const bytes = await record.readImage();
    const { width, height, format } = await sharp(bytes).metadata();
    assert.deepEqual(read(bytes), { format, widthPixels: width, heightPixels: height });
    seen++;
  }
  assert.ok(seen > 0);
});

test("what is no picture, or ends too soon, says what was found and never throws", async () => {
  const jpeg = await sharp(grey).jpeg().toBuffer();
  const png = await sharp(grey).png().toBuffer();
  for (const whole of [jpeg, png])
    for (let length = 0; length < 24; length++) assert.ok(read(whole.subarray(0, length)).found, `${length}`);
  assert.match(read(Buffer.from("GIF89a..")).found ?? "", /bytes that begin with 474946/);
  assert.match(read(Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0, 0])).found ?? "", /empty segment/);
  const endless = Buffer.alloc(1 << 20, 0xff);
  endless[1] = 0xd8;
  assert.match(read(endless).found ?? "", /more than 1024 segments/);
});
