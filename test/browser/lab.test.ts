/** The kernel in JupyterLab, in a real browser: charts, errors, progress, interrupt, restart. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { findBrowser, LabPage } from "./lab-page.js";
import { LabServer, labLacks } from "./lab-server.js";

const CHART = `import { display } from "gpic-lab/show";
display({
  "application/vnd.vegalite.v5+json": {
    $schema: "https://vega.github.io/schema/vega-lite/v5.json",
    data: { values: [{ a: "x", b: 1 }, { a: "y", b: 2 }, { a: "z", b: 3 }] },
    mark: "bar",
    encoding: { x: { field: "a", type: "ordinal" }, y: { field: "b", type: "quantitative" } },
  },
  "text/plain": "three bars",
});`;
const PROGRESS = `for (const step of [1, 2, 3]) {
  display({ "text/plain": \`step \${step} of 3\` }, { id: "steps", update: step > 1 });
  await new Promise((resolve) => setTimeout(resolve, 50));
}`;
const ERROR = `function fail(): never {
  throw new RangeError("on purpose");
}
fail();`;
const AFTER = `"after " + "the error"`;
const SHOWN = [CHART, PROGRESS, ERROR, AFTER];
const ERROR_AT = SHOWN.indexOf(ERROR);

const BEFORE = `const kept = "kept over the interrupt";`;
const LOOP = `console.log("begun");
await new Promise((resolve) => setTimeout(resolve, 100));
while (true) {}`;
const SYNCHRONOUS_LOOP = "let turns = 0;\nwhile (true) turns++;";
const WAIT = `console.log("begun");
await new Promise(() => setTimeout(() => {}, 1e9));`;
const INTERRUPTED = [BEFORE, LOOP, SYNCHRONOUS_LOOP, WAIT, "kept"];

function notebook(sources: readonly string[], raising: readonly number[] = []): string {
  const cells = sources.map((source, at) => ({
    cell_type: "code",
    id: `cell-${at}`,
    execution_count: null,
    metadata: raising.includes(at) ? { tags: ["raises-exception"] } : {},
    outputs: [],
    source,
  }));
  const kernelspec = { name: "gpic-lab", display_name: "TypeScript (gpic-lab)", language: "typescript" };
  return JSON.stringify({ cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 });
}

const lacks = findBrowser() === undefined ? "no chromium on the path" : labLacks();
const options = { skip: lacks ?? false };
let server: LabServer;

before(async () => {
  if (lacks !== undefined) return;
  server = await LabServer.start();
  writeFileSync(join(server.folder, "shown.ipynb"), notebook(SHOWN, [ERROR_AT]));
  writeFileSync(join(server.folder, "interrupted.ipynb"), notebook(INTERRUPTED));
});

after(() => server?.stop());

/** What a person sees of the notebook, whichever way it was run. */
async function looksRight(lab: LabPage): Promise<void> {
  const drawing = lab.cell(SHOWN.indexOf(CHART)).locator(".vega-embed .marks").first();
  await drawing.waitFor();
  const bars = await drawing.evaluate(countMarks);
  assert.ok(bars >= 3, `three bars, got ${bars} marks`);

  const steps = await lab.outputs(SHOWN.indexOf(PROGRESS));
  assert.deepEqual(steps, ["step 3 of 3"], "progress replaces itself");

  const [error = "", ...more] = await lab.outputs(ERROR_AT);
  assert.deepEqual(more, []);
  assert.match(error, /RangeError: on purpose/);
  assert.match(error, /at fail \(Cell\[\d+\]:2:9\)/);
  assert.match(error, /at Cell\[\d+\]:4:1/);
  assert.match(error, /throw new RangeError\("on purpose"\)/);
  assert.ok(!/node_modules|tslab/.test(error), `none of the kernel's own frames: ${error}`);

  const [last = ""] = await lab.outputs(SHOWN.indexOf(AFTER));
  assert.match(last, /after the error/);
}

/** Marks of an SVG; of a canvas the bars, as runs of their colour along a line near the bottom. */
function countMarks(drawing: Element): number {
  if (drawing.tagName.toLowerCase() === "svg") return drawing.querySelectorAll(".mark-rect path").length;
  const canvas = drawing as unknown as {
    width: number;
    height: number;
    getContext(kind: "2d"): {
      getImageData(x: number, y: number, w: number, h: number): { data: Uint8ClampedArray };
    };
  };
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const runs = Array.from({ length: canvas.height }, (_, y) => {
    let count = 0;
    let inBar = false;
    for (let x = 0; x < canvas.width; x++) {
      const at = 4 * (y * canvas.width + x);
      const [red = 0, green = 0, blue = 0, alpha = 0] = data.slice(at, at + 4);
      const coloured = alpha > 200 && Math.max(red, green, blue) - Math.min(red, green, blue) > 40;
      if (coloured && !inBar) count++;
      inBar = coloured;
    }
    return count;
  });
  return Math.max(...runs);
}

test(
  "run all draws the chart, updates the progress, shows the error in the cell and goes on where it may",
  options,
  async () => {
    const lab = await LabPage.open(server.address("shown.ipynb"));
    try {
      await lab.runAll();
      await looksRight(lab);
      await lab.restartAndRunAll();
      await looksRight(lab);
      assert.deepEqual(
        await lab.counts(),
        SHOWN.map((_, at) => `[${at + 1}]:`),
      );
      assert.deepEqual(lab.requestsOutside, []);
    } finally {
      await lab.close();
    }
  },
);

test(
  "interrupt stops a loop after an await, a synchronous loop and a wait, and keeps the variables",
  options,
  async () => {
    const lab = await LabPage.open(server.address("interrupted.ipynb"));
    try {
      await lab.start(INTERRUPTED.indexOf(BEFORE));
      await lab.allDone();
      for (const source of [LOOP, SYNCHRONOUS_LOOP, WAIT]) {
        const at = INTERRUPTED.indexOf(source);
        await lab.start(at);
        await lab.cell(at).locator(".jp-InputPrompt", { hasText: "*" }).waitFor();
        if (source.includes("begun")) await lab.cell(at).getByText("begun", { exact: true }).last().waitFor();
        await lab.choose("Kernel", /^Interrupt Kernel/);
        await lab.allDone();
        assert.match((await lab.outputs(at)).join("\n"), /[Ii]nterrupt/, source);
      }
      const at = INTERRUPTED.indexOf("kept");
      await lab.start(at);
      await lab.cell(at).locator(".jp-OutputArea-output").first().waitFor();
      assert.match((await lab.outputs(at)).join("\n"), /kept over the interrupt/);
      assert.deepEqual(lab.requestsOutside, []);
    } finally {
      await lab.close();
    }
  },
);
