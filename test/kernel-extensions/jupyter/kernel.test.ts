import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { readPackageJson } from "../../../lib/io/index.js";
import { Client, FAKE, type Received } from "./client.js";

const LIMIT = { timeout: 60_000 };

/** The states that were published for a request. */
function states(messages: readonly Received[]): string[] {
  return messages
    .filter((message) => message.type === "status")
    .map((message) => message.content.execution_state);
}

function texts(outputs: readonly Received[]): string {
  return outputs
    .filter((output) => output.type === "stream")
    .map((output) => output.content.text)
    .join("");
}

describe("a kernel", LIMIT, () => {
  let client: Client;
  before(async () => {
    client = await Client.start(FAKE);
  });
  after(() => client.close());

  test("says what it is", async () => {
    const { content } = await client.ask("shell", "kernel_info_request", {});
    assert.equal(content.protocol_version, "5.3");
    assert.equal(content.implementation, "gpic-lab");
    assert.equal(content.implementation_version, readPackageJson().version);
    assert.equal(content.language_info.name, "typescript");
    assert.equal(content.language_info.file_extension, ".ts");
    for (const { text, url } of content.help_links) assert.ok(text !== "" && url.startsWith("https://"));
  });

  test("publishes a cell's messages in order, under its request, each signed", async () => {
    const id = client.execute("print one\nshow two\nupdate three\nclear wait\nplain four\nresult five");
    const reply = await client.reply(id);
    const outputs = await client.idle(id);
    assert.deepEqual(
      outputs.map((message) => message.type),
      [
        "execute_input",
        "stream",
        "display_data",
        "update_display_data",
        "clear_output",
        "display_data",
        "execute_result",
      ],
    );
    assert.deepEqual(states(client.of(id)), ["busy", "idle"]);
    const [input, stream, shown, updated, cleared, plain, result] = outputs.map((output) => output.content);
    const count = reply.content.execution_count;
    const named = { display_id: "one" };
    assert.equal(input.execution_count, count);
    assert.ok(input.code.startsWith("print one"));
    assert.deepEqual(stream, { name: "stdout", text: "one\n" });
    assert.deepEqual(shown, { data: { "text/plain": "two" }, metadata: { kept: true }, transient: named });
    assert.deepEqual(updated, { data: { "text/plain": "three" }, metadata: {}, transient: named });
    assert.deepEqual(cleared, { wait: true });
    assert.deepEqual(plain, { data: { "text/plain": "four" }, metadata: {}, transient: {} });
    assert.deepEqual(result, { execution_count: count, data: { "text/plain": "five" }, metadata: {} });
    assert.deepEqual(reply.content, {
      status: "ok",
      execution_count: count,
      payload: [],
      user_expressions: {},
    });
    assert.ok([reply, ...client.of(id)].every((message) => message.signed));
    assert.ok([reply, ...client.of(id)].every((message) => message.header.version === "5.3"));
  });

  test("publishes output that comes after the cell under the cell that made it", async () => {
    const id = client.execute("later from the first");
    await client.idle(id);
    await client.run("print from the second");
    const late = await client.stream(id);
    assert.equal(late.content.text, "from the first");
    assert.equal(client.of(id).at(-1), late);
  });

  test("loses none of 100,000 messages, and keeps their order", async () => {
    const { outputs } = await client.run("lines 100000");
    assert.equal(texts(outputs), Array.from({ length: 100_000 }, (_, i) => `${i}\n`).join(""));
    client.published.length = 0;
  });

  test("answers a failed cell with its error, on iopub and in the reply", async () => {
    const { reply, outputs } = await client.run("fail it broke");
    const error = { ename: "FakeError", evalue: "it broke", traceback: ["FakeError: it broke"] };
    assert.deepEqual(outputs.at(-1)?.content, error);
    assert.equal(reply.content.status, "error");
    assert.deepEqual({ ...reply.content, ...error }, reply.content);
  });

  test("aborts the cells queued behind an error, answers each, and is open again at once", async () => {
    const ids = ["fail first", "print second", "print third"].map((code) => client.execute(code));
    const history = client.send("shell", "history_request", { hist_access_type: "tail", n: 1 });
    const first = await client.reply(ids[0]!);
    const next = client.execute("print fourth");
    assert.equal(first.content.status, "error");
    for (const id of ids.slice(1)) {
      // no execution count: JupyterLab would show one beside a cell that has not run
      assert.deepEqual((await client.reply(id)).content, { status: "aborted" });
      assert.deepEqual(await client.idle(id), []);
      assert.deepEqual(states(client.of(id)), ["busy", "idle"]);
    }
    assert.equal((await client.reply(history)).content.history[0][2], "fail first");
    assert.equal((await client.reply(next)).content.status, "ok");
    assert.equal(texts(await client.idle(next)), "fourth\n");
  });

  test("goes on behind an error where the request says so, or is silent", async () => {
    for (const options of [{ stop_on_error: false }, { silent: true }]) {
      const failing = client.execute("fail", options);
      const next = client.execute("print goes on");
      assert.equal((await client.reply(failing)).content.status, "error");
      assert.equal((await client.reply(next)).content.status, "ok");
    }
  });

  test("publishes nothing but its state for a silent cell, and does not count or remember it", async () => {
    const earlier = (await client.run("print")).reply.content.execution_count;
    const { reply, outputs } = await client.run("print secret\nresult secret", { silent: true });
    assert.deepEqual(outputs, []);
    assert.equal(reply.content.status, "ok");
    assert.equal((await client.run("print")).reply.content.execution_count, earlier + 1);
    const { content } = await client.ask("shell", "history_request", { hist_access_type: "tail", n: 2 });
    assert.deepEqual(
      content.history.map((row: unknown[]) => row[2]),
      ["print", "print"],
    );
  });

  test("does not remember a cell with store_history false", async () => {
    await client.run("print forgotten", { store_history: false });
    const request = { hist_access_type: "search", pattern: "*forgotten*" };
    assert.deepEqual((await client.ask("shell", "history_request", request)).content.history, []);
  });

  test("evaluates user expressions", async () => {
    const { reply } = await client.run("print", { user_expressions: { one: "1", wrong: 2 } });
    assert.deepEqual(reply.content.user_expressions, {
      one: { status: "ok", data: { "text/plain": "1" }, metadata: {} },
    });
  });

  test("completes, inspects and judges completeness as the session does", async () => {
    const completion = await client.ask("shell", "complete_request", { code: "ab", cursor_pos: 2 });
    assert.deepEqual(completion.content, {
      status: "ok",
      matches: ["ab!"],
      cursor_start: 0,
      cursor_end: 2,
      metadata: { _jupyter_types_experimental: [{ text: "ab!", type: "function", start: 0, end: 2 }] },
    });
    const emoji = await client.ask("shell", "inspect_request", { code: "\u{1f600}b", detail_level: 1 });
    assert.deepEqual(emoji.content.data, { "text/plain": "\u{1f600}b 2 1" });
    const nothing = await client.ask("shell", "inspect_request", { code: "", cursor_pos: 0 });
    assert.deepEqual(nothing.content, { status: "ok", found: false, data: {}, metadata: {} });
    const open = await client.ask("shell", "is_complete_request", { code: "if (x) {" });
    assert.deepEqual(open.content, { status: "incomplete", indent: "  " });
    const whole = await client.ask("shell", "is_complete_request", { code: "x" });
    assert.deepEqual(whole.content, { status: "complete" });
  });

  test("answers a request that the session fails at with an error, and goes on", async () => {
    const broken = await client.ask("shell", "complete_request", { code: "break", cursor_pos: 1 });
    assert.equal(broken.content.status, "error");
    assert.equal(broken.content.evalue, "the session has a fault");
    const codeless = await client.ask("shell", "execute_request", { silent: false });
    assert.equal(codeless.content.status, "error");
    assert.equal((await client.run("print alive")).reply.content.status, "ok");
  });

  test("says so where an output is not JSON, and mends text that is not Unicode", async () => {
    const { reply, outputs } = await client.run("bigint\nhalf");
    assert.equal(reply.content.status, "ok");
    assert.match(texts(outputs), /Cannot show this output: .*BigInt/);
    assert.match(texts(outputs), /half \ufffd of a pair/);
  });

  test("is busy and idle around requests of every kind, and prints nothing", async () => {
    const types = [
      "comm_open",
      "comm_msg",
      "comm_close",
      "comm_info_request",
      "history_request",
      "debug_request",
      "kernel_info_request",
      "no_such_request",
      "__proto__",
      "toString",
    ];
    for (const channel of ["shell", "control"] as const) {
      for (const type of types) {
        const id = client.send(channel, type, { comm_id: "c", target_name: "t" });
        const published = await client.idle(id);
        assert.deepEqual(states(client.of(id)), ["busy", "idle"], `${type} on ${channel}`);
        const closed = published.map((message) => [message.type, message.content.comm_id]);
        assert.deepEqual(closed, type === "comm_open" ? [["comm_close", "c"]] : []);
      }
    }
    assert.deepEqual((await client.ask("shell", "comm_info_request", {})).content, {
      status: "ok",
      comms: {},
    });
    assert.equal((await client.ask("control", "debug_request", { seq: 3 })).content.request_seq, 3);
    assert.equal(client.stdout + client.stderr, "");
  });

  for (const channel of ["shell", "control", "stdin"] as const) {
    test(`ignores what is forged, replayed or damaged on ${channel}, and goes on`, async () => {
      const [delimiter, signature, ...parts] = client.frames(randomUUID(), "execute_request", {
        code: "print harm",
        silent: false,
      }) as [string, string, string, string, string, string];
      const zeros = "0".repeat(64);
      const otherLast = signature.slice(0, 63) + (signature.endsWith("0") ? "1" : "0");
      const resigned = (...changed: (string | Buffer)[]) => [delimiter, client.sign(changed), ...changed];
      const [header, parent, metadata, content] = parts;
      const harmful: (string | Buffer)[][] = [
        [delimiter, zeros, ...parts],
        [delimiter, "", ...parts],
        [delimiter, otherLast, ...parts],
        [delimiter, signature.slice(0, 63), ...parts],
        [delimiter, signature, header, parent, metadata, content.replace("harm", "HARM")],
        [delimiter, signature],
        [delimiter],
        [""],
        [signature, ...parts],
        [delimiter, signature, ...parts.slice(0, 3)],
        resigned("{", parent, metadata, content),
        resigned("null", parent, metadata, content),
        resigned("[]", parent, metadata, content),
        resigned("{}", parent, metadata, content),
        resigned(JSON.stringify({ msg_id: 1, msg_type: [] }), parent, metadata, content),
        resigned(header, parent, metadata, "nonsense"),
        resigned(header, parent, "7", content),
        resigned(header, parent, metadata, Buffer.from([0xff, 0xfe, 0x00])),
      ];
      for (const type of ["shutdown_request", "interrupt_request", "no_such_request"]) {
        const frames = client.frames(randomUUID(), type, {});
        harmful.push([frames[0]!, zeros, ...frames.slice(2)]);
      }
      const heard = client.published.length;
      for (const frames of harmful) client.sendFrames(channel, frames);
      const once = client.frames(randomUUID(), "execute_request", { code: "print once" });
      client.sendFrames("shell", once);
      client.sendFrames("shell", once);
      await client.run("print after"); // what was on the way on shell has come
      client.sendFrames(channel, once);
      if (channel !== "stdin") await client.ask(channel, "kernel_info_request", {});
      await client.run("print last");
      const printed = client.published
        .slice(heard)
        .filter((message) => message.type === "stream")
        .map((message) => message.content.text);
      assert.deepEqual(printed, ["once\n", "after\n", "last\n"]);
      assert.equal(client.stdout + client.stderr, "");
    });
  }

  test("answers heartbeat and control while a loop keeps it busy, and ends the loop when interrupted", async () => {
    const id = client.execute("print begins\nloop");
    await client.stream(id); // what a stuck cell has printed is there already
    assert.equal(await client.beat("beat"), "beat");
    assert.equal((await client.ask("control", "kernel_info_request", {})).content.status, "ok");
    assert.deepEqual((await client.ask("control", "interrupt_request", {})).content, { status: "ok" });
    assert.equal((await client.reply(id)).content.ename, "KeyboardInterrupt");
    await client.idle(id);
    assert.equal((await client.run("print next")).reply.content.status, "ok");
  });

  test("ends a waiting cell when interrupted, and aborts what is queued behind it", async () => {
    const id = client.execute("print begins\nhang");
    const queued = client.execute("print queued");
    await client.stream(id);
    await client.ask("control", "interrupt_request", {});
    assert.equal((await client.reply(id)).content.ename, "KeyboardInterrupt");
    assert.equal((await client.reply(queued)).content.status, "aborted");
  });

  test("takes an interrupt between two cells for nothing", async () => {
    await client.ask("control", "interrupt_request", {});
    assert.equal((await client.run("print next\nsleep 50")).reply.content.status, "ok");
  });
});

test("a kernel without a key signs nothing and accepts every message", LIMIT, async () => {
  const client = await Client.start(FAKE, { key: "" });
  try {
    assert.equal(texts((await client.run("print open")).outputs), "open\n");
  } finally {
    await client.close();
  }
});

test(
  "kernel_info is answered while the session still loads, and what came meanwhile is run",
  LIMIT,
  async () => {
    const client = await Client.start(FAKE, { env: { FAKE_LOAD_MILLISECONDS: "2000" } });
    try {
      const id = client.execute("print loaded");
      await client.ask("shell", "kernel_info_request", {});
      assert.ok(!client.replies.some((message) => message.parent === id));
      assert.equal((await client.reply(id)).content.status, "ok");
    } finally {
      await client.close();
    }
  },
);
