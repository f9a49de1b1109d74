/**
 * `npm run lab`: JupyterLab in a virtual environment of the project's own, with the kernel, opened on the start notebook.
 *
 * The environment is `.venv`; its packages are the exact ones of requirements.txt. A stamp is written last, so that an
 * interrupted set-up is done again. Jupyter listens on loopback only and keeps its token.
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packageRoot } from "../../lib/io/index.js";
import { installKernel } from "../jupyter/kernelspec.js";

const ENVIRONMENT = join(packageRoot, ".venv");
const STATE = join(packageRoot, ".gpic-lab", "jupyter");
const STAMP = join(ENVIRONMENT, ".gpic-lab-stamp");
const OLDEST_PYTHON = [3, 10] as const;

/**
 * Sets JupyterLab up and runs it until it is stopped.
 * @param args `--install-only` ends after the set-up; `--no-browser`, `--port` and the rest go through to Jupyter
 * @returns the exit status of Jupyter
 * @throws Error with the remedy where Python, its venv module or the registry is missing
 */
export async function runLab(args: readonly string[]): Promise<number> {
  installEnvironment();
  const installOnly = args.includes("--install-only");
  if (installOnly) {
    process.stderr.write("JupyterLab and the kernel are ready in .venv\n");
    return 0;
  }
  const child = spawn(executable("jupyter-lab"), [...quietOptions(), ...args, ...startNotebook(args)], {
    cwd: packageRoot,
    stdio: "inherit",
    env: labEnvironment(),
  });
  const passOn = (signal: NodeJS.Signals) => child.kill(signal);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, passOn);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 0));
  });
}

/** The program of that name in the project's environment. */
export function executable(name: string): string {
  return process.platform === "win32"
    ? join(ENVIRONMENT, "Scripts", `${name}.exe`)
    : join(ENVIRONMENT, "bin", name);
}

/** The variables that keep Jupyter's files inside the project. */
export function labEnvironment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    JUPYTER_CONFIG_DIR: STATE,
    JUPYTER_DATA_DIR: join(STATE, "data"),
    JUPYTER_RUNTIME_DIR: join(STATE, "runtime"),
    JUPYTERLAB_SETTINGS_DIR: join(STATE, "settings"),
    JUPYTERLAB_WORKSPACES_DIR: join(STATE, "workspaces"),
    IPYTHONDIR: join(STATE, "ipython"),
  };
}

/** What makes JupyterLab ask nothing, fetch nothing and listen to this machine alone. */
export function quietOptions(): string[] {
  return [
    "--ServerApp.ip=127.0.0.1",
    `--ServerApp.root_dir=${packageRoot}`,
    "--LabApp.news_url=",
    "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
    ...(process.getuid?.() === 0 ? ["--allow-root"] : []),
  ];
}

function startNotebook(args: readonly string[]): string[] {
  const named = args.some((word) => word.endsWith(".ipynb") || word.startsWith("--LabApp.default_url"));
  return named ? [] : [join("notebooks", "00-start.ipynb")];
}

function installEnvironment(): void {
  const requirements = fileURLToPath(
    new URL("../../../kernel-extensions/setup/requirements.txt", import.meta.url),
  );
  const python = findPython();
  const state = createHash("sha256")
    .update(readFileSync(requirements))
    .update(python.version.join("."))
    .update(packageRoot)
    .digest("hex");
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === state)
    return void installKernel({ prefix: ENVIRONMENT });
  process.stderr.write("Setting up JupyterLab in .venv (once; about half a minute) ...\n");
  rmSync(ENVIRONMENT, { recursive: true, force: true });
  run(python.command, ["-m", "venv", ENVIRONMENT], explainVenv);
  run(
    executable("python"),
    ["-m", "pip", "install", "--disable-pip-version-check", "--quiet", "-r", requirements],
    explainPip,
  );
  // JupyterLab looks for a package.json above itself; without one of its own it finds the project's, and is confused
  writeFileSync(join(ENVIRONMENT, "package.json"), '{ "private": true, "type": "commonjs" }\n');
  const settings = join(ENVIRONMENT, "share", "jupyter", "lab", "settings");
  mkdirSync(settings, { recursive: true });
  cpSync(
    fileURLToPath(new URL("../../../kernel-extensions/setup/overrides.json", import.meta.url)),
    join(settings, "overrides.json"),
  );
  installKernel({ prefix: ENVIRONMENT });
  writeFileSync(STAMP, state);
}

function findPython(): { command: string; version: number[] } {
  const [major, minor] = OLDEST_PYTHON;
  let oldest = "";
  for (const command of ["python3", "python"]) {
    const { status, stdout } = spawnSync(
      command,
      ["-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
      { encoding: "utf8" },
    );
    if (status !== 0) continue;
    const version = stdout.trim().split(".").map(Number);
    if (version[0] === major && (version[1] ?? 0) >= minor) return { command, version };
    oldest ||= stdout.trim();
  }
  throw new Error(
    `Cannot set up JupyterLab: Python ${major}.${minor} or newer is needed, got ${oldest === "" ? "none" : oldest}. Install it (Debian: apt install python3 python3-venv) and run the same command again. Without Python, npm start runs every notebook.`,
  );
}

function run(command: string, args: readonly string[], explain: (output: string) => string): void {
  const { status, stdout, stderr, error, signal } = spawnSync(command, args, {
    encoding: "utf8",
    cwd: packageRoot,
  });
  if (status === 0) return;
  if (signal)
    throw new Error(`Cannot set up JupyterLab: interrupted (${signal}); run the same command again`);
  throw new Error(
    `Cannot set up JupyterLab: ${explain(`${stdout ?? ""}${stderr ?? ""}${error?.message ?? ""}`)}`,
  );
}

function explainVenv(output: string): string {
  if (/ensurepip|No module named venv/.test(output))
    return "Python's venv module is missing. Install it (Debian: apt install python3-venv) and run the same command again.";
  if (/No space left/.test(output))
    return "no disk space left. Free about 300 MB and run the same command again.";
  return `python -m venv failed: ${lastLine(output)}`;
}

function explainPip(output: string): string {
  if (/No space left/.test(output))
    return "no disk space left. Free about 300 MB and run the same command again.";
  if (
    /Failed to establish|NewConnectionError|Temporary failure|timed out|Connection|ProxyError/i.test(output)
  )
    return "the Python package index could not be reached. Connect to the network, or name a mirror in pip's configuration, and run the same command again.";
  return `pip failed: ${lastLine(output)}`;
}

function lastLine(output: string): string {
  return output.trim().split("\n").at(-1) ?? "no reason given";
}
