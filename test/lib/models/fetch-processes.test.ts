import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { packageRoot } from "gpic-lab/io";
import { fetchWeights, modelEntry } from "gpic-lab/models";
import { madeWeights } from "./made-weights.js";
import { type Publisher, publisher } from "./publisher.js";

const ID = "dinov2-vits14";
const date = "2026-11-25";
const weights = await madeWeights(5_000_000);

/** A process of its own that fetches the weights, all addresses being one of the loopback, and says where they lie. */
function fetching(t: TestContext, { cache, mirror }: Publisher) {
  const script = `
    import { connectWeb } from "gpic-lab/hub";
    import { fetchWeights } from "gpic-lab/models";
    const isAlive = (id) => { try { return process.kill(id, 0); } catch { return false; } };
    const connection = connectWeb({
      process: { id: process.pid, isAlive },
      fetch: (_, init) => fetch(${JSON.stringify(mirror(weights))}, init),
    });
    const options = { cache: ${JSON.stringify(cache)}, date: ${JSON.stringify(date)}, connection };
    const { path, outcome } = await fetchWeights(${JSON.stringify(ID)}, options);
    console.log(JSON.stringify({ path, outcome }));`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    cwd: packageRoot,
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => child.kill("SIGKILL"));
  let out = "";
  child.stdout.on("data", (text) => {
    out += text;
  });
  return { child, ended: ended(child).then((status) => ({ status, out })) };
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((done) => child.once("close", (status) => done(status)));
}

test("two processes that ask for the same weights at the same time download them once", async (t) => {
  const around = await publisher(t);
  const { server } = around;
  server.faults = () => ({ paceMilliseconds: 4 });
  const both = await Promise.all([fetching(t, around).ended, fetching(t, around).ended]);
  assert.deepEqual([both[0]!.status, both[1]!.status], [0, 0]);
  const [one, two] = both.map(({ out }) => JSON.parse(out));
  assert.equal(one.path, two.path);
  assert.deepEqual([one.outcome, two.outcome].sort(), ["downloaded", "was there"]);
  assert.ok(readFileSync(one.path).equals(weights.bytes));
  assert.equal(server.downloads.length, 1);
  assert.equal(server.bytesServed, weights.bytes.length);
});

test("a download that is killed with -9 goes on in another process, from the bytes that are there", async (t) => {
  const around = await publisher(t);
  const { server, cache, connection, publish } = around;
  server.faults = () => ({ paceMilliseconds: 4 });
  const first = fetching(t, around);
  const entry = modelEntry(ID).weights;
  assert.ok(entry.kind === "file");
  const partial = join(cache, "weights", ID, `${entry.name}.incomplete`);
  for (let i = 0; !(existsSync(partial) && statSync(partial).size > 4e6); i++) {
    assert.ok(i < 1000, "it should have come within 10 s");
    await pause(10);
  }
  first.child.kill("SIGKILL");
  await first.ended;
  const there = statSync(partial).size;
  assert.ok(there < weights.bytes.length);
  server.faults = () => undefined;
  publish(entry.addresses[0]!, weights);
  const { path, outcome } = await fetchWeights(ID, { date, cache, connection });
  assert.equal(outcome, "downloaded");
  assert.equal(server.downloads.at(-1)!.headers.range, `bytes=${there}-`);
  assert.ok(readFileSync(path).equals(weights.bytes));
  assert.deepEqual(readdirSync(dirname(path)).sort(), [entry.name, "weights.json"]);
  assert.equal(existsSync(join(cache, "weights", `${ID}.lock`)), false);
});
