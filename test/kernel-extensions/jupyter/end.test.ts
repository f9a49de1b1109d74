import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { Dealer } from "zeromq";
import { Client, FAKE, prepareConnection } from "./client.js";

const LIMIT = { timeout: 60_000 };

for (const channel of ["control", "shell"] as const) {
  for (const [state, code] of [
    ["is idle", ""],
    ["waits in a cell", "print begins\nhang"],
    ["is in a loop", "print begins\nloop"],
  ] as const) {
    test(`a shutdown on ${channel} ends a kernel that ${state}, with exit code 0`, LIMIT, async () => {
      const client = await Client.start(FAKE);
      try {
        if (code !== "") {
          const id = client.execute(code, { stop_on_error: false });
          client.execute("print never"); // queued behind it
          await client.stream(id);
        }
        const { content } = await client.ask(channel, "shutdown_request", { restart: true });
        assert.deepEqual(content, { status: "ok", restart: true });
        assert.deepEqual(await client.ended, { code: 0, signal: null });
        assert.ok(client.published.some((message) => message.type === "shutdown_reply"));
        assert.ok(!client.published.some((message) => message.content.text === "never\n"));
        assert.equal(client.stdout + client.stderr, "");
      } finally {
        await client.close();
      }
    });
  }
}

test("a shutdown kills a kernel that nothing else can stop", LIMIT, async () => {
  const client = await Client.start(FAKE);
  try {
    const id = client.execute("print begins\ndeaf");
    await client.stream(id);
    await client.ask("control", "shutdown_request", { restart: false });
    assert.deepEqual(await client.ended, { code: null, signal: "SIGKILL" });
  } finally {
    await client.close();
  }
});

for (const [state, code] of [
  ["is idle", "print begins"],
  ["is in a loop that nothing can stop", "print begins\ndeaf"],
] as const) {
  for (const named of [true, false]) {
    const how = named ? "that JPY_PARENT_PID names" : "that started it";
    test(`a kernel that ${state} ends when the process ${how} has died`, LIMIT, async () => {
      const { folder, file, ports } = await prepareConnection("k");
      // The parent is a process between the test and the kernel; it says the kernel's id, and can be killed.
      const script = `
        const { spawn } = require("node:child_process");
        const env = { ...process.env };
        delete env.JPY_PARENT_PID;
        if (${named}) env.JPY_PARENT_PID = String(process.pid);
        const kernel = spawn(process.execPath, ${JSON.stringify([FAKE, file])}, { stdio: "ignore", detached: true, env });
        console.log(kernel.pid);
        setInterval(() => {}, 1000);`;
      const parent = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
      const pid = Number(String((await once(parent.stdout, "data"))[0]));
      const shell = new Dealer({ linger: 0 });
      try {
        shell.connect(`tcp://127.0.0.1:${ports.shell_port}`);
        await shell.send(signed("k", "kernel_info_request", {}));
        await shell.receive();
        await shell.send(signed("k", "execute_request", { code, silent: false }));
        parent.kill("SIGKILL");
        while (runs(pid)) await new Promise((resolve) => setTimeout(resolve, 100));
      } finally {
        shell.close();
        if (runs(pid)) process.kill(pid, "SIGKILL");
        rmSync(folder, { recursive: true, force: true });
      }
    });
  }
}

test(
  "a JPY_PARENT_PID that names no process, as from another machine, does not end the kernel",
  LIMIT,
  async () => {
    const gone = spawn(process.execPath, ["-e", ""]);
    await once(gone, "exit");
    const client = await Client.start(FAKE, { env: { JPY_PARENT_PID: String(gone.pid) } });
    try {
      const { reply } = await client.run("sleep 2500"); // longer than the watch's interval
      assert.equal(reply.content.status, "ok");
    } finally {
      await client.close();
    }
  },
);

test(
  "a port that is taken, or a damaged connection file, ends the kernel with one line that says so",
  LIMIT,
  async () => {
    const { folder, file, ports } = await prepareConnection("k");
    const taken = createServer().listen(ports.shell_port, "127.0.0.1");
    await once(taken, "listening");
    try {
      const busy = await endOf(file);
      assert.equal(busy.code, 1);
      assert.match(busy.stderr, /^gpic-lab kernel: .*in use.*\n$/);
      const damaged = join(folder, "damaged.json");
      writeFileSync(damaged, JSON.stringify({ ...ports, hb_port: "x" }));
      const refused = await endOf(damaged);
      assert.equal(refused.code, 1);
      assert.match(refused.stderr, /Cannot read the connection file .*: a hb_port is needed, got "x"/);
    } finally {
      taken.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

async function endOf(file: string): Promise<{ code: number; stderr: string }> {
  const child = spawn(process.execPath, [FAKE, file], { stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const [code] = await once(child, "close");
  return { code, stderr };
}

function signed(key: string, type: string, content: object): string[] {
  return Client.prototype.frames.call({ key, sign: Client.prototype.sign }, type, type, content);
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
