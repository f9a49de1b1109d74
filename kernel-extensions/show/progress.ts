/**
 * How far a long piece of work is: the count, the rate and the time left while it runs, the count alone when it has
 * ended, so that what stays in a notebook is the same from run to run.
 *
 * In JupyterLab one display replaces itself; headless only the last state is written; a terminal's line on standard
 * error replaces itself, and a log file gets the last state.
 */
import { randomUUID } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { signal as cellSignal } from "./display.js";
import { displayText } from "./display-text.js";
import { escapeHtml } from "./escape.js";
import { type CellHost, currentHost } from "./host.js";
import { formatCount, formatNumber } from "./numbers.js";

/** What is counted. */
export interface ProgressOptions {
  /** How many there are in all, where that is known. */
  readonly total?: number;
  /** What is done: "Reading the shards". */
  readonly label: string;
  /** What is counted, in the plural: "images". */
  readonly unit?: string;
  /** What stops the work; by default the interrupt of the running cell. */
  readonly signal?: AbortSignal;
}

/** Where progress is shown and what time it is: a test gives its own. */
export interface ProgressSurroundings {
  readonly host: Pick<CellHost, "frontEnd" | "display"> | undefined;
  readonly terminal: { readonly isTTY?: boolean; write(text: string): unknown };
  readonly nowMilliseconds: () => number;
}

/** Ten updates a second are as many as eyes can follow. */
const UPDATE_MILLISECONDS = 100;
/** A rate from less time than this is noise. */
const RATE_AFTER_MILLISECONDS = 500;

/** A piece of work under way. */
export class Progress {
  readonly #options: ProgressOptions;
  readonly #around: ProgressSurroundings;
  readonly #signal: AbortSignal;
  readonly #id = randomUUID();
  readonly #startMilliseconds: number;
  #shownMilliseconds = Number.NEGATIVE_INFINITY;
  #count = 0;
  #displayed = false;
  #ended = false;

  /** Use `progress`. */
  constructor(options: ProgressOptions, around: ProgressSurroundings) {
    const { total } = options;
    if (total !== undefined && !(total >= 0 && Number.isFinite(total)))
      throw new RangeError(`Cannot show progress: a total of 0 or more is needed, got ${total}`);
    this.#options = options;
    this.#around = around;
    this.#signal = options.signal ?? cellSignal();
    this.#startMilliseconds = around.nowMilliseconds();
    this.#update();
  }

  /** How many are done. */
  get count(): number {
    return this.#count;
  }

  /**
   * Counts `n` more.
   * @throws an error named AbortError when the work is to stop
   */
  advance(n = 1): void {
    this.set(this.#count + n);
  }

  /**
   * Sets how many are done.
   * @throws an error named AbortError when the work is to stop
   */
  set(count: number): void {
    if (!(count >= 0))
      throw new RangeError(`Cannot show progress: a count of 0 or more is needed, got ${count}`);
    this.#count = count;
    if (this.#signal.aborted) {
      this.#end("stopped");
      throw abortError(this.#signal, this.#state("stopped"));
    }
    this.#update();
  }

  /** Ends the work: its last state stays. A second call does nothing. */
  done(): void {
    this.#end("done");
  }

  /**
   * The items of an iterable, each counted when the next one is asked for; ended with the last one.
   * @throws an error named AbortError when the work is to stop
   * @example for await (const image of progress({ label: "Reading", total: 12, unit: "images" }).over(images)) { ... }
   */
  async *over<Item>(items: Iterable<Item> | AsyncIterable<Item>): AsyncGenerator<Item, void, undefined> {
    let turnMilliseconds = this.#around.nowMilliseconds();
    try {
      for await (const item of items) {
        this.set(this.#count);
        yield item;
        this.advance();
        if (this.#around.nowMilliseconds() - turnMilliseconds < UPDATE_MILLISECONDS) continue;
        // Lets the interrupt come in and the display go out where the items themselves need no waiting.
        await nextTurn();
        turnMilliseconds = this.#around.nowMilliseconds();
      }
      this.#end("done");
    } finally {
      this.#end("stopped");
    }
  }

  #update(): void {
    const now = this.#around.nowMilliseconds();
    if (this.#ended || now - this.#shownMilliseconds < UPDATE_MILLISECONDS) return;
    this.#shownMilliseconds = now;
    const { host, terminal } = this.#around;
    const text = this.#state("running") + this.#pace(now);
    if (host?.frontEnd === "jupyter") this.#display(host, text, this.#bar());
    else if (host === undefined && terminal.isTTY === true) terminal.write(`\r\u001b[2K${text}`);
  }

  #end(how: "done" | "stopped"): void {
    if (this.#ended) return;
    this.#ended = true;
    const { host, terminal } = this.#around;
    const text = this.#state(how);
    if (host !== undefined) this.#display(host, text, "");
    else terminal.write(`${terminal.isTTY === true ? "\r\u001b[2K" : ""}${text}\n`);
  }

  #display(host: Pick<CellHost, "display">, text: string, bar: string): void {
    const data = {
      "text/html": `<div class="gpic-progress">${bar}${escapeHtml(text)}</div>`,
      "text/plain": text,
    };
    host.display(data, { id: this.#id, update: this.#displayed });
    this.#displayed = true;
  }

  #state(how: "running" | "done" | "stopped"): string {
    const { total, label, unit } = this.#options;
    const whole = total !== undefined && !(how === "done" && this.#count === total);
    const counted = whole ? `${formatCount(this.#count)} of ${formatCount(total)}` : formatCount(this.#count);
    const units = unit === undefined ? "" : ` ${displayText(unit)}`;
    return `${displayText(label)}: ${how === "stopped" ? "stopped at " : ""}${counted}${units}`;
  }

  #pace(now: number): string {
    const elapsed = now - this.#startMilliseconds;
    if (elapsed < RATE_AFTER_MILLISECONDS || this.#count === 0) return "";
    const perSecond = (1000 * this.#count) / elapsed;
    const rate = `, ${formatNumber(Number(perSecond.toPrecision(2)))}/s`;
    const { total } = this.#options;
    return total === undefined || total <= this.#count
      ? rate
      : `${rate}, ${duration((total - this.#count) / perSecond)} left`;
  }

  #bar(): string {
    const { total } = this.#options;
    return total === undefined
      ? ""
      : `<progress max="${total}" value="${Math.min(this.#count, total)}"></progress> `;
  }
}

/**
 * Shows how far a piece of work is.
 * @param options what is done and counted; `total` gives the time left
 * @returns the count to advance; end it with `done()`, or let `over` do both
 * @throws {RangeError} for a negative total
 * @example
 * const reading = progress({ label: "Reading", total: images.length, unit: "images" });
 * for await (const image of reading.over(images)) await measure(image);
 * // Reading: 400 of 1,000 images, 120/s, 5 s left   and at the end   Reading: 1,000 images
 */
export function progress(options: ProgressOptions): Progress {
  return new Progress(options, {
    host: currentHost(),
    terminal: process.stderr,
    nowMilliseconds: () => performance.now(),
  });
}

/** What work that is to stop ends with: the signal's own AbortError, or one that has its reason as its cause. */
export function abortError(signal: AbortSignal, message: string): unknown {
  const reason: unknown = signal.reason;
  if (reason instanceof Error && reason.name === "AbortError") return reason;
  return Object.assign(new Error(message, { cause: reason }), { name: "AbortError" });
}

/**
 * A length of time in one unit, as one waits for it.
 * @example duration(300) // "5 min"
 */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
