/**
 * Adds the kernel to a Jupyter that is already there, and takes it away again.
 *
 * A kernelspec is a folder named after the kernel with kernel.json and logos. What was put there is listed in the
 * folder itself, so that uninstalling removes exactly that.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { packageFile } from "../../lib/io/index.js";

/** The kernel's name: what notebooks carry in their metadata. */
export const KERNEL_NAME = "gpic-lab";

/** Where the kernel goes: a prefix such as a virtual environment, or the person's own Jupyter data. */
export type KernelPlace =
  | { readonly prefix: string; readonly user?: undefined }
  | { readonly user: true; readonly prefix?: undefined };

const LOGOS = ["logo-32x32.png", "logo-64x64.png", "logo-svg.svg"];
const FILES = ["kernel.json", ...LOGOS];

/** What kernel.json says; `metadata.gpic_lab` marks it as ours. */
export function kernelSpec(): object {
  return {
    argv: [process.execPath, packageFile("kernel-extensions", "jupyter", "launch.cjs"), "{connection_file}"],
    display_name: "TypeScript (gpic-lab)",
    language: "typescript",
    interrupt_mode: "message",
    metadata: { debugger: false, gpic_lab: true },
  };
}

/**
 * The folder of the kernelspec.
 * @param environment the variables that Jupyter reads: JUPYTER_DATA_DIR, XDG_DATA_HOME, APPDATA
 */
export function kernelFolder(place: KernelPlace, environment: NodeJS.ProcessEnv = process.env): string {
  const data =
    place.prefix === undefined
      ? userDataFolder(environment)
      : join(resolve(place.prefix), "share", "jupyter");
  return join(data, "kernels", KERNEL_NAME);
}

/**
 * Writes the kernelspec; an older one of ours is replaced.
 * @returns the folder and the files in it
 * @throws Error where another kernel of that name is there
 */
export function installKernel(
  place: KernelPlace,
  environment?: NodeJS.ProcessEnv,
): { folder: string; files: string[] } {
  const folder = kernelFolder(place, environment);
  refuseForeign(folder, "install");
  mkdirSync(folder, { recursive: true });
  for (const logo of LOGOS)
    writeFileSync(join(folder, logo), readFileSync(packageFile("kernel-extensions", "jupyter", logo)));
  writeFileSync(join(folder, "kernel.json"), `${JSON.stringify(kernelSpec(), null, 2)}\n`);
  return { folder, files: FILES };
}

/**
 * Removes what `installKernel` wrote, and the folder where nothing else is in it.
 * @returns the files removed, and those that were not ours and stay
 * @throws Error where no kernel of ours is there
 */
export function uninstallKernel(
  place: KernelPlace,
  environment?: NodeJS.ProcessEnv,
): { folder: string; removed: string[]; left: string[] } {
  const folder = kernelFolder(place, environment);
  if (!existsSync(join(folder, "kernel.json")))
    throw new Error(
      `Cannot uninstall the kernel: it is not installed in ${folder} (see gpic-lab kernel --help)`,
    );
  refuseForeign(folder, "uninstall");
  const removed = FILES.filter((file) => existsSync(join(folder, file)));
  for (const file of removed) rmSync(join(folder, file));
  const left = readdirSync(folder);
  if (left.length === 0) rmdirSync(folder);
  return { folder, removed, left };
}

function refuseForeign(folder: string, action: string): void {
  const file = join(folder, "kernel.json");
  if (!existsSync(file)) return;
  let ours = false;
  try {
    ours = JSON.parse(readFileSync(file, "utf8"))?.metadata?.gpic_lab === true;
  } catch {
    // damaged, so not known to be ours
  }
  if (!ours)
    throw new Error(
      `Cannot ${action} the kernel: ${file} is not one that gpic-lab wrote; move that folder away and run the same command again`,
    );
}

/** Jupyter's data folder of the person, as jupyter_core finds it. */
function userDataFolder(environment: NodeJS.ProcessEnv): string {
  const { JUPYTER_DATA_DIR, XDG_DATA_HOME, APPDATA, HOME } = environment;
  if (JUPYTER_DATA_DIR) return JUPYTER_DATA_DIR;
  const home = HOME ?? homedir();
  if (process.platform === "darwin") return join(home, "Library", "Jupyter");
  if (process.platform === "win32")
    return APPDATA ? join(APPDATA, "jupyter") : join(home, ".jupyter", "data");
  return join(XDG_DATA_HOME || join(home, ".local", "share"), "jupyter");
}
