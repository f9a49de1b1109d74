/** A Jupyter client for the tests: starts a kernel process, speaks the wire format, and keeps all that it hears. */
import { type ChildProcess, spawn } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Dealer, Request as RequestSocket, Subscriber } from "zeromq";
import { packageFile } from "../../../lib/io/index.js";

/** The kernel with the fake session. */
export const FAKE: string = fileURLToPath(new URL("./fake-kernel.js", import.meta.url));
/** The real one, as the kernelspec starts it. */
export const REAL: string = packageFile("kernel-extensions", "jupyter", "launch.cjs");

export type Channel = "shell" | "control" | "stdin";

export interface Received {
  readonly type: string;
  /** The id of the request that it answers. */
  readonly parent: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they expect
  readonly content: any;
  readonly header: Record<string, unknown>;
  readonly signed: boolean;
}

const PORTS = ["shell_port", "control_port", "iopub_port", "stdin_port", "hb_port"] as const;

/** A folder with a connection file in it, for ports that are free. */
export async function prepareConnection(
  key: string,
): Promise<{ folder: string; file: string; ports: Record<string, number> }> {
  const folder = mkdtempSync(join(tmpdir(), "gpic-lab-kernel-"));
  const numbers = await freePorts(PORTS.length);
  const ports = Object.fromEntries(PORTS.map((name, i) => [name, numbers[i]!]));
  const file = join(folder, "connection.json");
  const common = { transport: "tcp", ip: "127.0.0.1", signature_scheme: "hmac-sha256" };
  writeFileSync(file, JSON.stringify({ ...common, key, ...ports }));
  return { folder, file, ports };
}

/** A running kernel and the sockets to it. */
export class Client {
  readonly key: string;
  readonly process: ChildProcess;
  readonly replies: Received[] = [];
  readonly published: Received[] = [];
  readonly sockets: Record<Channel, Dealer>;
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
  stdout = "";
  stderr = "";
  readonly #folder: string;
  readonly #iopub = new Subscriber({ linger: 0, receiveHighWaterMark: 0 });
  readonly #heartbeat = new RequestSocket({ linger: 0 });
  readonly #news = new EventEmitter().setMaxListeners(0);
  #telling: NodeJS.Timeout | undefined;
  readonly #sending = new Map<Channel, Promise<void>>();

  private constructor(child: ChildProcess, folder: string, key: string, ports: Record<string, number>) {
    this.process = child;
    this.key = key;
    this.#folder = folder;
    this.ended = once(child, "exit").then(([code, signal]) => ({ code, signal }));
    child.stdout?.on("data", (chunk) => {
      this.stdout += chunk;
    });
    child.stderr?.on("data", (chunk) => {
      this.stderr += chunk;
    });
    const connect = (port: string) => {
      const socket = new Dealer({ linger: 0, receiveHighWaterMark: 0 });
      socket.connect(`tcp://127.0.0.1:${ports[port]}`);
      return socket;
    };
    this.sockets = {
      shell: connect("shell_port"),
      control: connect("control_port"),
      stdin: connect("stdin_port"),
    };
    this.#iopub.connect(`tcp://127.0.0.1:${ports.iopub_port}`);
    this.#iopub.subscribe();
    this.#heartbeat.connect(`tcp://127.0.0.1:${ports.hb_port}`);
    for (const socket of [this.sockets.shell, this.sockets.control]) void this.#listen(socket, this.replies);
    void this.#listen(this.#iopub, this.published);
  }

  /**
   * Starts a kernel and waits until it answers on shell and iopub.
   * @param program the script that is given the connection file
   */
  static async start(
    program: string,
    options: { key?: string; env?: Record<string, string> } = {},
  ): Promise<Client> {
    const key = options.key ?? randomUUID();
    const { folder, file, ports } = await prepareConnection(key);
    const child = spawn(process.execPath, [program, file], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, JPY_PARENT_PID: String(process.pid), ...options.env },
    });
    const client = new Client(child, folder, key, ports);
    await client.#hear();
    return client;
  }

  /** Sends a request; returns its id. */
  send(channel: Channel, type: string, content: object): string {
    const id = randomUUID();
    this.sendFrames(channel, this.frames(id, type, content));
    return id;
  }

  /** The frames of a request, rightly signed. */
  frames(id: string, type: string, content: unknown): string[] {
    const header = { msg_id: id, msg_type: type, session: "test", username: "", date: "", version: "5.3" };
    const parts = [header, {}, {}, content].map((part) => JSON.stringify(part));
    return ["<IDS|MSG>", this.sign(parts), ...parts];
  }

  sign(parts: readonly (string | Buffer)[]): string {
    if (this.key === "") return "";
    const hmac = createHmac("sha256", this.key);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  }

  sendFrames(channel: Channel, frames: readonly (string | Buffer)[]): void {
    const before = this.#sending.get(channel) ?? Promise.resolve();
    this.#sending.set(
      channel,
      before.then(() => this.sockets[channel].send([...frames])),
    );
  }

  execute(code: string, options: object = {}): string {
    return this.send("shell", "execute_request", { code, silent: false, store_history: true, ...options });
  }

  /** Sends a request and waits for its reply and its idle. */
  async ask(channel: Channel, type: string, content: object): Promise<Received> {
    const id = this.send(channel, type, content);
    const reply = await this.reply(id);
    await this.idle(id);
    return reply;
  }

  /** Runs a cell; gives its reply and what was published between busy and idle. */
  async run(code: string, options: object = {}): Promise<{ reply: Received; outputs: Received[] }> {
    const id = this.execute(code, options);
    const reply = await this.reply(id);
    return { reply, outputs: await this.idle(id) };
  }

  reply(id: string): Promise<Received> {
    return this.until(() => this.replies.find((message) => message.parent === id));
  }

  /** What was published for a request between its busy and its idle. */
  async idle(id: string): Promise<Received[]> {
    const isIdle = (message: Received) =>
      message.parent === id && message.type === "status" && message.content.execution_state === "idle";
    await this.until(() => this.published.findLast(isIdle));
    const all = this.of(id);
    return all.slice(1, all.findIndex(isIdle));
  }

  /** Waits until a request has published a stream: its cell is running. */
  stream(id: string): Promise<Received> {
    return this.until(() => this.of(id).find((message) => message.type === "stream"));
  }

  /** All that was published for a request. */
  of(id: string): Received[] {
    return this.published.filter((message) => message.parent === id);
  }

  /** Waits until something that was heard satisfies the test. */
  async until<T>(test: () => T | undefined): Promise<T> {
    for (;;) {
      const found = test();
      if (found !== undefined) return found;
      if (this.process.exitCode !== null || this.process.signalCode !== null)
        throw new Error(`the kernel has ended: ${this.stderr}`);
      await Promise.race([once(this.#news, "news"), this.ended]);
    }
  }

  /** Sends a heartbeat and gives back its echo. */
  async beat(text: string): Promise<string> {
    await this.#heartbeat.send(text);
    const [echo] = await this.#heartbeat.receive();
    return String(echo);
  }

  /** Ends the process, where it has not ended, and closes the sockets. */
  async close(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) this.process.kill("SIGKILL");
    await this.ended;
    for (const socket of [...Object.values(this.sockets), this.#iopub, this.#heartbeat]) socket.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Asks for kernel_info until something is heard on iopub: a subscription takes a moment to arrive. */
  async #hear(): Promise<void> {
    const ids: string[] = [];
    const timer = setInterval(() => ids.push(this.send("shell", "kernel_info_request", {})), 100);
    try {
      await this.until(() => ids.find((id) => this.of(id).length > 0));
    } finally {
      clearInterval(timer);
    }
    for (const id of ids) await this.reply(id);
  }

  async #listen(socket: Dealer | Subscriber, into: Received[]): Promise<void> {
    for await (const frames of socket) {
      into.push(this.#parse(frames));
      // Many messages that come at once are looked at once.
      this.#telling ??= setTimeout(() => {
        this.#telling = undefined;
        this.#news.emit("news");
      }, 2);
    }
  }

  #parse(frames: readonly Buffer[]): Received {
    const at = frames.findIndex((frame) => frame.toString() === "<IDS|MSG>");
    const parts = frames.slice(at + 2, at + 6);
    const [header, parent, , content] = parts.map((part) => JSON.parse(part.toString()));
    const signed = frames[at + 1]!.toString() === this.sign(parts);
    return { type: header.msg_type, parent: parent.msg_id, content, header, signed };
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
