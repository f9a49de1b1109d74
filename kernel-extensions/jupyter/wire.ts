/**
 * Messages as frames: Jupyter's wire format (messaging protocol 5.3, "The wire protocol") with its signatures.
 *
 * frames: identities ..., "<IDS|MSG>", HMAC-SHA256 of the next four in hexadecimal, header, parent header, metadata,
 * content (JSON), then buffers, which this kernel does not use.
 */
import { createHmac, timingSafeEqual } from "node:crypto";

const DELIMITER = Buffer.from("<IDS|MSG>");
/** How many accepted signatures are remembered to refuse replays; as many as Jupyter's own Session keeps. */
const REMEMBERED_SIGNATURES = 65_536;

/** What every message says of itself. */
export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly [field: string]: unknown;
}

/** A request that a client sent. */
export interface Request {
  readonly identities: readonly Uint8Array[];
  readonly header: Header;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly content: Readonly<Record<string, unknown>>;
}

/** Header, parent header, metadata and content of a message, each as JSON text. */
export type Parts = readonly [header: string, parent: string, metadata: string, content: string];

/** Signs what goes out and checks what comes in, for all channels of one kernel. */
export class Signer {
  readonly #key: string;
  readonly #seen = new Set<string>();

  /** @param key the connection file's key; empty: nothing is signed, and every message is accepted */
  constructor(key: string) {
    this.#key = key;
  }

  /** The signature of four parts, in lower-case hexadecimal; empty where there is no key. */
  sign(parts: readonly (string | Uint8Array)[]): string {
    if (this.#key === "") return "";
    const hmac = createHmac("sha256", this.#key);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  }

  /** Whether the signature is right and was not accepted before; compared in constant time. */
  accepts(signature: Uint8Array, parts: readonly Uint8Array[]): boolean {
    if (this.#key === "") return true;
    const right = this.sign(parts);
    const expected = Buffer.from(right);
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) return false;
    if (this.#seen.has(right)) return false;
    this.#seen.add(right);
    if (this.#seen.size > REMEMBERED_SIGNATURES) this.#seen.delete(this.#seen.values().next().value!);
    return true;
  }
}

/**
 * Reads a request from its frames.
 * @returns the request; undefined where it is damaged, forged or replayed, which is to be ignored
 */
export function decode(signer: Signer, frames: readonly Uint8Array[]): Request | undefined {
  const start = frames.findIndex((frame) => DELIMITER.equals(frame));
  const parts = frames.slice(start + 2, start + 6);
  const signature = frames[start + 1];
  if (start < 0 || signature === undefined || parts.length < 4) return undefined;
  if (!signer.accepts(signature, parts)) return undefined;
  const [header, , metadata, content] = parts.map(parseObject);
  if (header === undefined || metadata === undefined || content === undefined) return undefined;
  if (typeof header.msg_id !== "string" || typeof header.msg_type !== "string") return undefined;
  return { identities: frames.slice(0, start), header: header as Header, metadata, content };
}

/**
 * The frames of a message.
 * @param identities whom it is for on a routed channel; the topic on iopub
 */
export function encode(
  signer: Signer,
  identities: readonly (string | Uint8Array)[],
  parts: Parts,
): (string | Uint8Array)[] {
  return [...identities, DELIMITER, signer.sign(parts), ...parts];
}

function parseObject(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString());
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
