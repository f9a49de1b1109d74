/**
 * The text streams of one cell: put together from writes, sent in pieces of 64 KB or every 40 ms, cut at a limit that
 * its displays count towards too.
 *
 * One message a write would lose output (a ZeroMQ queue has an end) and take minutes; so writes are joined, in order,
 * and a character whose bytes come in two writes is kept together.
 */
import { StringDecoder } from "node:string_decoder";
// taken at load: a cell that mocks the global timers must not hold its output back
import { clearTimeout, setTimeout } from "node:timers";
import type { MimeBundle } from "../show/host.js";
import type { Output } from "./messages.js";

/** Sent at once when so much has gathered: large enough for few messages, small enough to be seen early. */
const PIECE_CHARACTERS = 65_536;
/** The longest that text waits: below what a person notices. */
const PIECE_MILLISECONDS = 40;
/** What one cell may give. More makes front ends hang and notebooks unreadable; a file is the better place. */
export const MAXIMUM_STREAM_CHARACTERS = 32 * 1024 * 1024;
/** What a display counts for besides the characters of its values: its message and its object. */
const DISPLAY_CHARACTERS = 256;

const now = performance.now.bind(performance);

const LONE_SURROGATES = /\p{Surrogate}/gu;

type StreamName = "stdout" | "stderr";

/** Gathers what a cell writes and hands it on as stream outputs. */
export class CellStreams {
  readonly #emit: (output: Output) => void;
  readonly #decoders = { stdout: new StringDecoder("utf8"), stderr: new StringDecoder("utf8") };
  #pending: { name: StreamName; parts: string[] }[] = [];
  #pendingCharacters = 0;
  #written = 0;
  #timer: NodeJS.Timeout | undefined;
  /** When the oldest text that waits was written: timers do not fire in a synchronous loop, a look at the clock does. */
  #waitingSince = 0;

  constructor(emit: (output: Output) => void) {
    this.#emit = emit;
  }

  /** Takes one write; bytes are decoded as UTF-8, and what is no character becomes U+FFFD. */
  write(name: StreamName, chunk: string | Uint8Array): void {
    if (this.#written >= MAXIMUM_STREAM_CHARACTERS) return;
    const decoder = this.#decoders[name];
    const text =
      typeof chunk === "string"
        ? decoder.end() + chunk.replace(LONE_SURROGATES, "\ufffd")
        : decoder.write(Buffer.from(chunk));
    if (text.length === 0) return;
    const room = MAXIMUM_STREAM_CHARACTERS - this.#written;
    this.#append(name, text.length > room ? text.slice(0, room).replace(/\p{Surrogate}$/u, "") : text);
    this.#count(text.length);
    const waited = now() - this.#waitingSince;
    if (this.#pendingCharacters > PIECE_CHARACTERS || waited > PIECE_MILLISECONDS) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), PIECE_MILLISECONDS).unref();
  }

  /** Counts an output that is no text. @returns whether there is room for it */
  admit(output: Output): boolean {
    if (this.#written >= MAXIMUM_STREAM_CHARACTERS) return false;
    this.#count(DISPLAY_CHARACTERS + ("data" in output ? bundleCharacters(output.data) : 0));
    return this.#written < MAXIMUM_STREAM_CHARACTERS;
  }

  /** Sends what has gathered, with U+FFFD for a character whose bytes have not all come. */
  finish(): void {
    for (const name of ["stdout", "stderr"] as const) {
      const rest = this.#decoders[name].end();
      if (this.#written < MAXIMUM_STREAM_CHARACTERS && rest.length > 0) this.#append(name, rest);
    }
    this.flush();
  }

  /** Sends what has gathered; called before any other output, so that the order stays. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const pieces = this.#pending;
    this.#pending = [];
    this.#pendingCharacters = 0;
    for (const { name, parts } of pieces) this.#emit({ type: "stream", name, text: parts.join("") });
  }

  #count(characters: number): void {
    this.#written = Math.min(this.#written + characters, MAXIMUM_STREAM_CHARACTERS);
    if (this.#written < MAXIMUM_STREAM_CHARACTERS) return;
    const limit = `${MAXIMUM_STREAM_CHARACTERS / 1024 / 1024} Mi characters`;
    this.#append(
      "stderr",
      `\n[output cut: this cell gave more than ${limit}; write large output to a file]\n`,
    );
  }

  #append(name: StreamName, text: string): void {
    if (this.#pending.length === 0) this.#waitingSince = now();
    const last = this.#pending.at(-1);
    if (last?.name === name) last.parts.push(text);
    else this.#pending.push({ name, parts: [text] });
    this.#pendingCharacters += text.length;
  }
}

function bundleCharacters(bundle: MimeBundle): number {
  let characters = 0;
  for (const value of Object.values(bundle))
    characters += typeof value === "string" ? value.length : jsonCharacters(value);
  return characters;
}

/** Values that have no JSON count for nothing: what they would be sent as is known only where they are sent. */
function jsonCharacters(value: unknown): number {
  try {
    return JSON.stringify(value)?.length ?? 0;
  } catch {
    return 0;
  }
}
