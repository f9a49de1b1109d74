/** The Python that has Jupyter, for the tests that need one, and the kernel installed where it looks. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installKernel } from "../../kernel-extensions/jupyter/kernelspec.js";
import { packageFile } from "../../lib/io/index.js";

const OWN =
  process.platform === "win32"
    ? packageFile(".venv", "Scripts", "python.exe")
    : packageFile(".venv", "bin", "python");

/** The interpreter: GPIC_LAB_PYTHON, or that of the environment that `npm run lab` makes; undefined for none. */
export const python: string | undefined = process.env.GPIC_LAB_PYTHON || (existsSync(OWN) ? OWN : undefined);

/** Why such a test is skipped; false where it is not. */
export const skip: string | false =
  python === undefined && "no Jupyter: run `npm run lab -- --install-only`, or set GPIC_LAB_PYTHON";

/** A folder in which Jupyter finds the kernel of this package and nothing of the person's own. */
export class Place {
  readonly folder: string = mkdtempSync(join(tmpdir(), "gpic-lab-jupyter-"));

  constructor() {
    installKernel({ prefix: this.folder });
    mkdirSync(join(this.folder, "home"));
  }

  /** Runs Python with these words; gives its exit status and all that it printed. */
  async run(words: readonly string[]): Promise<{ status: number | null; output: string }> {
    const home = join(this.folder, "home");
    const child = spawn(python!, words, {
      cwd: this.folder,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        HOME: home,
        JUPYTER_CONFIG_DIR: join(home, "config"),
        JUPYTER_DATA_DIR: join(home, "data"),
        JUPYTER_RUNTIME_DIR: join(home, "runtime"),
        JUPYTER_PATH: join(this.folder, "share", "jupyter"),
        PYTHONDONTWRITEBYTECODE: "1",
      },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk) => {
        output += chunk;
      });
    const status = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    return { status, output };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
