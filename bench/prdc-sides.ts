/** Sides of a benchmark of metrics: processes that take turns, each with its times, its answer and its peak memory. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { packageFile } from "../lib/io/index.js";
import { type LineProcess, startLines } from "./features-process.js";
import { type BenchRow, median, type PeerValue } from "./piece.js";
import type { FeatureFiles } from "./prdc-data.js";

/** What a side says of one run. */
export interface MetricAnswer {
  readonly seconds: number;
  readonly values: { readonly [name: string]: number };
}

/** A side: ours by its metric, or a peer's variant with what Python must import for it. */
export interface MetricSide {
  readonly name: string;
  readonly imports?: string;
}

/** What a side came to, or why it was skipped. */
export type SideResult =
  | {
      readonly seconds: number;
      /** Peak resident memory of the process; undefined where the system does not tell. */
      readonly megabytes: number | undefined;
      readonly values: MetricAnswer["values"];
      readonly skipped?: undefined;
    }
  | { readonly skipped: string };

/** Runs of each side, which take turns. */
export const RUNS = 3;

/** Our side and the peers', in the order that they were given. */
export async function runSides(
  ours: MetricSide,
  peers: readonly MetricSide[],
  files: FeatureFiles,
  progress: (line: string) => void,
): Promise<SideResult[]> {
  const sides = [startOurs(ours), ...peers.map(startPeer)];
  const names = ["ours", ...peers.map(({ name }) => name)];
  const answers = sides.map((): MetricAnswer[] => []);
  try {
    for (let run = 0; run < RUNS; run++)
      for (const [at, side] of sides.entries())
        if (typeof side !== "string") {
          progress(`${ours.name}: ${names[at]}, run ${run + 1} of ${RUNS}`);
          answers[at]!.push(await side.ask<MetricAnswer>(files));
        }
    return sides.map((side, at) => {
      if (typeof side === "string") return { skipped: side };
      const seconds = median(answers[at]!.map((answer) => answer.seconds));
      return { seconds, megabytes: peakMegabytes(side.pid), values: answers[at]![0]!.values };
    });
  } finally {
    for (const side of sides) if (typeof side !== "string") await side.end();
  }
}

/**
 * Rows of the table for one peer: time and memory.
 * @param share what part of the peer's the issue of the work allows, of each; nothing where it names none
 */
export function sideRows(
  work: string,
  ours: SideResult,
  peer: { readonly name: string; readonly result: SideResult },
  share: { readonly seconds?: number; readonly megabytes?: number } = {},
): BenchRow[] {
  if (ours.skipped !== undefined) throw new Error(`Cannot measure ${work}: ${ours.skipped}`);
  const row = (what: string, unit: string, key: "seconds" | "megabytes"): BenchRow | undefined => {
    const mine = ours[key];
    if (mine === undefined) return undefined;
    const theirs = peer.result.skipped === undefined ? peer.result[key] : undefined;
    const value: PeerValue =
      theirs === undefined
        ? { name: peer.name, skipped: peer.result.skipped ?? "the system does not tell" }
        : { name: peer.name, value: theirs };
    const part = share[key];
    return {
      work: `${work}${what}`,
      unit,
      ours: mine,
      runs: RUNS,
      ...(theirs !== undefined && part !== undefined
        ? { atMost: Number((theirs * part).toPrecision(3)) }
        : {}),
      peer: value,
    };
  };
  return [row("", "s", "seconds"), row(", peak memory", "MB", "megabytes")].filter(
    (one) => one !== undefined,
  );
}

function startOurs({ name }: MetricSide): LineProcess {
  return startLines(process.execPath, [fileURLToPath(new URL("./prdc-ours.js", import.meta.url)), name]);
}

function startPeer({ name, imports }: MetricSide): LineProcess | string {
  const python = process.env.GPIC_LAB_BENCH_PYTHON || "python3";
  try {
    execFileSync(python, ["-c", `import ${imports}`], { stdio: "ignore" });
  } catch {
    return `${python} does not import ${imports}`;
  }
  return startLines(python, [packageFile("bench", "prdc-peers.py"), name]);
}

/** The most memory that a process has had, where Linux tells it. */
function peakMegabytes(pid: number): number | undefined {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1000;
  } catch {
    return undefined;
  }
}
