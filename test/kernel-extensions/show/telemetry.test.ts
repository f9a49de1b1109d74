import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { type TestContext, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import {
  type DisplayOptions,
  type MimeBundle,
  Telemetry,
  type TelemetryOptions,
  type TelemetryUpdate,
} from "gpic-lab/show";
import { parseDocument } from "htmlparser2";
import { packageRoot } from "../../../lib/io/index.js";
import { errorOf, SessionProcess } from "../session/session-process.js";
import { HOSTILE } from "./hostile.js";
import { type Behaviour, standIn, until } from "./nvidia-smi.js";

const onUnix = { skip: process.platform === "win32" ? "the stand-in is a script with a #! line" : false };

interface Surroundings {
  readonly texts: string[];
  readonly pages: string[];
  readonly options: DisplayOptions[];
  readonly terminal: string[];
  nowMilliseconds: number;
  start(options: TelemetryOptions): Telemetry;
}

/** Surroundings with a clock of their own; the meters look by the real one. */
function surroundings(
  t: TestContext,
  frontEnd: "jupyter" | "headless" | "terminal" | "log",
  visibleDevices?: string,
): Surroundings {
  const panels: Telemetry[] = [];
  t.after(() => {
    for (const panel of panels) panel.done();
  });
  const around: Surroundings = {
    texts: [],
    pages: [],
    options: [],
    terminal: [],
    nowMilliseconds: 0,
    start: (options) => {
      const display = (data: MimeBundle, how: DisplayOptions): void => {
        around.texts.push(String(data["text/plain"]));
        around.pages.push(String(data["text/html"]));
        around.options.push(how);
      };
      const panel = new Telemetry(options, {
        host: frontEnd === "jupyter" || frontEnd === "headless" ? { frontEnd, display } : undefined,
        terminal: {
          isTTY: frontEnd === "terminal",
          columns: 60,
          write: (text) => around.terminal.push(text),
        },
        nowMilliseconds: () => around.nowMilliseconds,
        visibleDevices,
      });
      panels.push(panel);
      return panel;
    },
  };
  return around;
}

function last<Item>(items: readonly Item[]): Item {
  const item = items.at(-1);
  assert.ok(item !== undefined);
  return item;
}

test("in JupyterLab one display replaces itself with count, rate, time left and time spent waiting", (t) => {
  standIn(t, undefined);
  const around = surroundings(t, "jupyter");
  const panel = around.start({ label: "SSCD", total: 1000, device: "cpu" });
  around.nowMilliseconds = 2000;
  panel.update({ images: 400, waitingSeconds: 0.1, inferSeconds: 1.9 });
  panel.update({ images: 1000, waitingSeconds: 0.1, inferSeconds: 4 });
  panel.done();
  panel.done();
  assert.deepEqual(around.texts, [
    "SSCD: 0 of 1,000 images",
    "SSCD: 400 of 1,000 images, 200/s, 3 s left, 5 % waiting for decode",
    "1,000 images through SSCD",
  ]);
  assert.equal(last(around.pages), '<div class="gpic-telemetry">1,000 images through SSCD</div>');
  assert.deepEqual(
    around.options.map(({ update }) => update),
    [false, true, true],
  );
  assert.equal(new Set(around.options.map(({ id }) => id)).size, 1);
});

test("there are at most five updates a second", (t) => {
  standIn(t, undefined);
  const around = surroundings(t, "jupyter");
  const panel = around.start({ label: "SSCD", device: "cpu" });
  for (let images = 1; images <= 1000; images++) {
    around.nowMilliseconds += 1;
    panel.update({ images });
  }
  assert.equal(around.texts.length, 1 + 5);
});

test("rate and waiting are those of the last seconds, not of all the time", (t) => {
  standIn(t, undefined);
  const around = surroundings(t, "jupyter");
  const panel = around.start({ label: "SSCD", device: "cpu" });
  let images = 0;
  let waitingSeconds = 0;
  let inferSeconds = 0;
  const work = (seconds: number, perSecond: number, waiting: number): void => {
    for (let second = 0; second < seconds; second++) {
      around.nowMilliseconds += 1000;
      images += perSecond;
      waitingSeconds += waiting;
      inferSeconds += 1 - waiting;
      panel.update({ images, waitingSeconds, inferSeconds });
    }
  };
  work(60, 10, 0.5);
  assert.match(last(around.texts), /, 10\/s, 50 % waiting/);
  work(10, 40, 0);
  assert.match(last(around.texts), /, 40\/s, 0 % waiting/);
});

test(
  "headless nothing is measured, and only the last state is written: the same on any machine",
  onUnix,
  async (t) => {
    for (const [behaviour, milliseconds] of [
      ["two GPUs", 3],
      ["fails", 450],
      [undefined, 12_000],
    ] as const) {
      const smi = standIn(t, behaviour);
      const around = surroundings(t, "headless");
      const panel = around.start({ label: "SSCD", total: 7 });
      for (let images = 1; images <= 7; images++) {
        around.nowMilliseconds += milliseconds;
        panel.update({ images, waitingSeconds: milliseconds / 9, inferSeconds: 9 });
        await wait(20);
      }
      panel.done();
      assert.deepEqual(around.texts, ["7 images through SSCD"]);
      assert.deepEqual(around.pages, ['<div class="gpic-telemetry">7 images through SSCD</div>']);
      assert.deepEqual(smi.pids(), []);
    }
  },
);

test("a terminal's line replaces itself and never wraps, a log gets the last state", (t) => {
  standIn(t, undefined);
  const around = surroundings(t, "terminal");
  const panel = around.start({
    label: "DINOv2 ViT-L/14 with a name that is long",
    total: 1000,
    device: "cpu",
  });
  around.nowMilliseconds = 2000;
  panel.update({ images: 400 });
  panel.done();
  const [first, second, end] = around.terminal.map((text) => text.replace("\r\u001b[2K", ""));
  assert.match(first ?? "", /^DINOv2 ViT-L\/14 with a name that is long: 0 of/);
  assert.equal(second?.length, 59);
  assert.equal(end, "400 of 1,000 images through DINOv2 ViT-L/14 with a name that is long\n");
  const log = surroundings(t, "log");
  const quiet = log.start({ label: "SSCD" });
  quiet.update({ images: 1 });
  quiet.done();
  assert.deepEqual(log.terminal, ["1 image through SSCD\n"]);
});

async function shownWith(
  t: TestContext,
  behaviour: Behaviour | undefined,
  shows: RegExp,
  options: Partial<TelemetryOptions> = {},
  visibleDevices?: string,
): Promise<{ readonly text: string; readonly html: string }> {
  const smi = standIn(t, behaviour);
  const around = surroundings(t, "jupyter", visibleDevices);
  const panel = around.start({ label: "SSCD", total: 100, ...options });
  await until(() => {
    around.nowMilliseconds += 20;
    return shows.test(around.texts.at(-1) ?? "");
  }, `${shows} with ${behaviour}`);
  const shown = { text: last(around.texts), html: last(around.pages) };
  panel.done();
  assert.equal(last(around.texts), "0 of 100 images through SSCD");
  assert.deepEqual(await smi.leftBehind(), []);
  return shown;
}

test(
  "each GPU has its line with use, memory and watts, and CPU and memory of the process stand under it",
  onUnix,
  async (t) => {
    const { text, html } = await shownWith(t, "two GPUs", /GPU 1 .*CPU/);
    assert.match(text, /GPU 0 87 % busy, 12\.3 of 79\.6 GiB, 412 W, GPU 1 5 % busy, 1\.0 of 22\.5 GiB, 31 W/);
    assert.match(
      html,
      /GPU 0, H100 80GB HBM3<\/span><svg role="img" aria-label="GPU 0, H100 80GB HBM3 in the last minute: from 87 % to 87 %, now 87 %"/,
    );
    assert.match(html, /CPU, this process<\/span>/);
    assert.match(html, /memory, this process<\/span>/);
  },
);

test("of several GPUs the one that the work runs on is shown, in CUDA's numbering", onUnix, async (t) => {
  const second = await shownWith(t, "two GPUs", /GPU \d .*CPU/, { device: "cuda:1" });
  assert.match(second.text, /images, GPU 1 5 % busy/);
  const hidden = await shownWith(t, "two GPUs", /GPU \d .*CPU/, { device: "cuda:0" }, "1");
  assert.match(hidden.text, /images, GPU 1 5 % busy/);
});

test("work on the CPU asks no nvidia-smi, and shows CPU and memory", onUnix, async (t) => {
  const { text } = await shownWith(t, "two GPUs", /CPU/, { device: "cpu" });
  assert.match(text, /^SSCD: 0 of 100 images, CPU \d+ %, [\d.]+ MB of [\d.]+ GB$/);
});

test(
  "on a machine without a GPU the same panel shows CPU and memory, without a word of a GPU",
  onUnix,
  async (t) => {
    const { text, html } = await shownWith(t, undefined, /CPU/);
    assert.ok(!/GPU/.test(text + html));
  },
);

test("each failure of nvidia-smi is a word in the panel, beside CPU and memory", onUnix, async (t) => {
  const failures: readonly (readonly [Behaviour, RegExp])[] = [
    ["fails", /CPU .*, GPU not reported: nvidia-smi ended with 9: NVIDIA-SMI has failed because/],
    ["dies after two rows", /CPU .*, GPU no longer reported: nvidia-smi ended with 1: GPU is lost/],
    ["garbage", /CPU .*, GPU not reported: nvidia-smi prints something else than readings/],
    ["not allowed", /CPU .*, GPU not reported: nvidia-smi: not allowed/],
  ];
  for (const [behaviour, shows] of failures) {
    const { html } = await shownWith(t, behaviour, shows);
    assert.match(html, /GPU (?:not|no longer) reported: nvidia-smi/);
  }
});

test("what a driver does not report is said, and its names are text", onUnix, async (t) => {
  const { text, html } = await shownWith(t, "not reported", /GPU 0 .*CPU/);
  assert.match(text, /GPU 0 not reported, CPU/);
  assert.ok(!html.includes("<b>"));
  assert.ok(html.includes("GPU 0, &lt;b&gt;GB10&lt;/b&gt;"));
});

test("a panel that keeps its measurements says them when it ends, headless too", onUnix, async (t) => {
  const smi = standIn(t, "two GPUs");
  const around = surroundings(t, "headless");
  const panel = around.start({ label: "SSCD", total: 50, keepMeasurements: true });
  await until(() => smi.pids().length > 0, "nvidia-smi");
  await wait(1300);
  around.nowMilliseconds = 10_000;
  panel.update({ images: 50, waitingSeconds: 1, inferSeconds: 9 });
  panel.done();
  const [count, pace, first, second, cpu] = last(around.texts).split("\n");
  assert.equal(count, "50 images through SSCD");
  assert.equal(pace, "10 s, 5 images a second, 10 % of the time waiting for decode");
  assert.equal(
    first,
    "GPU 0 (NVIDIA H100 80GB HBM3): 87 % busy on average, 12.3 of 79.6 GiB at most, 412 W on average",
  );
  assert.match(second ?? "", /^GPU 1 \(NVIDIA L4\)/);
  assert.match(
    cpu ?? "",
    /^CPU: \d+ % of \d+ cores? by this process on average, [\d.]+ MB of memory at most$/,
  );
  assert.deepEqual(await smi.leftBehind(), []);
});

test(
  "an interrupt ends the panel at once, and the next update stops the work with an AbortError",
  onUnix,
  async (t) => {
    const smi = standIn(t, "two GPUs");
    const around = surroundings(t, "jupyter");
    const controller = new AbortController();
    const panel = around.start({ label: "SSCD", total: 9, signal: controller.signal });
    panel.update({ images: 4 });
    await until(() => smi.pids().length > 0, "nvidia-smi");
    controller.abort(new Error("stop button"));
    assert.equal(last(around.texts), "stopped at 4 of 9 images through SSCD");
    assert.deepEqual(await smi.leftBehind(), []);
    assert.throws(() => panel.update({ images: 5 }), { name: "AbortError" });
    panel.done();
    assert.equal(last(around.texts), "stopped at 4 of 9 images through SSCD");
    const late = around.start({ label: "SSCD", signal: controller.signal });
    assert.equal(last(around.texts), "stopped at 0 images through SSCD");
    assert.throws(() => late.update({ images: 1 }), { name: "AbortError" });
  },
);

test("work that throws ends its panel, and work that ends gives its result", onUnix, async (t) => {
  const smi = standIn(t, "two GPUs");
  const around = surroundings(t, "jupyter");
  const failing = around.start({ label: "SSCD", total: 9 }).during(async (panel) => {
    panel.update({ images: 3 });
    await until(() => smi.pids().length > 0, "nvidia-smi");
    throw new RangeError("on purpose");
  });
  await assert.rejects(failing, { message: "on purpose" });
  assert.equal(last(around.texts), "stopped at 3 of 9 images through SSCD");
  assert.deepEqual(await smi.leftBehind(), []);
  assert.equal(await around.start({ label: "SSCD" }).during(() => 42), 42);
  assert.equal(last(around.texts), "0 images through SSCD");
});

test(
  "work that says nothing for half a minute is no longer measured, and is again when it does",
  onUnix,
  async (t) => {
    const smi = standIn(t, "two GPUs");
    const around = surroundings(t, "jupyter");
    const panel = around.start({ label: "SSCD", total: 9 });
    panel.update({ images: 3 });
    await until(() => smi.pids().length === 1, "nvidia-smi");
    around.nowMilliseconds = 31_000;
    await until(() => /no news/.test(last(around.texts)), "a pause");
    assert.equal(last(around.texts), "3 of 9 images through SSCD, no news for 30 s");
    assert.deepEqual(await smi.leftBehind(), []);
    panel.update({ images: 4 });
    await until(() => smi.pids().length === 2, "another nvidia-smi");
    panel.done();
    assert.deepEqual(await smi.leftBehind(), []);
  },
);

test("hostile labels are text in the panel, and its HTML is well-formed", (t) => {
  standIn(t, undefined);
  for (const label of HOSTILE) {
    const around = surroundings(t, "jupyter");
    const panel = around.start({ label, total: 2, device: "cpu" });
    panel.done();
    for (const page of around.pages) {
      const names = new Set<string>();
      const visit = (nodes: readonly { name?: string; children?: unknown[] }[]): void => {
        for (const { name, children } of nodes) {
          if (name !== undefined) names.add(name);
          if (children !== undefined) visit(children as { name?: string }[]);
        }
      };
      visit(parseDocument(page).children as { name?: string }[]);
      const known = ["div", "strong", "progress", "span", "svg", "title", "path", "polygon", "polyline"];
      for (const name of names) assert.ok(known.includes(name), name);
      assert.ok(page.length < 20_000);
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
    assert.ok(!/[\u0000-\u0009\u000b-\u001f\u202e]/.test(around.texts.join("")));
  }
});

test("a wrong call names what is wrong", (t) => {
  const around = surroundings(t, "headless");
  assert.throws(() => around.start({ label: "x", total: -1 }), /a total of 0 or more is needed, got -1/);
  const panel = around.start({ label: "x" });
  const wrong: readonly TelemetryUpdate[] = [
    { images: Number.NaN },
    { images: -1 },
    { images: 1, waitingSeconds: -1 },
    { images: 1, inferSeconds: Number.POSITIVE_INFINITY },
  ];
  for (const totals of wrong) assert.throws(() => panel.update(totals), /of 0 or more are needed, got/);
});

const PROGRAM = `
import { Telemetry } from "gpic-lab/show";
const panel = new Telemetry({ label: "SSCD" }, {
  host: { frontEnd: "jupyter", display() {} },
  terminal: process.stderr,
  nowMilliseconds: () => performance.now(),
  visibleDevices: undefined,
});
await new Promise((resolve) => setTimeout(resolve, 300));
`;

test(
  "a program that ends, throws, exits or is killed leaves no nvidia-smi behind, and is not kept alive by one",
  onUnix,
  async (t) => {
    const ends = {
      "it ends": "",
      "it throws": "throw new Error('on purpose');",
      "it exits": "process.exit(4);",
      "it is killed": "process.kill(process.pid, 'SIGKILL'); await new Promise(() => {});",
    };
    const runs = Object.entries(ends).map(async ([how, code]) => {
      const smi = standIn(t, "two GPUs");
      const program = spawn(process.execPath, ["--input-type=module", "--eval", PROGRAM + code], {
        cwd: packageRoot,
        stdio: "ignore",
      });
      const [status, signal] = await once(program, "exit");
      assert.equal(smi.pids().length, 1, how);
      assert.deepEqual(await smi.leftBehind(), [], how);
      assert.ok(how === "it is killed" ? signal === "SIGKILL" : [0, 1, 4].includes(status), how);
    });
    await Promise.all(runs);
  },
);

test(
  "a cell that is interrupted leaves no nvidia-smi behind, and its panel says how far it was",
  onUnix,
  async (t) => {
    const smi = standIn(t, "two GPUs");
    const session = await SessionProcess.open();
    t.after(() => session.close());
    const ran = await session.runInterrupted(`import { telemetry } from "gpic-lab/show";
const panel = telemetry({ label: "SSCD", total: 9, keepMeasurements: true });
panel.update({ images: 4 });
await new Promise((resolve) => setTimeout(resolve, 1500));
(globalThis as unknown as { begin(): void }).begin();
await new Promise(() => {});`);
    assert.equal(errorOf(ran).ename, "KeyboardInterrupt");
    assert.equal(smi.pids().length, 1);
    assert.deepEqual(await smi.leftBehind(), []);
    const shown = ran.outputs.flatMap((output) =>
      output.type === "display_data" || output.type === "update_display_data"
        ? [String(output.data["text/plain"])]
        : [],
    );
    assert.match(shown.join("\n"), /^stopped at 4 of 9 images through SSCD\n[\s\S]*GPU 0 \(NVIDIA H100/);
  },
);
