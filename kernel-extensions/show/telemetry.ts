/**
 * The machine at work, in the cell: images a second, time spent waiting for pictures, GPUs, CPU and memory while an
 * encoder runs; the count alone when it has ended, so that what stays in a notebook is the same on any machine.
 *
 * Shown as `progress` is: in JupyterLab one display replaces itself, headless only the last state is written, a
 * terminal's line on standard error replaces itself. Nothing is measured where nobody sees it. A GPU that is not
 * reported is a word in the panel, never an error of the cell.
 */
import { randomUUID } from "node:crypto";
import { signal as cellSignal } from "./display.js";
import { displayText } from "./display-text.js";
import { escapeHtml } from "./escape.js";
import { type CellHost, currentHost } from "./host.js";
import { abortError, duration } from "./progress.js";
import { Meters } from "./telemetry-meters.js";
import { Series } from "./telemetry-series.js";
import { telemetryHtml } from "./telemetry-view.js";
import { countedImages, measurementWords, type TelemetryView, telemetryText } from "./telemetry-words.js";
import { type TelemetryUpdate, Work } from "./telemetry-work.js";

/** What is watched. */
export interface TelemetryOptions {
  /** What runs: "DINOv2 ViT-L/14". */
  readonly label: string;
  /** How many images there are in all, where that is known. */
  readonly total?: number;
  /** Where it runs, "cpu" or "cuda:1": whose GPU is shown; by default all. */
  readonly device?: string;
  /** Leaves what was measured in the notebook: not the same from run to run. Default false. */
  readonly keepMeasurements?: boolean;
  /** What stops the work; by default the interrupt of the running cell. */
  readonly signal?: AbortSignal;
}

/** Where the panel is shown, what time it is and which GPUs CUDA shows: a test gives its own. */
export interface TelemetrySurroundings {
  readonly host: Pick<CellHost, "frontEnd" | "display"> | undefined;
  readonly terminal: { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown };
  readonly nowMilliseconds: () => number;
  readonly visibleDevices: string | undefined;
}

/** A panel has drawings: five a second are enough. */
const UPDATE_MILLISECONDS = 200;
/** Work that reports nothing for so long has ended without saying so, or hangs: a batch takes less. */
const IDLE_MILLISECONDS = 30_000;

/** An encoder at work. */
export class Telemetry {
  readonly #options: TelemetryOptions;
  readonly #around: TelemetrySurroundings;
  readonly #signal: AbortSignal;
  readonly #id = randomUUID();
  readonly #work: Work;
  readonly #meters: Meters;
  readonly #rates = new Series();
  readonly #waits = new Series();
  readonly #onAbort = (): void => this.#end("stopped");
  #updatedMilliseconds: number;
  #shownMilliseconds = Number.NEGATIVE_INFINITY;
  #displayed = false;
  #ended = false;

  /** Use `telemetry`. */
  constructor(options: TelemetryOptions, around: TelemetrySurroundings) {
    const { total, device } = options;
    if (total !== undefined && !(total >= 0 && Number.isFinite(total)))
      throw new RangeError(`Cannot show telemetry: a total of 0 or more is needed, got ${total}`);
    this.#options = options;
    this.#around = around;
    this.#signal = options.signal ?? cellSignal();
    this.#updatedMilliseconds = around.nowMilliseconds();
    this.#work = new Work(this.#updatedMilliseconds);
    this.#meters = new Meters({
      device,
      visibleDevices: around.visibleDevices,
      nowMilliseconds: around.nowMilliseconds,
      onLook: () => this.#look(),
    });
    this.#signal.addEventListener("abort", this.#onAbort, { once: true });
    if (this.#signal.aborted) this.#end("stopped");
    else this.#resume();
  }

  /**
   * Says how far the work is: totals since it began.
   * @throws {RangeError} for a total below 0
   * @throws an error named AbortError when the work is to stop
   */
  update(totals: TelemetryUpdate): void {
    const now = this.#around.nowMilliseconds();
    if (!this.#ended) this.#work.update(now, totals);
    if (this.#signal.aborted) {
      this.#end("stopped");
      throw abortError(this.#signal, this.#state("stopped"));
    }
    if (this.#ended) return;
    this.#updatedMilliseconds = now;
    this.#resume();
  }

  /** Ends the work: the count stays. A second call does nothing. */
  done(): void {
    this.#end("done");
  }

  /**
   * Runs work under the panel and ends the panel with it, also where the work throws.
   * @returns what the work gives
   * @example await telemetry({ label: "SSCD", total }).during((panel) => extract({ onProgress: (p) => panel.update(p) }))
   */
  async during<Result>(work: (panel: Telemetry) => Result | PromiseLike<Result>): Promise<Result> {
    try {
      const result = await work(this);
      this.#end("done");
      return result;
    } finally {
      this.#end("stopped");
    }
  }

  get #isLive(): boolean {
    const { host, terminal } = this.#around;
    return host === undefined ? terminal.isTTY === true : host.frontEnd === "jupyter";
  }

  #resume(): void {
    if (this.#isLive || this.#options.keepMeasurements === true) this.#meters.start();
    this.#show(this.#around.nowMilliseconds());
  }

  #look(): void {
    const now = this.#around.nowMilliseconds();
    if (now - this.#updatedMilliseconds > IDLE_MILLISECONDS) {
      this.#meters.stop();
      const news = duration(IDLE_MILLISECONDS / 1000);
      if (this.#isLive) this.#write(`${this.#state("running")}, no news for ${news}`);
      return;
    }
    const { imagesPerSecond, waitingShare } = this.#work;
    this.#rates.add(now, imagesPerSecond);
    this.#waits.add(now, waitingShare === null ? null : 100 * waitingShare);
    this.#show(now);
  }

  #show(now: number): void {
    if (!this.#isLive || now - this.#shownMilliseconds < UPDATE_MILLISECONDS) return;
    this.#shownMilliseconds = now;
    const { total, label } = this.#options;
    const { images, imagesPerSecond, waitingShare } = this.#work;
    const view: TelemetryView = {
      ...{ label, images, total, imagesPerSecond, waitingShare },
      counted: countedImages(images, total, false),
      rates: this.#rates,
      waits: this.#waits,
      meters: this.#meters,
      nowMilliseconds: now,
    };
    this.#write(telemetryText(view), telemetryHtml(view));
  }

  #end(how: "done" | "stopped"): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#meters.stop();
    this.#signal.removeEventListener("abort", this.#onAbort);
    const lines = [
      this.#state(how),
      ...(this.#options.keepMeasurements === true ? measurementWords(this.#work, this.#meters) : []),
    ];
    const [first = "", ...rest] = lines.map(escapeHtml);
    const list = rest.map((line) => `<br>${line}`).join("");
    this.#write(lines.join("\n"), `<div class="gpic-telemetry">${first}${list}</div>`, true);
  }

  #write(text: string, html = `<div class="gpic-telemetry">${escapeHtml(text)}</div>`, isLast = false): void {
    const { host, terminal } = this.#around;
    if (host !== undefined) {
      host.display({ "text/html": html, "text/plain": text }, { id: this.#id, update: this.#displayed });
      this.#displayed = true;
    } else {
      const start = terminal.isTTY === true ? "\r\u001b[2K" : "";
      // a line that wraps could not be replaced
      terminal.write(start + (isLast ? `${text}\n` : text.slice(0, (terminal.columns ?? 80) - 1)));
    }
  }

  #state(how: "running" | "done" | "stopped"): string {
    const stopped = how === "stopped" ? "stopped at " : "";
    const counted = countedImages(this.#work.images, this.#options.total, how === "done");
    return `${stopped}${counted} through ${displayText(this.#options.label)}`;
  }
}

/**
 * Shows the machine at work while an encoder runs.
 * @param options what runs, and how many images there are
 * @returns the panel to update; end it with `done()`, or let `during` do it, also where the work throws
 * @throws {RangeError} for a negative total
 * @example
 * const panel = telemetry({ label: "DINOv2 ViT-L/14", total: 1000 });
 * panel.update({ images: 400, waitingSeconds: 0.2, inferSeconds: 3.1 });
 * panel.done(); // leaves: 400 of 1,000 images through DINOv2 ViT-L/14
 */
export function telemetry(options: TelemetryOptions): Telemetry {
  return new Telemetry(options, {
    host: currentHost(),
    terminal: process.stderr,
    nowMilliseconds: () => performance.now(),
    visibleDevices: process.env.CUDA_VISIBLE_DEVICES,
  });
}
