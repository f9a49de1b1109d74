import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import {
  cachedCommit,
  cachedFile,
  cachedFolder,
  fetchFile,
  fetchFiles,
  folderFiles,
  planFetch,
  repositoryFolder,
} from "gpic-lab/hub";
import { type HubServer, madeFile, type ServedFile, servedFile } from "./hub-server.js";
import { dataset, environment, surroundings } from "./surroundings.js";

const shard = servedFile("train/gpic_train_00000.tar", madeFile("", 300_000).read(0, 300_000));
const readme = servedFile("README.md", new TextEncoder().encode("# GPIC\n"));

function fileOf({ path, size, sha256, gitOid, isLfs }: ServedFile) {
  return isLfs ? { path, size, sha256 } : { path, size, gitOid };
}

test("the cache is laid out as Python's: blobs by hash, relative links, the commit of a ref", async (t) => {
  const { server, hub, snapshot } = await surroundings(t, [shard, readme]);
  await fetchFiles(hub, snapshot, [fileOf(shard), fileOf(readme)]);
  const root = join(hub.cache, "datasets--stanford-vision-lab--gpic");
  assert.equal(repositoryFolder(hub.cache, dataset), root);
  assert.equal(repositoryFolder(hub.cache, { type: "model", name: "gpt2" }), join(hub.cache, "models--gpt2"));
  assert.deepEqual(readdirSync(join(root, "blobs")).sort(), [shard.sha256, readme.gitOid].sort());
  assert.equal(readFileSync(join(root, "refs", "main"), "utf8"), server.commit);
  const inside = join(root, "snapshots", server.commit);
  assert.equal(readlinkSync(join(inside, "README.md")), `../../blobs/${readme.gitOid}`);
  assert.equal(readlinkSync(join(inside, shard.path)), `../../../blobs/${shard.sha256}`);
  assert.equal(await cachedCommit(hub.cache, dataset, "main"), server.commit);
  assert.equal(await cachedCommit(hub.cache, dataset, server.commit), server.commit);
  assert.equal(await cachedCommit(hub.cache, dataset, "v1"), undefined);
  assert.equal(await cachedCommit(hub.cache, dataset, "../refs/main"), undefined);
  assert.deepEqual(await cachedFolder(hub.cache, dataset, server.commit, "train"), [fileOf(shard)]);
  assert.deepEqual(await cachedFolder(hub.cache, dataset, server.commit, "val"), []);
});

test("a ref with slashes is a path, and a second commit shares the blobs of the first", async (t) => {
  const { server, hub, snapshot } = await surroundings(t, [shard]);
  await fetchFile(hub, { ...snapshot, revision: "refs/pr/1" }, fileOf(shard));
  const served = server.bytesServed;
  const other = "b".repeat(40);
  await fetchFile(hub, { ...snapshot, commit: other }, fileOf(shard));
  assert.equal(server.bytesServed, served);
  const root = repositoryFolder(hub.cache, dataset);
  assert.equal(readFileSync(join(root, "refs", "refs", "pr", "1"), "utf8"), server.commit);
  assert.equal(readFileSync(join(root, "refs", "main"), "utf8"), other);
  assert.equal(readdirSync(join(root, "blobs")).length, 1);
});

test("a link without its blob, and a blob of another size, count as not there", async (t) => {
  const { hub, snapshot } = await surroundings(t, [shard]);
  const path = await fetchFile(hub, snapshot, fileOf(shard));
  const blob = join(repositoryFolder(hub.cache, dataset), "blobs", shard.sha256);
  const plan = () => planFetch(hub, snapshot, [fileOf(shard)]);
  assert.deepEqual(await plan(), {
    files: [fileOf(shard)],
    bytes: 300_000,
    filesThere: 1,
    bytesThere: 300_000,
  });
  unlinkSync(blob);
  assert.equal(await cachedFile(hub.cache, dataset, snapshot.commit, fileOf(shard)), undefined);
  writeFileSync(`${blob}.incomplete`, shard.read(0, 1000));
  assert.deepEqual(await plan(), { files: [fileOf(shard)], bytes: 300_000, filesThere: 0, bytesThere: 1000 });
  writeFileSync(blob, "half");
  assert.equal((await plan()).filesThere, 0);
  assert.equal(await fetchFile(hub, snapshot, fileOf(shard)), path);
  assert.ok(readFileSync(path).equals(shard.read(0, shard.size)));
  assert.ok(lstatSync(path).isSymbolicLink());
});

/** A Python that has huggingface_hub: the one that GPIC_LAB_BENCH_PYTHON names, or else python3. */
function findPython(): string | undefined {
  return [process.env.GPIC_LAB_BENCH_PYTHON, "python3"].find((command) => {
    if (!command) return false;
    try {
      execFileSync(command, ["-c", "import huggingface_hub"], { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  });
}

const python = findPython();
const needsPython = {
  skip:
    python === undefined &&
    "needs a Python with huggingface_hub: pip install huggingface_hub, and name it by GPIC_LAB_BENCH_PYTHON",
};

function runPython(server: HubServer, folder: string, offline: boolean, code: string): Promise<string> {
  const { PATH, HOME } = process.env;
  const env = {
    PATH,
    HOME,
    ...environment(server, folder),
    HF_HUB_DISABLE_TELEMETRY: "1",
    HF_HUB_DISABLE_XET: "1",
  };
  return new Promise((resolve, reject) =>
    execFile(
      python!,
      ["-c", `from huggingface_hub import hf_hub_download, snapshot_download\n${code}`],
      { env: { ...env, ...(offline ? { HF_HUB_OFFLINE: "1" } : {}) } },
      (error, out, err) => (error === null ? resolve(out.trim()) : reject(new Error(err, { cause: error }))),
    ),
  );
}

const REPOSITORY = `"stanford-vision-lab/gpic", repo_type="dataset"`;

test(
  "huggingface_hub finds what was cached here, offline and without asking again",
  needsPython,
  async (t) => {
    const { server, folder, hub, snapshot } = await surroundings(t, [shard, readme]);
    const [path] = await fetchFiles(hub, snapshot, [fileOf(shard), fileOf(readme)]);
    const asked = server.requests.length;
    const out = await runPython(
      server,
      folder,
      true,
      `print(hf_hub_download(${REPOSITORY}, filename="${shard.path}"))
print(hf_hub_download(${REPOSITORY}, filename="README.md", revision="${server.commit}"))
print(snapshot_download(${REPOSITORY}, local_files_only=True))`,
    );
    const inside = dirname(dirname(path!));
    assert.deepEqual(out.split("\n"), [path, join(inside, "README.md"), inside]);
    assert.equal(server.requests.length, asked);
    const downloads = server.downloads.length;
    const online = await runPython(
      server,
      folder,
      false,
      `print(hf_hub_download(${REPOSITORY}, filename="${shard.path}"))`,
    );
    assert.equal(online, path);
    assert.equal(server.downloads.length, downloads);
  },
);

test("what huggingface_hub cached is found here, and not fetched again", needsPython, async (t) => {
  const { server, folder, hub, snapshot } = await surroundings(t, [shard, readme]);
  const out = await runPython(server, folder, false, `print(snapshot_download(${REPOSITORY}))`);
  assert.equal(out, join(repositoryFolder(hub.cache, dataset), "snapshots", server.commit));
  const downloads = server.downloads.length;
  assert.equal(downloads, 1);
  assert.equal(await cachedCommit(hub.cache, dataset, "main"), server.commit);
  assert.deepEqual(await cachedFolder(hub.cache, dataset, server.commit, "train"), [fileOf(shard)]);
  const files = [];
  for await (const file of folderFiles(hub, dataset, server.commit, "", { recursive: true }))
    files.push(file);
  assert.equal((await planFetch(hub, snapshot, files)).filesThere, 2);
  const paths = await fetchFiles(hub, snapshot, files);
  assert.ok(readFileSync(paths.find((path) => path.endsWith(".tar"))!).equals(shard.read(0, shard.size)));
  assert.equal(server.downloads.length, downloads);
});

test("a file that Python has begun is no hindrance, and a Python lock neither", async (t) => {
  const { server, hub, snapshot } = await surroundings(t, [shard]);
  const root = repositoryFolder(hub.cache, dataset);
  const locks = join(hub.cache, ".locks", "datasets--stanford-vision-lab--gpic");
  mkdirSync(locks, { recursive: true });
  mkdirSync(join(root, "blobs"), { recursive: true });
  writeFileSync(join(locks, `${shard.sha256}.lock`), "");
  writeFileSync(join(root, "blobs", `${shard.sha256}.0a1b2c3d.incomplete`), "x");
  const path = await fetchFile(hub, snapshot, fileOf(shard));
  assert.ok(readFileSync(path).equals(shard.read(0, shard.size)));
  assert.equal(server.downloads.length, 1);
  assert.ok(existsSync(join(locks, `${shard.sha256}.lock`)));
});
