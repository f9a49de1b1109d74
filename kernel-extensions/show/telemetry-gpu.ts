/**
 * GPUs watched while work goes on: one nvidia-smi that prints a row a GPU twice a second, read as it prints.
 *
 * It may be missing, refuse, hang, print something else or end midway: each becomes a word, never an error. It is
 * started again once, where it had worked. It never outlives its use: stopping kills it, the end of this process kills
 * it, and where this process is killed itself it ends at its next row, into a pipe that nobody reads.
 */
import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { clearTimeout, setTimeout } from "node:timers";
import { type GpuReading, nvidiaSmiArguments, parseGpuRow } from "../../lib/models/nvidia-smi.js";
import { firstLine, startFailure } from "../../lib/models/run-program.js";

/** Who hears what is read, and why nothing is read any more. */
export interface GpuListener {
  /** The newest row of each GPU, in the driver's order. */
  onReadings(readings: readonly GpuReading[]): void;
  /** Called once, when it will not be read again; `reason` is undefined where there is no nvidia-smi at all. */
  onEnd(reason: string | undefined): void;
}

const EVERY_MILLISECONDS = 500;
/** A driver that wakes eight GPUs needs up to three seconds for its first row. */
const SILENCE_MILLISECONDS = 5000;
/** Longer than any row; what goes on without an end of line is none. */
const LONGEST_LINE = 4096;
/** So many lines that are no rows are garbage; a warning or a heading is not. */
const MOST_OTHER_LINES = 20;

const running = new Set<ChildProcess>();
let killsAtExit = false;

/** One nvidia-smi, and the one that may follow it. */
export class GpuWatch {
  readonly #listener: GpuListener;
  readonly #silenceMilliseconds: number;
  #child: ChildProcess | undefined;
  #patience: NodeJS.Timeout | undefined;
  readonly #readings = new Map<number, GpuReading>();
  #line = "";
  #words = "";
  #otherLines = 0;
  #restarted = false;
  #ended = false;

  /**
   * Starts watching.
   * @param listener who hears of it
   * @param silenceMilliseconds how long nothing may come before it counts as hanging
   */
  constructor(listener: GpuListener, silenceMilliseconds: number = SILENCE_MILLISECONDS) {
    this.#listener = listener;
    this.#silenceMilliseconds = silenceMilliseconds;
    this.#start();
  }

  /** Ends watching; nothing is heard afterwards. */
  stop(): void {
    this.#ended = true;
    this.#drop();
  }

  #start(): void {
    this.#line = this.#words = "";
    this.#otherLines = 0;
    let child: ChildProcess;
    try {
      child = spawn("nvidia-smi", nvidiaSmiArguments(EVERY_MILLISECONDS), {
        stdio: ["ignore", "pipe", "ignore"],
        windowsHide: true,
      });
    } catch (error) {
      // some faults of a start are thrown, not emitted: no memory for a process, an argument with a NUL
      this.#end(error instanceof Error ? startFailure(error) : "not started");
      return;
    }
    this.#child = child;
    remember(child);
    letProcessEnd(child);
    this.#expectRow();
    const isOurs = (): boolean => this.#child === child;
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      if (isOurs()) this.#read(text);
    });
    child.on("error", (error) => {
      if (isOurs()) this.#end(startFailure(error));
    });
    child.on("close", (code, signal) => {
      running.delete(child);
      if (!isOurs()) return;
      const said = firstLine(this.#words);
      this.#failed(`nvidia-smi ended with ${signal ?? code}${said === "" ? "" : `: ${said}`}`);
    });
  }

  #read(text: string): void {
    const lines = (this.#line + text).split("\n");
    this.#line = lines.pop() ?? "";
    let rows = 0;
    for (const line of lines) {
      const reading = parseGpuRow(line);
      if (reading === undefined) this.#takeOther(line);
      else {
        this.#readings.set(reading.index, reading);
        rows += 1;
      }
    }
    if (rows > 0) {
      this.#otherLines = 0;
      this.#words = "";
      this.#expectRow();
      this.#listener.onReadings([...this.#readings.values()].sort((a, b) => a.index - b.index));
    } else if (this.#line.length > LONGEST_LINE || this.#otherLines > MOST_OTHER_LINES)
      this.#failed("nvidia-smi prints something else than readings");
  }

  #takeOther(line: string): void {
    if (line.trim() === "") return;
    this.#otherLines += 1;
    this.#words ||= line.slice(0, LONGEST_LINE);
  }

  #expectRow(): void {
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => {
      this.#failed(this.#readings.size > 0 ? "nvidia-smi stopped answering" : "nvidia-smi does not answer");
    }, this.#silenceMilliseconds).unref();
  }

  #failed(reason: string): void {
    const worked = this.#readings.size > 0;
    this.#drop();
    if (this.#ended) return;
    if (!worked || this.#restarted) {
      this.#end(reason);
      return;
    }
    this.#restarted = true;
    this.#start();
  }

  #end(reason: string): void {
    this.#drop();
    if (this.#ended) return;
    this.#ended = true;
    this.#listener.onEnd(reason === "not there" ? undefined : sentence(reason));
  }

  #drop(): void {
    clearTimeout(this.#patience);
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined) return;
    child.kill("SIGKILL");
    child.stdout?.destroy();
  }
}

function sentence(reason: string): string {
  return reason.startsWith("nvidia-smi") ? reason : `nvidia-smi: ${reason}`;
}

/** A watch that nobody ends must not keep a script alive. */
function letProcessEnd(child: ChildProcess): void {
  child.unref();
  const pipe = child.stdout as (Readable & { unref?(): void }) | null;
  pipe?.unref?.();
}

function remember(child: ChildProcess): void {
  running.add(child);
  if (killsAtExit) return;
  killsAtExit = true;
  process.once("exit", () => {
    for (const one of running) one.kill("SIGKILL");
  });
}
