/** A small Jupyter client that starts a kernel as Jupyter does and runs cells: the same for our kernel and for others. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { Dealer } from "zeromq";
import { compose } from "../kernel-extensions/jupyter/message.js";
import { encode, Signer } from "../kernel-extensions/jupyter/wire.js";
import { packageRoot } from "../lib/io/index.js";
import { prepareConnection } from "../test/kernel-extensions/jupyter/client.js";

// many times what a slow start takes: a kernel that answers nothing ends the benchmark and does not hang it
const REPLY_LIMIT_MILLISECONDS = 60_000;
const KEPT_CHARACTERS = 2000;

/** A running kernel. */
export class KernelClient {
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #signer: Signer;
  readonly #shell = new Dealer({ linger: 0, receiveTimeout: REPLY_LIMIT_MILLISECONDS });
  #said = "";

  private constructor(process: ChildProcess, folder: string, key: string, shellPort: number) {
    this.#process = process;
    this.#folder = folder;
    this.#signer = new Signer(key);
    this.#shell.connect(`tcp://127.0.0.1:${shellPort}`);
    for (const stream of [process.stdout, process.stderr])
      stream?.on("data", (chunk: Buffer) => {
        this.#said = (this.#said + chunk.toString()).slice(-KEPT_CHARACTERS);
      });
  }

  /**
   * Starts a kernel; it need not be ready yet, what is sent waits for it.
   * @param words the words after `node`, for the path of a connection file
   */
  static async start(words: (connectionFile: string) => readonly string[]): Promise<KernelClient> {
    const key = randomUUID();
    const { folder, file, ports } = await prepareConnection(key);
    const child = spawn(process.execPath, words(file), {
      cwd: packageRoot,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, JPY_PARENT_PID: String(process.pid) },
    });
    return new KernelClient(child, folder, key, Number(ports.shell_port));
  }

  /**
   * Runs a cell and waits for the reply.
   * @throws Error where the cell fails or the kernel does not answer
   */
  async execute(code: string): Promise<void> {
    const content = { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: false };
    const parts = compose("bench", "execute_request", undefined, content);
    const { msg_id } = JSON.parse(parts[0]);
    await this.#shell.send(encode(this.#signer, [], parts).map((frame) => Buffer.from(frame)));
    for (;;) {
      const frames = await this.#shell.receive().catch((error: Error) => {
        throw new Error(
          `Cannot measure the kernel: it gives no reply (${error.message}); it said ${this.#said}`,
        );
      });
      const [, parent, , reply] = frames.slice(-4).map((frame) => JSON.parse(frame.toString()));
      if (parent.msg_id !== msg_id) continue;
      if (reply.status === "ok") return;
      throw new Error(`Cannot measure the kernel: the cell ${code} gave ${reply.ename}: ${reply.evalue}`);
    }
  }

  /** Ends the kernel and waits until it is gone. */
  async stop(): Promise<void> {
    this.#shell.close();
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const gone = new Promise((resolve) => this.#process.once("exit", resolve));
      this.#process.kill("SIGKILL");
      await gone;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
