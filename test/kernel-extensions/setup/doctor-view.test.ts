import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { kernelMagics } from "../../../kernel-extensions/magics.js";
import { doctor } from "../../../kernel-extensions/setup/doctor.js";
import { doctorView, gpuView } from "../../../kernel-extensions/setup/doctor-view.js";
import type { Machine } from "../../../kernel-extensions/setup/machine.js";
import {
  installHost,
  jupyterDisplay,
  type MimeBundle,
  render,
} from "../../../kernel-extensions/show/index.js";

const MARKUP = `<img src=x onerror="alert(1)">`;
const machine: Machine = {
  platform: "linux",
  nodeVersion: "20.19.0",
  environment: {},
  home: "/home/someone",
  root: "/lab",
  cpuModel: `${MARKUP}\u202e`,
  cpuCount: 2,
  memoryBytes: 8e9,
  diskFreeBytes: () => 10e9,
  readText: () => undefined,
  exists: () => false,
  listFiles: () => [],
  run: async (command) =>
    command === "nvidia-smi" ? `0, GPU-1, 580.65.06, 81559, 512, [N/A], [N/A], ${MARKUP}\n` : undefined,
  packageJson: () => undefined,
};

function runIn(t: TestContext, frontEnd: "jupyter" | "headless"): void {
  installHost({ frontEnd, display() {}, clearOutput() {}, signal: () => new AbortController().signal });
  t.after(() => installHost(undefined));
}

function text(bundle: MimeBundle): { html: string; plain: string } {
  return { html: String(bundle["text/html"]), plain: String(bundle["text/plain"]) };
}

test("in JupyterLab %doctor shows every row with what was found and its remedy", async (t) => {
  runIn(t, "jupyter");
  const { html, plain } = text((await doctorView(machine))[jupyterDisplay]());
  for (const { what, remedy } of await doctor(machine))
    for (const part of [what, remedy ?? ""]) assert.ok(plain.includes(part), part);
  assert.match(plain, /ok +Node +20\.19\.0/);
  assert.match(html, /<td[^>]*>20\.19\.0<\/td>/);
});

test("what the machine says is text, never markup, and turns no line around", async (t) => {
  runIn(t, "jupyter");
  for (const view of [await doctorView(machine), await gpuView(machine)]) {
    const { html, plain } = text(view[jupyterDisplay]());
    assert.ok(!html.includes("<img"));
    assert.ok(html.includes("&lt;img"));
    assert.ok(!(html + plain).includes("\u202e"));
  }
});

test("headless, neither magic shows anything of the machine", async (t) => {
  runIn(t, "headless");
  const other: Machine = { ...machine, nodeVersion: "24.0.0", run: async () => undefined, memoryBytes: 1 };
  for (const view of [doctorView, gpuView]) {
    const bundle = (await view(machine))[jupyterDisplay]();
    assert.deepEqual(bundle, (await view(other))[jupyterDisplay]());
    assert.ok(!JSON.stringify(bundle).includes("20.19.0"));
  }
});

test("what is looked at names every row of a machine without a GPU", async (t) => {
  const rows = await doctor(machine);
  runIn(t, "headless");
  const { plain } = text((await doctorView())[jupyterDisplay]());
  for (const { what } of rows) assert.match(plain, new RegExp(`^${what} `, "m"));
});

test("a machine that lacks something needed is told which, and one without a GPU is told so", async (t) => {
  runIn(t, "jupyter");
  const poor: Machine = { ...machine, memoryBytes: 1, run: async () => undefined };
  assert.match(text((await doctorView(poor))[jupyterDisplay]()).plain, /lacking: memory\.$/);
  assert.match(text((await gpuView(poor))[jupyterDisplay]()).plain, /^no NVIDIA GPU/);
});

test("the magics give values that the session displays as tables", async (t) => {
  runIn(t, "headless");
  for (const name of ["doctor", "gpu"]) {
    const magic = kernelMagics.find((one) => one.name === name);
    assert.ok(magic, name);
    const bundle = await render(await magic.run([]));
    assert.deepEqual(Object.keys(bundle).sort(), ["text/html", "text/plain"]);
  }
});
