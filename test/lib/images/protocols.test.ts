import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { type PreparedImage, type Protocol, protocolById, protocols } from "gpic-lab/images";
import { goldenJson, goldenPicture, madePicture, samplePlaces } from "./resize-pictures.js";

interface Row {
  readonly image: string;
  readonly protocol: string;
  readonly width: number;
  readonly height: number;
  readonly sha256?: string;
  /** The network's input at `samplePlaces`, and its sum. */
  readonly values?: readonly number[];
  readonly sum?: number;
}

const rows = goldenJson<Row[]>("protocols", "expected.json");

/** What the network gets: (value - mean) / std of each channel. */
function networkInput({ data }: PreparedImage, { normalisation }: Protocol): Float64Array {
  assert.ok(normalisation !== undefined);
  const { mean, std } = normalisation;
  return new Float64Array(data).map((value, at) => (value - mean[at % 3]!) / std[at % 3]!);
}

/**
 * In units of 0..255. The prepared values differ from the toolkit's by the toolkit's float32 sums: of these pictures no
 * window is wider than 11 pixels (470 to 224, bicubic), so 2 x 12 roundings of 2^-24 of 255 x 1.6 x 1.6 (see the tests
 * of `interpolate`); the toolkit's normalisation adds 4 roundings of values that are at most 4 x 255 large.
 */
const TOLERANCE = (24 * 1.6 ** 2 + 4 * 4) * 255 * 2 ** -24;

for (const protocol of protocols)
  test(`${protocol.id} makes of four photographs what its own toolkit makes`, async () => {
    const mine = rows.filter((row) => row.protocol === protocol.id);
    assert.equal(mine.length, 4);
    for (const row of mine) {
      const prepared = protocol.prepare(await goldenPicture("protocols", row.image));
      assert.deepEqual([prepared.width, prepared.height], [row.width, row.height]);
      assert.equal(prepared.data.length, row.width * row.height * 3);
      assert.ok(prepared.data instanceof (protocol.pixelType === "uint8" ? Uint8Array : Float32Array));
      assert.equal(row.sha256 !== undefined, protocol.pixelType === "uint8");
      if (row.sha256 !== undefined)
        assert.equal(createHash("sha256").update(prepared.data).digest("hex"), row.sha256, row.image);
      if (row.values === undefined || row.sum === undefined) {
        assert.equal(protocol.normalisation, undefined);
        continue;
      }
      const input = networkInput(prepared, protocol);
      const std = protocol.normalisation?.std ?? [1, 1, 1];
      for (const [k, at] of samplePlaces(row.values.length, input.length).entries()) {
        const error = Math.abs(input[at]! - row.values[k]!) * std[at % 3]!;
        assert.ok(error <= TOLERANCE, `${row.image}, value ${at}: ${error}`);
      }
      const meanError = Math.abs(input.reduce((sum, value) => sum + value, 0) - row.sum) / input.length;
      assert.ok(meanError * Math.max(...std) <= TOLERANCE, `${row.image}, mean: ${meanError}`);
    }
  });

test("the stated size and type are those of the result, whatever the picture", () => {
  for (const [width, height] of [
    [1, 1],
    [3, 700],
    [640, 480],
  ] as const)
    for (const { prepare, size, pixelType } of protocols) {
      const made = prepare(madePicture(width, height, 5));
      if (size !== undefined) assert.deepEqual({ width: made.width, height: made.height }, size);
      assert.equal(made.data.constructor.name, pixelType === "uint8" ? "Uint8Array" : "Float32Array");
    }
});

test("sscd-288 brings the shorter edge to 288 and rounds the longer one down, as torchvision does", () => {
  const size = (width: number, height: number) => {
    const made = protocolById("sscd-288").prepare(madePicture(width, height, 0));
    return [made.width, made.height];
  };
  assert.deepEqual(size(100, 149), [288, 429]); // 429.12
  assert.deepEqual(size(333, 223), [430, 288]); // 430.06
  assert.deepEqual(size(100, 199), [288, 573]); // 573.12
  assert.deepEqual(size(57, 95), [288, 480]); // exactly
  assert.deepEqual(size(288, 300), [288, 300]);
});

test("only clean-fid holds its floats to 0..255", () => {
  const picture = madePicture(40, 40, 1); // of 0 and 255 alone
  const range = (id: string) => {
    const sorted = Float32Array.from(protocolById(id).prepare(picture).data).sort();
    return [sorted[0]!, sorted[sorted.length - 1]!] as const;
  };
  assert.deepEqual(range("clean-fid"), [0, 255]);
  const [low, high] = range("edm2");
  assert.ok(low < 0 && high > 255);
});

test("the nine protocols have names of their own, and an unknown one is refused with all of them", () => {
  const ids = protocols.map(({ id }) => id);
  assert.equal(new Set(ids).size, 9);
  for (const id of ids) assert.equal(protocolById(id).id, id);
  for (const id of ["fid", "", "GPIC", "toString"])
    assert.throws(
      () => protocolById(id),
      (error) =>
        error instanceof RangeError &&
        error.message.includes(ids.join(", ")) &&
        error.message.includes(`"${id}"`),
    );
});

test("a strip that would grow beyond what is decoded is refused with its sizes", () => {
  const strip = { width: 60_000, height: 1, data: new Uint8Array(180_000) };
  assert.throws(
    () => protocolById("sscd-288").prepare(strip),
    /^RangeError: Cannot prepare an image of 60000 x 1: 288 x 17280000 pixels would be more than/,
  );
});
