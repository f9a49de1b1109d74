/** The report in a real browser; left out, with a word, where there is no Chromium. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { buildReport } from "../../../kernel-extensions/report/index.js";
import { madeUpLedger, madeUpNotebooks } from "./made-up.js";

const executablePath = ["chromium", "chromium-browser", "google-chrome"]
  .map((name) => join("/usr/bin", name))
  .find((path) => existsSync(path));
const ROWS = 3000;

describe("in Chromium", { skip: executablePath === undefined ? "no Chromium is installed" : false }, () => {
  let browser: Browser;
  let folder: string;
  let address: string;
  const notes: string[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "gpic-lab-report-"));
    const { file } = await buildReport({
      notebooks: await madeUpNotebooks(),
      ledger: madeUpLedger(ROWS),
      out: folder,
    });
    address = pathToFileURL(file).href;
    const words = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking";
    browser = await chromium.launch({
      executablePath: executablePath!,
      args: [...words.split(" "), "--disable-component-update", "--disable-sync"],
    });
  });
  after(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function open(options: BrowserContextOptions): Promise<Page> {
    notes.length = 0;
    const page = await (await browser.newContext(options)).newPage();
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") notes.push(message.text());
    });
    page.on("pageerror", (error) => notes.push(error.message));
    page.on("request", (request) => {
      if (!/^(?:data:|file:)/.test(request.url())) notes.push(`requested ${request.url()}`);
    });
    await page.goto(address);
    return page;
  }

  test("charts are drawn when they come into view, and nothing is blocked, loaded or run that should not be", async () => {
    const page = await open({ viewport: { width: 1300, height: 900 } });
    assert.equal(await page.locator("figure.drawn").count(), 0);
    for (const figure of await page.locator("figure.chart").all()) {
      await figure.scrollIntoViewIfNeeded();
      await figure.locator(".live svg").waitFor();
    }
    assert.equal(await page.locator("#chart-1 .mark-rect path").count(), 4);
    assert.equal(await page.evaluate("window.pwned"), undefined);
    assert.equal(await page.locator("h1").count(), 1);
    assert.deepEqual(notes, []);
  });

  test("the search and the verdicts narrow the rows to those that fit, and their count is said", async () => {
    const page = await open({ viewport: { width: 1300, height: 900 } });
    await page.fill("#ledger-search", "made-up-2718");
    await page
      .locator("#ledger-status", { hasText: `1 of ${ROWS.toLocaleString("en-US")} claims` })
      .waitFor();
    assert.equal(await page.locator(".claims tbody tr:visible").count(), 1);
    await page.fill("#ledger-search", "");
    for (const kind of ["reproduced", "recomputed", "machinery only", "not run"])
      await page.uncheck(`#ledger-controls input[value="${kind}"]`);
    const count = madeUpLedger(ROWS).counts.contradicted!;
    await page.locator("#ledger-status", { hasText: `${count} of` }).waitFor();
    assert.equal(await page.locator(".claims tbody tr:not([hidden])").count(), count);
  });

  test("on a phone the page itself never scrolls sideways, with everything open", async () => {
    const page = await open({ viewport: { width: 390, height: 800 } });
    await page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })");
    for (const figure of await page.locator("figure.chart").all()) {
      await figure.scrollIntoViewIfNeeded();
      await figure.locator(".live svg").waitFor();
    }
    assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 390);
  });

  test("the colours follow the system until they are chosen, and the choice is kept", async () => {
    const page = await open({ colorScheme: "dark" });
    const ground = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
    const dark = await ground();
    await page.click("#theme");
    const light = await ground();
    assert.notEqual(light, dark);
    await page.reload();
    assert.equal(await ground(), light);
  });

  test("with scripts off the stills and all claims are there, and no control that would do nothing", async () => {
    const page = await open({ javaScriptEnabled: false });
    assert.equal(await page.locator("#chart-1 .still img").isVisible(), true);
    assert.equal(await page.locator("#chart-1 .live").isVisible(), false);
    assert.equal(await page.locator("#ledger-controls").isVisible(), false);
    assert.equal(await page.locator("#theme").isVisible(), false);
    await page.locator("details.part > summary").first().click();
    assert.equal(await page.locator(".claims tbody tr").first().isVisible(), true);
  });

  test("on paper the still stands for the chart, folds are open, and controls are gone", async () => {
    const page = await open({ viewport: { width: 1300, height: 900 } });
    await page.locator("#chart-1").scrollIntoViewIfNeeded();
    await page.locator("#chart-1 .live svg").waitFor();
    await page.locator("#chart-1.drawn").waitFor();
    await page.emulateMedia({ media: "print" });
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    assert.equal(await page.locator("#chart-1 .still img").isVisible(), true);
    assert.equal(await page.locator("#chart-1 .live").isVisible(), false);
    assert.equal(await page.locator("details:not([open])").count(), 0);
    assert.equal(await page.locator("#ledger-controls").isVisible(), false);
    await page.evaluate("dispatchEvent(new Event('afterprint'))");
    assert.ok((await page.locator("details:not([open])").count()) > 0);
  });
});
