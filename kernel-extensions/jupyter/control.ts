/**
 * The control channel and the heartbeat, in a thread of their own, so that both answer while a cell keeps the main
 * thread busy.
 *
 * Interrupts act from here; all else is checked here and handed to the main thread. This thread also watches the
 * process that started the kernel: when that is gone, so is the kernel, even from `while (true)`.
 */
import { parentPort, workerData } from "node:worker_threads";
import { Reply, Router } from "zeromq";
import { requestInterrupt } from "../session/interrupt.js";
import { type ConnectionInfo, type Message, Wire } from "./wire.js";

/** What the main thread starts this one with. */
export interface ControlOptions {
  readonly connection: ConnectionInfo;
  readonly interruptMemory: SharedArrayBuffer;
}

/** What this thread tells the main thread. */
export type ControlEvent =
  | { readonly type: "bound" }
  | { readonly type: "request"; readonly message: Message }
  /** Answered here; the main thread still says busy and idle. */
  | { readonly type: "answered"; readonly message: Message };

/** What the main thread tells this one. */
export type ControlCommand =
  | { readonly type: "send"; readonly frames: readonly (Uint8Array | string)[] }
  | { readonly type: "close" };

const PARENT_CHECK_MILLISECONDS = 1000;
/** A main thread that has not ended by then after a shutdown request is stuck in a cell. */
const SHUTDOWN_PATIENCE_MILLISECONDS = 3000;

const port = parentPort;
if (port !== null) void serve(workerData as ControlOptions, port);

async function serve(
  { connection, interruptMemory }: ControlOptions,
  main: NonNullable<typeof parentPort>,
): Promise<void> {
  const address = (channel: number) => `${connection.transport}://${connection.ip}:${channel}`;
  const wire = new Wire(connection);
  const control = new Router({ linger: 0 });
  const heartbeat = new Reply({ linger: 0 });
  let sending = Promise.resolve();
  const send = (frames: readonly (Uint8Array | string)[]) => {
    sending = sending
      .then(() =>
        control.send(frames.map((frame) => (typeof frame === "string" ? frame : Buffer.from(frame)))),
      )
      .catch(() => {});
  };
  main.on("message", (command: ControlCommand) => {
    if (command.type === "send") return send(command.frames);
    void sending.then(() => {
      control.close();
      heartbeat.close();
      clearInterval(watch);
      main.close();
    });
  });
  const watch = watchParent();
  await Promise.all([
    control.bind(address(connection.control_port)),
    heartbeat.bind(address(connection.hb_port)),
  ]);
  main.postMessage({ type: "bound" } satisfies ControlEvent);
  void echo(heartbeat);
  try {
    for await (const frames of control) {
      const message = wire.decode(frames);
      if (message === undefined) continue;
      const { msg_type: type } = message.header;
      if (type === "interrupt_request") {
        requestInterrupt(interruptMemory);
        send(wire.encode("interrupt_reply", { status: "ok" }, message.header, message.identities));
        main.postMessage({ type: "answered", message } satisfies ControlEvent);
        continue;
      }
      if (type === "shutdown_request")
        setTimeout(() => process.kill(process.pid, "SIGKILL"), SHUTDOWN_PATIENCE_MILLISECONDS).unref();
      main.postMessage({ type: "request", message } satisfies ControlEvent);
    }
  } catch {
    // the socket was closed while it waited
  }
}

async function echo(heartbeat: Reply): Promise<void> {
  try {
    for await (const frames of heartbeat) await heartbeat.send(frames);
  } catch {
    // the socket was closed while it waited
  }
}

function watchParent(): NodeJS.Timeout {
  const parent = process.ppid;
  const server = Number(process.env.JPY_PARENT_PID) || undefined;
  return setInterval(() => {
    if (process.ppid !== parent || (server !== undefined && !isAlive(server)))
      process.kill(process.pid, "SIGKILL");
  }, PARENT_CHECK_MILLISECONDS);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
