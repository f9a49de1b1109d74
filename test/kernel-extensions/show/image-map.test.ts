import assert from "node:assert/strict";
import { test } from "node:test";
import { type ImageMap, type ImageMapOptions, imageMap, jupyterDisplay, type MapImage } from "gpic-lab/show";
import sharp from "sharp";
import { HOSTILE, tagsOf, unseen } from "./hostile.js";

const picture = await sharp({ create: { width: 200, height: 100, channels: 3, background: "teal" } })
  .jpeg()
  .toBuffer();
const options: ImageMapOptions = { title: "A map", xTitle: "first", yTitle: "second" };
const at = (x: number, y: number, more: Partial<MapImage> = {}): MapImage => ({
  bytes: picture,
  x,
  y,
  ...more,
});

const svgOf = (map: ImageMap): string => String(map[jupyterDisplay]()["image/svg+xml"]);
const textOf = (map: ImageMap): string => String(map[jupyterDisplay]()["text/plain"]);
const placesOf = (svg: string): { x: number; y: number; width: number; height: number }[] =>
  [...svg.matchAll(/<image x="([\d.-]+)" y="([\d.-]+)" width="(\d+)" height="(\d+)"/g)].map(
    ([, x, y, width, height]) => ({
      x: Number(x),
      y: Number(y),
      width: Number(width),
      height: Number(height),
    }),
  );

test("each picture stands at its place: x to the right, y upwards, in one scale", async () => {
  const map = await imageMap([at(0, 0), at(4, 0), at(0, 3), at(4, 3)], { ...options, thumbnailPixels: 40 });
  assert.deepEqual(map.counts, { pictures: 4, points: 0 });
  const [origin, right, up, both] = placesOf(svgOf(map));
  assert.deepEqual([origin!.width, origin!.height], [40, 20]);
  assert.ok(right!.x > origin!.x && right!.y === origin!.y);
  assert.ok(up!.y < origin!.y && up!.x === origin!.x);
  assert.deepEqual([both!.x, both!.y], [right!.x, up!.y]);
  // tenths of a pixel
  assert.ok(Math.abs((right!.x - origin!.x) / 4 - (origin!.y - up!.y) / 3) < 0.3);
});

test("every thumbnail lies inside the picture and covers no other; what has no room is a point", async () => {
  const images = Array.from({ length: 60 }, (_, i) => at(Math.sin(i * i), Math.cos(7 * i)));
  const map = await imageMap(images, { ...options, widthPixels: 400 });
  const svg = svgOf(map);
  const places = placesOf(svg);
  assert.equal(map.counts.pictures + map.counts.points, 60);
  assert.ok(map.counts.pictures > 5 && map.counts.points > 5);
  assert.equal(svg.match(/<circle /g)?.length, map.counts.points);
  const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg)!.map(Number);
  for (const [i, a] of places.entries()) {
    assert.ok(a.x >= 0 && a.y >= 0 && a.x + a.width <= width! && a.y + a.height <= height!);
    for (const b of places.slice(0, i))
      assert.ok(
        a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y,
      );
  }
});

test("the first of two in one place is the one that is seen, and one alone lies in the middle", async () => {
  const map = await imageMap([at(1, 1, { title: "seen" }), at(1, 1, { title: "hidden" })], options);
  assert.deepEqual(map.counts, { pictures: 1, points: 1 });
  assert.match(textOf(map), /1 thumbnail, 1 point\n1\. seen$/);
  const [place] = placesOf(svgOf(map));
  assert.ok(Math.abs(place!.x + place!.width / 2 - (640 + 34 - 10) / 2) <= 1);
});

test("a damaged picture is a point, and no picture at all is an empty map", async () => {
  const map = await imageMap([at(0, 0), { bytes: Uint8Array.of(1, 2), x: 1, y: 1 }], options);
  assert.deepEqual(map.counts, { pictures: 1, points: 1 });
  assert.deepEqual((await imageMap([], options)).counts, { pictures: 0, points: 0 });
});

test("credits are in the text, and beside each picture for whoever points at it", async () => {
  const map = await imageMap([at(0, 0, { author: "Ada", licence: "CC BY 4.0", caption: "A cat" })], options);
  assert.match(
    textOf(map),
    /^Map: A map\nx first, y second; 1 thumbnail, 0 points\n1\. A cat \| Ada \| CC BY 4\.0$/,
  );
  assert.ok(svgOf(map).includes("<title>A cat | Ada | CC BY 4.0</title>"));
});

test("hostile text stays text", async () => {
  for (const text of HOSTILE) {
    const map = await imageMap([at(0, 0, { title: text, author: text })], {
      title: text,
      xTitle: text,
      yTitle: text,
    });
    const svg = svgOf(map);
    for (const tag of tagsOf(svg))
      assert.match(tag, /^\/?(?:svg|g|path|text|title|image)\b(?! *on)/, JSON.stringify(text));
    assert.equal(unseen(svg), undefined);
    assert.equal(unseen(textOf(map)), undefined);
  }
});

test("what is no place or no size is refused", async () => {
  await assert.rejects(imageMap([at(Number.NaN, 0)], options), /finite x and y are needed, got NaN and 0/);
  await assert.rejects(imageMap([{ x: 1, y: 1 }], options), /bytes, read\(\) or readImage\(\) is needed/);
  await assert.rejects(imageMap([], { ...options, widthPixels: 5 }), /widthPixels from 200 to 2000/);
  await assert.rejects(imageMap([], { ...options, thumbnailPixels: 1.5 }), /thumbnailPixels from 16 to 200/);
  const many = Array.from({ length: 20_001 }, () => at(0, 0));
  await assert.rejects(imageMap(many, options), /at most 20000 images are needed, got 20001/);
});
