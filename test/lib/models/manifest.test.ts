import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { packageFile } from "gpic-lab/io";
import { encoderIds, loadManifest, modelEntry, readManifest } from "gpic-lab/models";

const json = readFileSync(packageFile("data", "models", "manifest.json"), "utf8");

test("the manifest names every encoder once, in the order of the ids", () => {
  assert.deepEqual([...loadManifest().keys()], [...encoderIds]);
  assert.equal(encoderIds.length, 11);
});

test("widths are those of the DINOv2 model card, of Inception's pooling and of SSCD", () => {
  const widths = { vits14: 384, vitb14: 768, vitl14: 1024, vitg14: 1536 };
  for (const [name, width] of Object.entries(widths))
    for (const id of [`dinov2-${name}`, `dinov2-${name}-reg`]) {
      const { weights, ...entry } = modelEntry(id);
      assert.deepEqual([entry.width, entry.patch, entry.protocol], [width, 14, "gpic"]);
      assert.ok(weights.kind === "file");
      const file = `dinov2_${name}_${id.endsWith("-reg") ? "reg4_" : ""}pretrain.pth`;
      assert.deepEqual(weights.addresses, [`https://dl.fbaipublicfiles.com/dinov2/dinov2_${name}/${file}`]);
    }
  assert.equal(modelEntry("inception-fid").width, 2048);
  assert.deepEqual([modelEntry("sscd").width, modelEntry("sscd-int8").width], [512, 512]);
});

test("what nobody states is null, and what the publisher of the Inception weights states is in its file's name", () => {
  const inception = modelEntry("inception-fid").weights;
  assert.ok(inception.kind === "file");
  assert.ok(inception.name.endsWith(`-${inception.sha256Begins}.pth`));
  for (const address of inception.addresses) assert.ok(address.endsWith(`-${inception.sha256Begins}.pth`));
  const large = modelEntry("dinov2-vitl14").weights;
  assert.ok(large.kind === "file");
  assert.deepEqual([large.bytes, large.sha256], [1_217_586_395, null]);
});

test("an id that is none is told with those that there are", () => {
  assert.throws(() => modelEntry("dinov2-vith14"), {
    name: "RangeError",
    message: /^Cannot find the encoder "dinov2-vith14": one of dinov2-vits14, .*, sscd-int8 is needed$/,
  });
  assert.throws(() => modelEntry("__proto__"), RangeError);
});

/** The manifest with one change. */
function changed(change: (encoders: Record<string, never>[]) => void): string {
  const value = JSON.parse(json);
  change(value.encoders);
  return JSON.stringify(value);
}

test("a manifest that is not of its form is refused with the place and what was found", () => {
  const cases: [RegExp, string][] = [
    [/encoders is a list of at least one, got \[\]$/, '{"encoders":[]}'],
    [/the whole is an object, got \[\]$/, "[]"],
    [/whole\.more is none but encoders, got "more"$/, '{"encoders":[],"more":1}'],
    [/encoders\[3\]\.width is a whole number above 0, got "1536"$/, edit(3, "width", "1536")],
    [/encoders\[0\]\.id is one of dinov2-vits14, .*, got "dinov2"$/, edit(0, "id", "dinov2")],
    [/encoders\[2\]\.protocol is one of gpic, .*, got "GPIC"$/, edit(2, "protocol", "GPIC")],
    [/encoders\[9\]\.weights\.kind is one of file, package, got nothing$/, edit(9, "weights", {})],
    [/addresses\[0\] is an https address, got "http:\/\/a\/b"$/, editFile({ addresses: ["http://a/b"] })],
    [/addresses\[0\] is an https address, got/, editFile({ addresses: ["https://me:secret@a/b"] })],
    [/weights\.name is a file name .*, got "\.\.\/x"$/, editFile({ name: "../x" })],
    [/weights\.sha256 is a SHA-256 .*, got "abc"$/, editFile({ sha256: "abc" })],
    [/weights\.bytes is a whole number above 0, got -1$/, editFile({ bytes: -1 })],
    [/weights\.sha is none but kind, name, /, editFile({ sha: null })],
    [/each encoder once is needed, got 10 with sscd-int8 missing$/, changed((all) => all.pop())],
    [/each encoder once is needed, got 12 with one twice$/, changed((all) => all.push(all[0]!))],
  ];
  for (const [message, text] of cases)
    assert.throws(() => readManifest(text), { name: "TypeError", message }, String(message));
  assert.throws(() => readManifest("{"), SyntaxError);
});

function edit(index: number, field: string, value: unknown): string {
  return changed((all) => Object.assign(all[index]!, { [field]: value }));
}

function editFile(fields: object): string {
  return changed((all) => Object.assign(all[0]!.weights!, fields));
}
