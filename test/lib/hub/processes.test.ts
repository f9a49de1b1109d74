import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { blobLockPath, blobPath, fetchFile, type HubFile, withLock } from "gpic-lab/hub";
import { packageRoot } from "gpic-lab/io";
import { type HubServer, madeFile } from "./hub-server.js";
import { environment, type Surroundings, surroundings, temporary } from "./surroundings.js";

const shard = madeFile("train/gpic_train_00000.tar", 24e6);
const file: HubFile = { path: shard.path, size: shard.size, sha256: shard.sha256 };
const me = { id: process.pid, isAlive };

function isAlive(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch {
    return false;
  }
}

/** A process of its own that fetches the shard and says where it lies. */
function fetching(t: TestContext, { server, folder }: Surroundings) {
  const script = `
    import { connectHub, fetchFile } from "gpic-lab/hub";
    import { installSettings, settingsFrom } from "gpic-lab/io";
    installSettings(() => settingsFrom(process.env));
    const isAlive = (id) => { try { return process.kill(id, 0); } catch { return false; } };
    const hub = await connectHub({ process: { id: process.pid, isAlive } });
    const repository = { type: "dataset", name: "stanford-vision-lab/gpic" };
    const snapshot = { repository, revision: "main", commit: ${JSON.stringify(server.commit)} };
    console.log(await fetchFile(hub, snapshot, ${JSON.stringify(file)}));`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    cwd: packageRoot,
    env: { ...process.env, ...environment(server, folder) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => child.kill("SIGKILL"));
  let out = "";
  child.stdout.on("data", (text) => {
    out += text;
  });
  return { child, ended: ended(child).then((status) => ({ status, out: out.trim() })) };
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((done) => child.once("close", (status) => done(status)));
}

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; !holds(); i++) {
    assert.ok(i < 1000, "it should have come within 10 s");
    await pause(10);
  }
}

function slow(server: HubServer): void {
  server.faults = ({ host }) => (host === "store" ? { paceMilliseconds: 4 } : undefined);
}

test("a download that is killed with -9 goes on in another process, from the bytes that are there", async (t) => {
  const around = await surroundings(t, [shard]);
  const { server, hub, snapshot } = around;
  slow(server);
  const first = fetching(t, around);
  const blob = blobPath(hub.cache, snapshot.repository, file);
  await until(() => existsSync(`${blob}.incomplete`) && statSync(`${blob}.incomplete`).size > 6e6);
  first.child.kill("SIGKILL");
  await first.ended;
  const there = statSync(`${blob}.incomplete`).size;
  assert.ok(there < shard.size && existsSync(blobLockPath(hub.cache, snapshot.repository, file)));
  server.faults = () => undefined;
  const path = await fetchFile({ ...hub, process: me }, snapshot, file);
  assert.equal(server.downloads.at(-1)!.headers.range, `bytes=${there}-`);
  assert.ok(readFileSync(path).equals(shard.read(0, shard.size)));
  assert.equal(existsSync(blobLockPath(hub.cache, snapshot.repository, file)), false);
});

test("two processes that ask for the same shard at the same time download it once", async (t) => {
  const around = await surroundings(t, [shard]);
  slow(around.server);
  const both = [fetching(t, around), fetching(t, around)];
  const [one, two] = await Promise.all(both.map((each) => each.ended));
  assert.deepEqual([one!.status, two!.status], [0, 0]);
  assert.equal(one!.out, two!.out);
  assert.ok(readFileSync(one!.out).equals(shard.read(0, shard.size)));
  assert.equal(around.server.downloads.length, 1);
  assert.equal(around.server.bytesServed, shard.size);
});

test("a lock that stands still is taken over, one that beats is waited for", async (t) => {
  const path = join(temporary(t), "a.lock");
  const options = { beatMilliseconds: 10, staleMilliseconds: 100 };
  writeFileSync(path, JSON.stringify({ id: "somebody", host: "elsewhere", process: 1, beats: "0" }));
  assert.equal(await withLock(path, async () => "mine", options), "mine");
  assert.equal(existsSync(path), false);

  const order: string[] = [];
  const holder = withLock(
    path,
    async () => {
      order.push("first begins");
      await pause(400);
      order.push("first ends");
    },
    options,
  );
  await until(() => order.length > 0);
  await withLock(path, async () => order.push("second"), options);
  await holder;
  assert.deepEqual(order, ["first begins", "first ends", "second"]);
});

test("a dead process' lock is taken at once, a live one's or another machine's is not", async (t) => {
  const path = join(temporary(t), "a.lock");
  const of = (host: string, process: number) => JSON.stringify({ id: "somebody", host, process, beats: "0" });
  const take = (signal: AbortSignal) => withLock(path, async () => "mine", { process: me, signal });
  const gone = spawn(process.execPath, ["-e", ""]);
  await ended(gone);
  writeFileSync(path, of(hostname(), gone.pid!));
  assert.equal(await take(AbortSignal.timeout(5000)), "mine");
  for (const other of [of(hostname(), process.pid), of("elsewhere", gone.pid!), "", "no JSON"]) {
    writeFileSync(path, other);
    await assert.rejects(take(AbortSignal.timeout(250)), { name: "TimeoutError" }, other);
    assert.equal(readFileSync(path, "utf8"), other);
  }
});

test("twenty takers of a dead lock work one after the other", async (t) => {
  const path = join(temporary(t), "locks", "a.lock");
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify({ id: "somebody", host: "elsewhere", process: 1, beats: "0" }));
  let inside = 0;
  let done = 0;
  const take = () =>
    withLock(
      path,
      async () => {
        inside++;
        assert.equal(inside, 1);
        await pause(5);
        inside--;
        done++;
      },
      { beatMilliseconds: 10, staleMilliseconds: 60 },
    );
  await Promise.all(Array.from({ length: 20 }, take));
  assert.equal(done, 20);
});

test("whoever loses the lock is told", async (t) => {
  const path = join(temporary(t), "a.lock");
  const work = withLock(
    path,
    async (signal) => {
      writeFileSync(path, JSON.stringify({ id: "a thief", host: "elsewhere", process: 1, beats: "0" }));
      await pause(2000, undefined, { signal });
    },
    { beatMilliseconds: 10 },
  );
  await assert.rejects(work, (error: Error) => /was taken over/.test(String(error.cause)));
  assert.match(readFileSync(path, "utf8"), /a thief/);
});
