/** What `doctor` may ask of a machine: behind one interface, so that its tests bring machines of their own. */
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statfsSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, cpus, homedir, totalmem } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../../lib/io/index.js";

/** A machine, as far as `doctor` looks at it. */
export interface Machine {
  readonly platform: string;
  readonly nodeVersion: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** The folder of the package: a checkout, or the installed package. */
  readonly root: string;
  readonly cpuModel: string;
  readonly cpuCount: number;
  /** What this process may use: a container's limit where one is set. */
  readonly memoryBytes: number;
  /** The free bytes of the disk that holds the folder; undefined where the system does not say. */
  diskFreeBytes(folder: string): number | undefined;
  /** The text of a file; undefined where it cannot be read. */
  readText(file: string): string | undefined;
  exists(file: string): boolean;
  /** All files under a folder, as paths relative to it; empty where there is none. */
  listFiles(folder: string): readonly string[];
  /** The standard output of a program that ended with 0 in time; undefined else. */
  run(command: string, args: readonly string[]): Promise<string | undefined>;
  /** The package.json of a package that the project could import; undefined where it is not installed. */
  packageJson(name: string): string | undefined;
}

// nvidia-smi waits for ever on a driver that hangs; a cold Jupyter needs a few seconds
const PROGRAM_TIMEOUT_MILLISECONDS = 15_000;

/** The machine that this process runs on. */
export function thisMachine(): Machine {
  const require = createRequire(import.meta.url);
  return {
    platform: process.platform,
    nodeVersion: process.versions.node,
    environment: process.env,
    home: homedir(),
    root: packageRoot,
    cpuModel: cpus()[0]?.model.trim() ?? "",
    cpuCount: availableParallelism(),
    memoryBytes: Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY),
    diskFreeBytes: (folder) => attempt(() => free(folder)),
    readText: (file) => attempt(() => readFileSync(file, "utf8")),
    exists: existsSync,
    listFiles: (folder) => attempt(() => readdirSync(folder, { recursive: true, encoding: "utf8" })) ?? [],
    run: runProgram,
    packageJson: (name) =>
      (require.resolve.paths(name) ?? [])
        .map((folder) => join(folder, name, "package.json"))
        .find(existsSync),
  };
}

function free(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

function runProgram(command: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(
      command,
      [...args],
      { timeout: PROGRAM_TIMEOUT_MILLISECONDS, killSignal: "SIGKILL", encoding: "utf8" },
      (error, stdout) => resolve(error ? undefined : stdout),
    );
  });
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
