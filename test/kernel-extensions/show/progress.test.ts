import assert from "node:assert/strict";
import { test } from "node:test";
import { type DisplayOptions, type MimeBundle, Progress, type ProgressOptions } from "gpic-lab/show";

interface Surroundings {
  readonly texts: string[];
  readonly options: DisplayOptions[];
  readonly terminal: string[];
  nowMilliseconds: number;
  start(options: ProgressOptions): Progress;
}

function surroundings(frontEnd: "jupyter" | "headless" | "terminal" | "log"): Surroundings {
  const around: Surroundings = {
    texts: [],
    options: [],
    terminal: [],
    nowMilliseconds: 0,
    start: (options) => {
      const display = (data: MimeBundle, how: DisplayOptions): void => {
        around.texts.push(String(data["text/plain"]));
        around.options.push(how);
      };
      return new Progress(options, {
        host: frontEnd === "jupyter" || frontEnd === "headless" ? { frontEnd, display } : undefined,
        terminal: { isTTY: frontEnd === "terminal", write: (text) => around.terminal.push(text) },
        nowMilliseconds: () => around.nowMilliseconds,
      });
    },
  };
  return around;
}

test("in JupyterLab one display replaces itself with count, rate and time left", () => {
  const around = surroundings("jupyter");
  const reading = around.start({ label: "Reading", total: 1000, unit: "images" });
  around.nowMilliseconds = 2000;
  reading.advance(400);
  reading.set(1000);
  reading.done();
  assert.deepEqual(around.texts, [
    "Reading: 0 of 1,000 images",
    "Reading: 400 of 1,000 images, 200/s, 3 s left",
    "Reading: 1,000 images",
  ]);
  assert.deepEqual(
    around.options.map(({ update }) => update),
    [false, true, true],
  );
  assert.equal(new Set(around.options.map(({ id }) => id)).size, 1);
});

test("there are at most ten updates a second", () => {
  const around = surroundings("jupyter");
  const reading = around.start({ label: "Reading" });
  for (let step = 0; step < 1000; step++) {
    around.nowMilliseconds += 1;
    reading.advance();
  }
  assert.equal(around.texts.length, 1 + 10);
  assert.match(around.texts.at(-1) ?? "", /^Reading: 1,000, 1,000\/s$/);
});

test("headless only the last state is written, without rate and time", async () => {
  const around = surroundings("headless");
  const seen: number[] = [];
  for await (const item of around.start({ label: "Reading", total: 3, unit: "images" }).over([1, 2, 3])) {
    around.nowMilliseconds += 5000;
    seen.push(item);
  }
  assert.deepEqual(seen, [1, 2, 3]);
  assert.deepEqual(around.texts, ["Reading: 3 images"]);
  assert.deepEqual(
    around.options.map(({ update }) => update),
    [false],
  );
});

test("a terminal's line replaces itself, a log gets the last state", () => {
  const around = surroundings("terminal");
  const reading = around.start({ label: "Reading", total: 2 });
  reading.set(2);
  reading.done();
  reading.done();
  assert.deepEqual(around.terminal, ["\r\u001b[2KReading: 0 of 2", "\r\u001b[2KReading: 2\n"]);
  const log = surroundings("log");
  const writing = log.start({ label: "Writing", total: 2 });
  writing.set(1);
  writing.done();
  assert.deepEqual(log.terminal, ["Writing: 1 of 2\n"]);
});

test("an interrupt stops the work with an AbortError and says how far it was", async () => {
  for (const reason of [undefined, new Error("stop button")]) {
    const around = surroundings("headless");
    const controller = new AbortController();
    const reading = around.start({ label: "Reading", total: 9, signal: controller.signal });
    await assert.rejects(
      async () => {
        for await (const item of reading.over([1, 2, 3, 4])) if (item === 2) controller.abort(reason);
      },
      { name: "AbortError" },
    );
    assert.deepEqual(around.texts, ["Reading: stopped at 2 of 9"]);
  }
});

test("a synchronous iterable lets an interrupt in", async () => {
  const around = surroundings("headless");
  const controller = new AbortController();
  setImmediate(() => controller.abort());
  function* endless(): Generator<number> {
    for (let n = 0; ; n++) yield n;
  }
  await assert.rejects(
    async () => {
      for await (const _ of around.start({ label: "Counting", signal: controller.signal }).over(endless()))
        around.nowMilliseconds += 30;
    },
    { name: "AbortError" },
  );
});

test("leaving the loop or failing in it is a stop, and closes the iterable", async () => {
  const around = surroundings("headless");
  let closed = false;
  async function* items(): AsyncGenerator<number> {
    try {
      yield* [1, 2, 3];
    } finally {
      closed = true;
    }
  }
  for await (const item of around.start({ label: "Reading", total: 3 }).over(items())) if (item === 2) break;
  assert.ok(closed);
  assert.deepEqual(around.texts, ["Reading: stopped at 1 of 3"]);
});

test("labels from data are text", () => {
  const around = surroundings("terminal");
  around.start({ label: "\u001b[31m<b>\nx", unit: "\u202eabc" }).done();
  assert.equal(around.terminal.at(-1), "\r\u001b[2K\\u{1b}[31m<b> x: 0 \\u{202e}abc\n");
});

test("a wrong call names what is wrong", () => {
  const around = surroundings("headless");
  assert.throws(() => around.start({ label: "x", total: -1 }), /a total of 0 or more is needed, got -1/);
  assert.throws(
    () => around.start({ label: "x" }).set(Number.NaN),
    /a count of 0 or more is needed, got NaN/,
  );
});
