import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  connectHub,
  folderFiles,
  HubError,
  type HubFile,
  hubRepository,
  hubToken,
  isSafePath,
  namedFiles,
  resolveRevision,
} from "gpic-lab/hub";
import { settingsFrom } from "gpic-lab/io";
import { HubServer, type ServedFile, servedFile } from "./hub-server.js";
import { dataset, environment, quick, surroundings, TOKEN, temporary } from "./surroundings.js";

const many: ServedFile[] = Array.from({ length: 25 }, (_, i) =>
  servedFile(`train/gpic_train_${String(i).padStart(5, "0")}.tar`, new Uint8Array(i + 1)),
);
const readme = servedFile("README.md", new Uint8Array([35]));

async function all(files: AsyncIterable<HubFile>): Promise<HubFile[]> {
  const list: HubFile[] = [];
  for await (const file of files) list.push(file);
  return list;
}

async function failure(promise: Promise<unknown>): Promise<HubError> {
  const error = await promise.then(
    () => assert.fail("it should have failed"),
    (error: unknown) => error,
  );
  assert.ok(error instanceof HubError, String(error));
  assert.ok(!JSON.stringify({ ...error, text: error.message, stack: error.stack }).includes(TOKEN));
  return error;
}

test("a listing comes page by page, with sizes and hashes", async (t) => {
  const { server, hub } = await surroundings(t, [...many, readme]);
  server.pageSize = 10;
  const files = await all(folderFiles(hub, dataset, server.commit, "train"));
  assert.deepEqual(
    files,
    many.map(({ path, size, sha256 }) => ({ path, size, sha256 })),
  );
  assert.equal(server.requests.length, 3);
  assert.deepEqual(await all(folderFiles(hub, dataset, server.commit, "")), [
    { path: "README.md", size: 1, gitOid: readme.gitOid },
  ]);
  assert.equal((await all(folderFiles(hub, dataset, server.commit, "", { recursive: true }))).length, 26);
  assert.deepEqual(await all(folderFiles(hub, dataset, server.commit, "none")), []);
});

test("files are asked about by name", async (t) => {
  const { server, hub } = await surroundings(t, [...many, readme]);
  const files = await namedFiles(hub, dataset, server.commit, [many[3]!.path, "README.md", "none"]);
  assert.deepEqual(files, [
    { path: many[3]!.path, size: 4, sha256: many[3]!.sha256 },
    { path: "README.md", size: 1, gitOid: readme.gitOid },
  ]);
});

test("a revision is its commit: branches, refs with slashes, commits themselves", async (t) => {
  const { server, hub } = await surroundings(t, []);
  const other = "a".repeat(40);
  server.refs["refs/convert/parquet"] = other;
  assert.equal(await resolveRevision(hub, dataset, "main"), server.commit);
  assert.equal(await resolveRevision(hub, dataset, "refs/convert/parquet"), other);
  assert.equal(await resolveRevision(hub, { type: "model", name: dataset.name }, "main"), server.commit);
  const asked = server.requests.length;
  assert.equal(await resolveRevision(hub, dataset, other), other);
  assert.equal(server.requests.length, asked);
  const error = await failure(resolveRevision(hub, dataset, "v9"));
  assert.equal(error.kind, "no revision");
  assert.match(error.message, /"v9" of stanford-vision-lab\/gpic: the Hub knows no such revision/);
});

test("a refusal says which of the three it is, where to go, and no token", async (t) => {
  const { server, folder, hub } = await surroundings(t, many);
  const { token: _, ...without } = hub;
  server.token = TOKEN;
  const page = `${server.endpoint}/datasets/stanford-vision-lab/gpic`;

  const missing = await failure(resolveRevision(without, dataset, "main"));
  assert.equal(missing.kind, "token missing");
  assert.ok(missing.message.includes(`accept the terms once at ${page}`), missing.message);
  assert.ok(missing.message.includes(`${server.endpoint}/settings/tokens`));
  assert.match(missing.message, /HF_TOKEN.*the Hub says: Access to dataset/);

  const wrongToken = "hf_wrongTokenOfSomebody";
  const wrong = await failure(resolveRevision({ ...hub, token: wrongToken }, dataset, "main"));
  assert.equal(wrong.kind, "token not accepted");
  assert.match(wrong.message, /does not accept the token \(401\).*Authorization header: \[token\]/);
  assert.ok(!wrong.message.includes(wrongToken));

  server.termsAccepted = false;
  const terms = await failure(resolveRevision(hub, dataset, "main"));
  assert.equal(terms.kind, "terms not accepted");
  assert.ok(terms.message.includes(`accept them at ${page}`), terms.message);

  const other = hubRepository("dataset", "nobody/nothing");
  assert.equal((await failure(resolveRevision(hub, other, "main"))).kind, "no repository");
  assert.equal((await failure(resolveRevision(without, other, "main"))).kind, "token missing");
  assert.ok(folder);
});

test("a page of the Hub's words cannot reach the terminal as anything but words", async (t) => {
  const { server, hub } = await surroundings(t, []);
  server.faults = () => ({
    status: 403,
    headers: { "x-error-code": "GatedRepo", "x-error-message": `\u009b31m evil ${"x".repeat(2000)}` },
  });
  const { message } = await failure(resolveRevision(hub, dataset, "main"));
  assert.match(message, /the Hub says: 31m evil x{290,300}\.\.\.$/);
});

test("what is no API answers with an error that says so", async (t) => {
  const { server, hub } = await surroundings(t, many);
  const ask = () => failure(all(folderFiles(hub, dataset, server.commit, "train")));
  const page = { status: 200, headers: { "content-type": "text/html" }, body: "<html>Log in</html>" };
  server.faults = () => page;
  assert.match((await ask()).message, /JSON from .* is needed, got a web page; is it a Hub/);
  const json = { "content-type": "application/json" };
  server.faults = () => ({ status: 200, headers: json, body: "[{" });
  assert.match((await ask()).message, /got text that is none/);
  server.faults = () => ({ status: 200, headers: json, body: "{}" });
  assert.match(
    (await failure(resolveRevision(hub, dataset, "main"))).message,
    /the commit of "main" is needed/,
  );
  assert.equal((await ask()).kind, "wrong answer");
});

test("a hostile listing is refused: names that climb, sizes and hashes that are none", async (t) => {
  const { server, hub } = await surroundings(t, many);
  const good = { type: "file", path: "train/a", size: 1, oid: "0".repeat(40) };
  for (const wrong of [
    { path: "train/../../../etc/passwd" },
    { path: "/etc/passwd" },
    { path: "train/a\u0000" },
    { path: "train\\a" },
    { path: 7 },
    { size: -1 },
    { size: "1" },
    { oid: "../x" },
    { lfs: { oid: "x", size: 1 } },
    { lfs: { oid: "0".repeat(64), size: 1e300 } },
  ]) {
    server.rewriteListing = () => [good, { ...good, ...wrong }];
    assert.equal(
      (await failure(all(folderFiles(hub, dataset, server.commit, "train")))).kind,
      "wrong answer",
      JSON.stringify(wrong),
    );
  }
  server.rewriteListing = () => [null];
  assert.equal((await failure(all(folderFiles(hub, dataset, server.commit, "train")))).kind, "wrong answer");
  server.rewriteListing = () => [good, { ...good, path: "elsewhere/a" }];
  assert.equal((await all(folderFiles(hub, dataset, server.commit, "train"))).length, 1);
});

test("a next page on another host is not asked for", async (t) => {
  const { server, hub } = await surroundings(t, many);
  server.pageSize = 10;
  server.nextPageHost = new URL(server.store).host;
  const error = await failure(all(folderFiles(hub, dataset, server.commit, "train")));
  assert.match(error.message, /its next page on .* is needed, got one on another host/);
  assert.equal(server.requests.filter(({ host }) => host === "store").length, 0);
});

test("the Hub's own redirects keep the token, those to another port lose it", async (t) => {
  const { server, hub } = await surroundings(t, many);
  const catcher = await new HubServer(many).start();
  t.after(() => catcher.stop());
  server.faults = (_, number) =>
    number === 1
      ? { status: 307, headers: { location: "/api/datasets/stanford-vision-lab/gpic/revision/main" } }
      : undefined;
  assert.equal(await resolveRevision(hub, dataset, "main"), server.commit);
  assert.equal(server.requests[1]!.headers.authorization, `Bearer ${TOKEN}`);
  server.faults = ({ url }) => ({ status: 302, headers: { location: `${catcher.endpoint}${url}` } });
  await resolveRevision(hub, dataset, "main");
  assert.equal(catcher.requests.length, 1);
  assert.ok(!JSON.stringify(catcher.requests).includes(TOKEN));
});

test("the token comes from the environment, or else from the file, and is never shown", async (t) => {
  const folder = temporary(t);
  mkdirSync(join(folder, "hf"));
  const file = join(folder, "hf", "token");
  const settings = (token?: string) => settingsFrom({ HF_HOME: join(folder, "hf"), HF_TOKEN: token }, folder);
  assert.equal(await hubToken(settings()), undefined);
  writeFileSync(file, `${TOKEN}\n`);
  assert.equal(await hubToken(settings()), TOKEN);
  assert.equal(await hubToken(settings("hf_other")), "hf_other");
  writeFileSync(file, "\n");
  assert.equal(await hubToken(settings()), undefined);
  writeFileSync(file, `${TOKEN} \u0000x`);
  assert.equal((await failure(hubToken(settings()))).kind, "token not accepted");
  await failure(hubToken(settings(`${TOKEN}\r\nx-evil: 1`)));
  assert.match((await failure(hubToken({ hubTokenFile: folder }))).message, /got EISDIR/);
});

test("an endpoint that is none is an error without the user's name in it", async (t) => {
  const folder = temporary(t);
  for (const endpoint of ["huggingface.co", "ftp://a", `http://${TOKEN}@a`])
    await failure(connectHub({ settings: settingsFrom({ HF_ENDPOINT: endpoint, HF_TOKEN: TOKEN }, folder) }));
});

test("a Hub that cannot be reached is told after its tries", async (t) => {
  const server = await new HubServer([]).start();
  await server.stop();
  const settings = settingsFrom(environment(server, temporary(t)));
  const hub = await connectHub({ settings, retry: { ...quick, tries: 3 }, seed: 1 });
  assert.match(
    (await failure(resolveRevision(hub, dataset, "main"))).message,
    /a connection is needed, got ECONNREFUSED \(3 tries\)/,
  );
});

test("names of repositories and paths below a folder are told from others", () => {
  for (const name of ["gpt2", "stanford-vision-lab/gpic", "a/b_c.d-e"])
    assert.deepEqual(hubRepository("model", name), { type: "model", name });
  for (const name of ["", "a/b/c", "../a", "a--b/c", "a/..", "a b", "a/b.git", "a/b?c", "a\n"])
    assert.throws(() => hubRepository("model", name), SyntaxError, name);
  for (const path of ["a", "a/b.tar", "a b/c", "..a/b"]) assert.equal(isSafePath(path), true, path);
  for (const path of ["", "/a", "a/", "a//b", "a/../b", ".", "a\\b", "c:a", "a\u0000", "a\nb"])
    assert.equal(isSafePath(path), false, path);
});
