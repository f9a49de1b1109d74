/**
 * A stand-in for nvidia-smi, first on the path of this process and of those that it starts: prints rows as the real one
 * does in a loop, or fails in one of the ways in which the real one fails. Writes down the process of each run.
 */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { TestContext } from "node:test";
import { setTimeout as wait } from "node:timers/promises";

/** How it behaves. */
export type Behaviour =
  | "two GPUs"
  | "not reported"
  | "fails"
  | "ends without a word"
  | "hangs"
  | "stops answering"
  | "dies after two rows"
  | "garbage"
  | "one line without end"
  | "not allowed";

const ROW = "0, GPU-aa, 580.65.06, 81559, 12595, 87, 412.30, NVIDIA H100 80GB HBM3";
const SECOND = "1, GPU-bb, 580.65.06, 23034, 1024, 5, 30.5, NVIDIA L4";
const UNKNOWN = "0, [N/A], 550.54, [N/A], [Not Supported], ERR!, [Unknown Error], NVIDIA <b>GB10</b>";

/** These lines again and again, in words of sh; a quote in them would end them. */
function loop(...lines: readonly string[]): string {
  return `while :; do printf '%s\\n' ${lines.map((line) => `'${line}'`).join(" ")}; sleep 0.05; done`;
}

// sh is there in a moment also on a machine that is busy; exec leaves one process, the one that was started
const HANG = "exec sleep 1000000";
const SCRIPTS: Readonly<Record<Behaviour, string>> = {
  "two GPUs": loop(ROW, SECOND),
  "not reported": loop(UNKNOWN),
  fails: `echo "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver."; exit 9`,
  "ends without a word": "exit 3",
  hangs: `trap "" TERM; ${HANG}`,
  "stops answering": `echo '${ROW}'; echo '${ROW}'; ${HANG}`,
  "dies after two rows": `echo '${ROW}'; sleep 0.05; echo '${ROW}'; sleep 0.05; echo 'GPU is lost'; exit 1`,
  garbage: loop("<html>", "\u001b[31mlorem ipsum", "0, 1, 2", "", "nothing of use"),
  "one line without end": `while :; do printf '%s' '${"x".repeat(1000)}'; sleep 0.01; done`,
  "not allowed": "",
};

/** Where it lies, and which of its processes are still there. */
export interface StandIn {
  /** The processes that were started so far. */
  pids(): readonly number[];
  /** Those that are still there when they had time to end; empty where none stayed behind. */
  leftBehind(): Promise<readonly number[]>;
}

/** Puts it on the path until the test ends. `undefined` leaves the path without any nvidia-smi. */
export function standIn(t: TestContext, behaviour: Behaviour | undefined): StandIn {
  const folder = mkdtempSync(join(tmpdir(), "gpic-lab-smi-"));
  const log = join(folder, "pids");
  const path = process.env.PATH ?? "";
  t.after(() => {
    process.env.PATH = path;
    rmSync(folder, { recursive: true, force: true });
  });
  const others = path.split(delimiter).filter((one) => !existsSync(join(one, "nvidia-smi")));
  process.env.PATH = [folder, ...others].join(delimiter);
  if (behaviour !== undefined) {
    const program = join(folder, "nvidia-smi");
    writeFileSync(program, `#!/bin/sh\necho $$ >> '${log}'\n${SCRIPTS[behaviour]}\n`);
    chmodSync(program, behaviour === "not allowed" ? 0o644 : 0o755);
  }
  const pids = (): number[] =>
    existsSync(log) ? (readFileSync(log, "utf8").match(/\d+(?=\n)/g) ?? []).map(Number) : [];
  const alive = (): number[] => pids().filter(isAlive);
  return {
    pids,
    leftBehind: async () => {
      for (let look = 0; look < 100 && alive().length > 0; look++) await wait(20);
      return alive();
    },
  };
}

/** Waits for a condition, for at most ten seconds. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  for (let look = 0; look < 500; look++) {
    if (condition()) return;
    await wait(20);
  }
  throw new Error(`waited in vain: ${what}`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
