/** A notebook in JupyterLab, in a real browser, driven as a person would: by menus, clicks and keys. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";

const BROWSERS = ["chromium", "chromium-browser", "google-chrome"];
const ARGUMENTS = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];
// a loaded machine with two cores starts a kernel in well under this
const STEP_LIMIT_MILLISECONDS = 90_000;
const KERNEL_NAME = "TypeScript (gpic-lab)";
const INDICATOR = ".jp-NotebookPanel .jp-Notebook-ExecutionIndicator";

/** The browser on the path; undefined where there is none. */
export function findBrowser(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return BROWSERS.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync);
}

/** One notebook that is open in a browser of its own. */
export class LabPage {
  readonly page: Page;
  /** Each address outside this machine that the page asked for. */
  readonly requestsOutside: string[] = [];
  readonly #browser: Browser;

  private constructor(browser: Browser, page: Page) {
    this.#browser = browser;
    this.page = page;
    page.setDefaultTimeout(STEP_LIMIT_MILLISECONDS);
    page.on("request", (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (!["data:", "blob:"].includes(protocol) && hostname !== "127.0.0.1")
        this.requestsOutside.push(request.url());
    });
  }

  /** Opens the notebook at an address and waits until its kernel is ready. */
  static async open(address: string, widthPixels = 1200): Promise<LabPage> {
    const browser = await chromium.launch({ executablePath: findBrowser()!, args: ARGUMENTS });
    const page = await browser.newPage({ viewport: { width: widthPixels, height: 1200 } });
    const lab = new LabPage(browser, page);
    await page.goto(address);
    await page.locator(".jp-NotebookPanel .jp-KernelName", { hasText: KERNEL_NAME }).waitFor();
    await lab.idle();
    return lab;
  }

  /** Chooses an entry of a menu. */
  async choose(menu: string, entry: RegExp): Promise<void> {
    await this.page.locator(".lm-MenuBar-itemLabel", { hasText: new RegExp(`^${menu}$`) }).click();
    await this.page.locator(".lm-Menu-itemLabel", { hasText: entry }).first().click();
  }

  /** Runs all cells and waits for the last. */
  async runAll(): Promise<void> {
    await this.choose("Run", /^Run All Cells/);
    await this.allDone();
  }

  /** Restarts the kernel, runs all cells and waits for the last. */
  async restartAndRunAll(): Promise<void> {
    await this.choose("Kernel", /^Restart Kernel and Run All Cells/);
    await this.page.locator(".jp-Dialog .jp-mod-accept").click();
    await this.page.locator(".jp-CodeCell .jp-InputPrompt", { hasText: "*" }).first().waitFor();
    await this.allDone();
  }

  /** Starts one cell, by its place from 0 among the code cells. */
  async start(cell: number): Promise<void> {
    await this.cell(cell).locator(".jp-InputPrompt").click();
    await this.page.keyboard.press("Escape");
    await this.page.keyboard.press("Control+Enter");
  }

  /** A code cell, by its place from 0. */
  cell(at: number): Locator {
    return this.page.locator(".jp-CodeCell").nth(at);
  }

  /** The text of each output of a code cell. */
  async outputs(at: number): Promise<string[]> {
    const texts = await this.cell(at).locator(".jp-OutputArea-output").allInnerTexts();
    return texts.map((text) => text.trim());
  }

  /** The execution counts as the prompts show them. */
  async counts(): Promise<string[]> {
    return this.page.locator(".jp-CodeCell .jp-InputPrompt").allInnerTexts();
  }

  /** Waits until the kernel has nothing to do. */
  async idle(): Promise<void> {
    await this.page.locator(`${INDICATOR}[data-status="idle"]`).waitFor();
  }

  /** Waits until no cell waits for its turn and the kernel is idle. */
  async allDone(): Promise<void> {
    const waiting = this.page.locator(".jp-CodeCell .jp-InputPrompt", { hasText: "*" });
    const begun = Date.now();
    await this.page.waitForTimeout(300);
    while ((await waiting.count()) > 0) {
      if (Date.now() - begun > STEP_LIMIT_MILLISECONDS) throw new Error("Cannot go on: a cell does not end");
      await this.page.waitForTimeout(100);
    }
    await this.idle();
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }
}
