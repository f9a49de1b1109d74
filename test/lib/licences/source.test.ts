import assert from "node:assert/strict";
import { test } from "node:test";
import { type ImageSource, imageSource, imageSources, MAX_ATTRIBUTION_CHARS } from "gpic-lab/licences";

const cases: readonly (readonly [ImageSource, string, string?])[] = [
  ["flickr", "Somebody on Flickr"],
  ["flickr", "NASA, via Flickr, Public domain"],
  ["flickr", "Photo by Ann Lee on Flickr"],
  ["flickr", "© Ann Lee / Flickr"],
  ["flickr", "Ann Lee (flickr)"],
  ["flickr", "Some rights reserved by danielbuechele"],
  ["flickr", "https://www.flickr.com/photos/ann/123/"],
  ["flickr", "Ann (flic.kr/p/abc)"],
  ["flickr", "https://live.staticflickr.com/1/2_3.jpg"],
  ["flickr", "Library of Congress", "https://www.flickr.com/commons/usage/"],
  ["flickr", "Wikimedia Foundation, via Flickr"],
  ["wikimedia", "Eszter via Wikimedia Commons"],
  ["wikimedia", "Ann Lee, CC BY 2.0, via Wikimedia Commons"],
  ["wikimedia", "Ann Lee, via Wikimedia Commons, CC BY 2.0"],
  ["wikimedia", "Ann Lee from Flickr, CC BY 2.0, via Wikimedia Commons"],
  ["wikimedia", "Ann on Flickr, via Wikimedia Commons"],
  ["flickr", "found via Wikimedia Commons, published on Flickr"],
  ["wikimedia", "Flickr user ann, via Wikimedia Commons"],
  ["wikimedia", "Uploaded to Wikimedia Commons from Flickr by the Flickr upload bot"],
  [
    "wikimedia",
    "https://commons.wikimedia.org/wiki/File:Boat.jpg, first on https://www.flickr.com/photos/ann/1",
  ],
  ["wikimedia", "See https://upload.wikimedia.org/x.jpg."],
  ["wikimedia", "Ann at the English Wikipedia"],
  ["wikimedia", "Ann", "https://commons.wikimedia.org/wiki/Template:PD-self"],
  ["wikimedia", "User:Ann on en.wikipedia.org"],
  ["unknown", ""],
  ["unknown", "Ann Lee"],
  ["unknown", "Ann Lee", "https://creativecommons.org/licenses/by/2.0/"],
  ["unknown", "https://www.flickr.com.evil.example/photos/1"],
  ["unknown", "https://flickr.com@evil.example/photos/1"],
  ["unknown", "https://evil.example/flickr.com/photos/1"],
  ["unknown", "notflickr.com/photos/1"],
  ["unknown", "https://commons.wikimedia.org.evil.example/wiki/File:X"],
  ["unknown", "flickr-clone, notwikimedia, Flickring"],
  ["unknown", "ann@flickr.com"],
  ["unknown", "\u0493lickr, Wik\u0456media"],
  ["unknown", "Ann", "https://flickr.com.evil.example/commons/usage/"],
];

test("each way in which credits name their source is told, and look-alikes are not", () => {
  for (const [source, attribution, license_url = ""] of cases) {
    const found = imageSource({ attribution, license_url });
    assert.equal(found.source, source, `${attribution} ${license_url}: ${found.rule}`);
    assert.ok(imageSources.includes(found.source));
  }
});

test("the rule names the field and what matched", () => {
  const rule = (attribution: string, license_url = "") => imageSource({ attribution, license_url }).rule;
  assert.equal(
    rule("Ann from Flickr, via Wikimedia Commons"),
    'the attribution says "via wikimedia commons"',
  );
  assert.equal(rule("x https://WWW.Flickr.com/photos/1"), "the attribution holds an address of flickr.com");
  assert.equal(rule("Ann / Flickr"), "the attribution names Flickr");
  assert.equal(rule("", "https://www.flickr.com/commons/usage/"), "the licence's URL is of flickr.com");
  assert.match(rule("Some rights reserved by Ann"), /begins "Some rights reserved by"/);
  assert.equal(rule("Ann"), "neither is named");
});

test("of a long attribution the beginning and the end are read, in bounded time", () => {
  const filler = "a.b ".repeat(1e6);
  assert.equal(
    imageSource({ attribution: `${filler} via Wikimedia Commons`, license_url: "" }).source,
    "wikimedia",
  );
  assert.equal(imageSource({ attribution: `on Flickr ${filler}`, license_url: "" }).source, "flickr");
  const hidden = `${"x".repeat(MAX_ATTRIBUTION_CHARS)} on Flickr ${"x".repeat(MAX_ATTRIBUTION_CHARS)}`;
  assert.equal(imageSource({ attribution: hidden, license_url: "" }).source, "unknown");
});
