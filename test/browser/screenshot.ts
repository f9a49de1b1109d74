/**
 * Runs a copy of a notebook in JupyterLab and takes a picture of its whole length, to be looked at:
 * `node dist/test/browser/screenshot.js NOTEBOOK OUT.png [--dark] [--width PIXELS]`.
 */
import { copyFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { findBrowser, LabPage } from "./lab-page.js";
import { LabServer, labLacks } from "./lab-server.js";

// JupyterLab's own bars above and below the notebook, and some air
const FRAME_PIXELS = 160;
const TALLEST_PIXELS = 16_000;
const SETTLE_MILLISECONDS = 1000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { dark: { type: "boolean" }, width: { type: "string", default: "1200" } },
});
const [notebook, picture] = positionals;
const lacks = findBrowser() === undefined ? "no chromium on the path" : labLacks();
if (notebook === undefined || picture === undefined) {
  process.stderr.write("usage: screenshot NOTEBOOK OUT.png [--dark] [--width PIXELS]\n");
  process.exitCode = 2;
} else if (lacks !== undefined) {
  process.stderr.write(`Cannot take a picture: ${lacks}\n`);
  process.exitCode = 1;
} else await takePicture(notebook, picture, values.dark === true, Number(values.width));

async function takePicture(from: string, to: string, dark: boolean, widthPixels: number): Promise<void> {
  const server = await LabServer.start(dark ? "JupyterLab Dark" : "JupyterLab Light");
  try {
    copyFileSync(from, join(server.folder, basename(from)));
    const lab = await LabPage.open(server.address(basename(from)), widthPixels);
    try {
      await lab.runAll();
      const panel = lab.page.locator(".jp-NotebookPanel .jp-WindowedPanel-outer");
      const length = await panel.evaluate((element) => element.scrollHeight);
      await lab.page.setViewportSize({
        width: widthPixels,
        height: Math.min(length + FRAME_PIXELS, TALLEST_PIXELS),
      });
      await panel.evaluate((element) => element.scrollTo(0, 0));
      await lab.page.waitForTimeout(SETTLE_MILLISECONDS);
      await lab.page.screenshot({ path: to });
      if (lab.requestsOutside.length > 0)
        process.stderr.write(`asked for, outside this machine: ${lab.requestsOutside.join(" ")}\n`);
    } finally {
      await lab.close();
    }
  } finally {
    await server.stop();
  }
}
