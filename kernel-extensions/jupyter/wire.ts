/**
 * Jupyter's wire format: frames in, checked messages out, and back.
 *
 * A message is `[identities..., "<IDS|MSG>", signature, header, parent_header, metadata, content, buffers...]`; the
 * signature is the HMAC-SHA256 of the four JSON frames under the key of the connection file. A message whose
 * signature or form is wrong is no message: whoever lacks the key can neither make the kernel act nor fall over.
 * Source: Jupyter messaging protocol 5.3.
 */
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

/** The version of the protocol that every header names. */
export const PROTOCOL_VERSION = "5.3";

/** What a connection file says. */
export interface ConnectionInfo {
  readonly transport: string;
  readonly ip: string;
  readonly key: string;
  readonly signature_scheme: string;
  readonly shell_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly control_port: number;
  readonly hb_port: number;
}

/** The header of a message, as it came. */
export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session?: string;
  readonly username?: string;
  readonly [field: string]: unknown;
}

/** A request whose signature was right. */
export interface Message {
  readonly identities: readonly Buffer[];
  readonly header: Header;
  readonly content: Readonly<Record<string, unknown>>;
}

const DELIMITER = "<IDS|MSG>";
/** Signatures that were seen, so that a recorded message cannot be sent again; as many as Jupyter's own client keeps. */
const REMEMBERED_SIGNATURES = 65_536;

/** Signs and checks messages of one connection. */
export class Wire {
  readonly #key: string;
  readonly #session = randomUUID();
  readonly #seen = new Set<string>();

  /** @throws RangeError where the connection file names another signature scheme than HMAC-SHA256 */
  constructor(connection: Pick<ConnectionInfo, "key" | "signature_scheme">) {
    if (connection.key !== "" && connection.signature_scheme !== "hmac-sha256")
      throw new RangeError(
        `Cannot sign messages: the signature scheme is hmac-sha256, got ${connection.signature_scheme}`,
      );
    this.#key = connection.key;
  }

  /** The message in these frames; undefined where its signature, its JSON or its form is wrong. */
  decode(frames: readonly Buffer[]): Message | undefined {
    const at = frames.findIndex((frame) => frame.toString("latin1") === DELIMITER);
    const [signature, header, parent, metadata, content] = frames.slice(at + 1);
    if (at < 0 || !signature || !header || !parent || !metadata || !content) return undefined;
    if (!this.#isSigned(signature, [header, parent, metadata, content])) return undefined;
    const parsedHeader = parseObject(header);
    const parsedContent = parseObject(content);
    if (parsedHeader === undefined || parsedContent === undefined) return undefined;
    if (typeof parsedHeader.msg_type !== "string" || typeof parsedHeader.msg_id !== "string")
      return undefined;
    return { identities: frames.slice(0, at), header: parsedHeader as Header, content: parsedContent };
  }

  /** The frames of an answer to `parent`, or of a message of the kernel's own. */
  encode(
    type: string,
    content: object,
    parent: Header | undefined,
    identities: readonly (Buffer | string)[],
  ): (Buffer | string)[] {
    const header = {
      msg_id: randomUUID(),
      msg_type: type,
      session: parent?.session ?? this.#session,
      username: parent?.username ?? "gpic-lab",
      date: new Date().toISOString(),
      version: PROTOCOL_VERSION,
    };
    const parts = [header, parent ?? {}, {}, content].map((part) => Buffer.from(JSON.stringify(part)));
    return [...identities, DELIMITER, this.#sign(parts), ...parts];
  }

  #sign(parts: readonly Buffer[]): string {
    if (this.#key === "") return "";
    const hmac = createHmac("sha256", this.#key);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  }

  #isSigned(signature: Buffer, parts: readonly Buffer[]): boolean {
    if (this.#key === "") return true;
    const expected = Buffer.from(this.#sign(parts));
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) return false;
    const text = expected.toString("latin1");
    if (this.#seen.has(text)) return false;
    this.#seen.add(text);
    if (this.#seen.size > REMEMBERED_SIGNATURES)
      for (const oldest of this.#seen) {
        this.#seen.delete(oldest);
        break;
      }
    return true;
  }
}

function parseObject(frame: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(frame.toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
