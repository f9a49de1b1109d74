/** A JupyterLab of the project's environment for one test: a folder, a port and a token of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { executable, labEnvironment, quietOptions } from "../../kernel-extensions/setup/lab.js";
import { packageFile } from "../../lib/io/index.js";

const START_LIMIT_MILLISECONDS = 60_000;
const POLL_MILLISECONDS = 100;

/** Why no JupyterLab can be started here; undefined where one can. */
export function labLacks(): string | undefined {
  return existsSync(executable("jupyter-lab"))
    ? undefined
    : "no .venv: npm run lab -- --install-only makes it";
}

/** A running JupyterLab. */
export class LabServer {
  /** The folder that it serves. */
  readonly folder: string;
  readonly #state: string;
  readonly #process: ChildProcess;
  readonly #address: string;
  readonly #token: string;
  #said = "";

  private constructor(state: string, port: number, theme: string) {
    this.#state = state;
    this.folder = join(state, "files");
    this.#address = `http://127.0.0.1:${port}`;
    this.#token = randomUUID();
    mkdirSync(this.folder);
    // every cell is in the page, also those that are not in sight
    writeSettings(state, "notebook-extension/tracker", { windowingMode: "none", scrollPastEnd: false });
    writeSettings(state, "apputils-extension/themes", { theme });
    const options = [
      ...quietOptions().filter((option) => !option.startsWith("--ServerApp.root_dir")),
      `--ServerApp.root_dir=${this.folder}`,
      `--IdentityProvider.token=${this.#token}`,
      ...["--ServerApp.port_retries=0", `--ServerApp.port=${port}`, "--no-browser"],
    ];
    this.#process = spawn(executable("jupyter-lab"), options, {
      cwd: this.folder,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...labEnvironment(),
        JUPYTERLAB_SETTINGS_DIR: join(state, "settings"),
        JUPYTERLAB_WORKSPACES_DIR: join(state, "workspaces"),
        JUPYTER_RUNTIME_DIR: join(state, "runtime"),
      },
    });
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.on("data", (chunk: Buffer) => {
        this.#said = (this.#said + chunk.toString()).slice(-4000);
      });
  }

  /**
   * Starts JupyterLab and waits until it answers.
   * @throws Error with what it said, where it ends or does not answer
   */
  static async start(theme: "JupyterLab Light" | "JupyterLab Dark" = "JupyterLab Light"): Promise<LabServer> {
    mkdirSync(packageFile(".gpic-lab"), { recursive: true });
    const state = mkdtempSync(packageFile(".gpic-lab", "browser-"));
    const server = new LabServer(state, await freePort(), theme);
    try {
      await server.#answers();
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  /** The address under which a browser opens a file of the folder. */
  address(file: string): string {
    return `${this.#address}/lab/tree/${encodeURIComponent(file)}?token=${this.#token}&reset`;
  }

  /** Ends JupyterLab with its kernels, and removes the folder. */
  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const ended = once(this.#process, "exit");
      this.#process.kill("SIGTERM");
      const timer = setTimeout(() => this.#process.kill("SIGKILL"), 10_000);
      await ended;
      clearTimeout(timer);
    }
    rmSync(this.#state, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  async #answers(): Promise<void> {
    for (let waited = 0; waited < START_LIMIT_MILLISECONDS; waited += POLL_MILLISECONDS) {
      if (this.#process.exitCode !== null) break;
      const answer = await fetch(`${this.#address}/api?token=${this.#token}`).catch(() => undefined);
      if (answer?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
    }
    throw new Error(`Cannot start JupyterLab: it does not answer; it said ${this.#said}`);
  }
}

function writeSettings(state: string, plugin: string, settings: object): void {
  const file = join(state, "settings", "@jupyterlab", `${plugin}.jupyterlab-settings`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(settings));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
