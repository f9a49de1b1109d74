/** The arrays that numpy made, and Python with numpy where there is one. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { type NpyData, openFileSource, packageFile } from "gpic-lab/io";

/** What an array holds, as make.py wrote it down. */
export interface ExpectedArray {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly isFortran: boolean;
  readonly isBigEndian: boolean;
  readonly values: readonly (number | string)[];
}

/** test/golden/arrays/expected.json */
export interface Expected {
  readonly npy: Readonly<Record<string, ExpectedArray>>;
  readonly headers: readonly { readonly dtype: string; readonly shape: number[]; readonly latin1: string }[];
  readonly features: {
    readonly rows: number[];
    readonly mu: number[];
    readonly sigma: number[];
    readonly keys: string[];
    readonly shards: number[];
  };
  readonly far: { readonly rows: number[]; readonly mean: number[]; readonly covariance: number[] };
}

export const expected: Expected = JSON.parse(readFileSync(goldenArray("expected.json"), "utf8"));

export function goldenArray(name: string): string {
  return packageFile("test", "golden", "arrays", name);
}

export function goldenSource(name: string): ReturnType<typeof openFileSource> {
  return openFileSource(goldenArray(name));
}

/** Elements as expected.json writes them. */
export function plain(data: NpyData): (number | string)[] {
  return Array.from(data as ArrayLike<number | bigint | string>, (value) =>
    typeof value === "bigint" || (typeof value === "number" && !Number.isFinite(value))
      ? String(value).replace("Infinity", "inf").replace("NaN", "nan")
      : value,
  );
}

const OWN = packageFile(
  ".venv",
  ...(process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"]),
);
const candidates = [process.env.GPIC_LAB_PYTHON, existsSync(OWN) ? OWN : undefined, "python3"];

/** An interpreter that has numpy; undefined for none. */
export const python: string | undefined = candidates.find(
  (path) => path && spawnSync(path, ["-c", "import numpy"]).status === 0,
);

/** Why such a test is skipped; false where it is not. */
export const skip: string | false =
  python === undefined && "no numpy: set GPIC_LAB_PYTHON to a Python that has it";

/** Runs a script; gives what it printed, as JSON. */
export function runPython(script: string, ...words: string[]): unknown {
  const { status, stdout, stderr } = spawnSync(python!, ["-c", script, ...words], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}
