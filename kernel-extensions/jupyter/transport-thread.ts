/**
 * The thread that owns the kernel's five sockets, so that heartbeat, control requests and live output do not wait for
 * a cell that keeps the main thread busy.
 *
 * It checks and signs messages, answers control requests itself, hands the rest to the main thread in order, and ends
 * the process where the main thread cannot: after a shutdown request, and when the parent has died. Node aborts when a
 * process ends with sockets open in a thread, so the main thread asks for `close` and waits for this thread's end.
 */
import { parentPort, workerData } from "node:worker_threads";
import { Publisher, Router } from "zeromq";
import { requestInterrupt } from "../session/interrupt.js";
import { endpoint, type PortName } from "./connection.js";
import { compose } from "./message.js";
import { Outlet } from "./outlet.js";
import { watchParent } from "./parent-watch.js";
import type { FromTransport, RequestChannel, ToTransport, TransportData } from "./transport-messages.js";
import { decode, encode, type Parts, type Request, Signer } from "./wire.js";

/** A main thread that has not ended by then is stuck, and the process is killed. */
const PATIENCE_MILLISECONDS = 3000;
/** Between two interrupts of a kernel that is to end. */
const INTERRUPT_MILLISECONDS = 250;
/** How long closing waits for messages that a client has not yet taken. */
const LINGER_MILLISECONDS = 1000;

const { connection, session, info, namedParent } = workerData as TransportData;
const port = parentPort!;
const signer = new Signer(connection.key);
const unlimited = { linger: LINGER_MILLISECONDS, sendHighWaterMark: 0, receiveHighWaterMark: 0 };
const shell = new Router(unlimited);
const control = new Router(unlimited);
const stdin = new Router(unlimited);
const heartbeat = new Router({ linger: 0 });
const iopub = new Publisher({ linger: LINGER_MILLISECONDS, sendHighWaterMark: 0 });
const outlets = { shell: new Outlet(shell), control: new Outlet(control), iopub: new Outlet(iopub) };
let interruptMemory: SharedArrayBuffer | undefined;
let ending = false;
let stopWatch: () => void = () => undefined;

const sockets = [
  [shell, "shell_port"],
  [control, "control_port"],
  [stdin, "stdin_port"],
  [heartbeat, "hb_port"],
  [iopub, "iopub_port"],
] as const;

try {
  for (const [socket, name] of sockets) await bind(socket, name);
  start();
} catch (error) {
  tell({ kind: "failed", reason: (error as Error).message });
  for (const [socket] of sockets) socket.close();
}

async function bind(socket: Router | Publisher, name: PortName): Promise<void> {
  const address = endpoint(connection, name);
  try {
    await socket.bind(address);
  } catch (error) {
    throw new Error(`Cannot listen on ${address} (${name}): ${(error as Error).message}`);
  }
}

function start(): void {
  stopWatch = watchParent(namedParent, end);
  port.on("message", obey);
  void serve(shell, (frames) => receive("shell", frames));
  void serve(control, (frames) => receive("control", frames));
  void serve(stdin, (frames) => void decode(signer, frames)); // nothing is asked for there, so nothing is awaited
  void serve(heartbeat, (frames) => heartbeat.send(frames));
  publish("status", undefined, { execution_state: "starting" });
}

async function serve(socket: Router, take: (frames: Buffer[]) => unknown): Promise<void> {
  for await (const frames of socket) await take(frames);
}

function receive(channel: RequestChannel, frames: readonly Buffer[]): void {
  const request = decode(signer, frames);
  if (request === undefined) return;
  const type = request.header.msg_type;
  if (type === "shutdown_request") answer(channel, request, shutdown);
  else if (channel === "control" && type === "interrupt_request") answer(channel, request, interrupt);
  else if (type === "kernel_info_request" && (channel === "control" || interruptMemory === undefined))
    answer(channel, request, () => info);
  else tell({ kind: "request", channel, request });
}

function answer(channel: RequestChannel, request: Request, act: (request: Request) => object): void {
  publish("status", request, { execution_state: "busy" });
  const content = act(request);
  const type = request.header.msg_type.replace("_request", "_reply");
  send(channel, request.identities, compose(session, type, request.header, content));
  if (type === "shutdown_reply") publish(type, request, content);
  publish("status", request, { execution_state: "idle" });
}

function interrupt(): object {
  if (interruptMemory !== undefined) requestInterrupt(interruptMemory);
  return { status: "ok" };
}

function shutdown(request: Request): object {
  end();
  return { status: "ok", restart: request.content.restart === true };
}

/** Asks the main thread to end, stops the cell that keeps it, and kills the process where neither helps. */
function end(): void {
  if (ending) return;
  ending = true;
  tell({ kind: "shutdown" });
  setInterval(interrupt, INTERRUPT_MILLISECONDS).unref(); // again: a cell may be about to start
  interrupt();
  setTimeout(() => process.kill(process.pid, "SIGKILL"), PATIENCE_MILLISECONDS).unref();
}

function publish(type: string, request: Request | undefined, content: object): void {
  send("iopub", [`kernel.${session}.${type}`], compose(session, type, request?.header, content));
}

function send(
  channel: keyof typeof outlets,
  identities: readonly (string | Uint8Array)[],
  parts: Parts,
): void {
  outlets[channel].send(encode(signer, identities, parts));
}

function obey(message: ToTransport): void {
  if (message.kind === "send") send(message.channel, message.identities, message.parts);
  else if (message.kind === "ready") interruptMemory = message.interruptMemory;
  else void close();
}

/** Closes the sockets once all is sent; then nothing holds the thread, and it ends. */
async function close(): Promise<void> {
  stopWatch();
  await Promise.all(Object.values(outlets).map((outlet) => outlet.sent()));
  for (const [socket] of sockets) socket.close();
  port.close();
}

function tell(message: FromTransport): void {
  port.postMessage(message);
}
