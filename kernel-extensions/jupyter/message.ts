/** Messages that the kernel makes: replies, and what it publishes, each with the header of the request it answers. */
import { randomUUID } from "node:crypto";
import type { Header, Parts } from "./wire.js";

/** The version of Jupyter's messaging protocol that this kernel speaks. */
export const PROTOCOL_VERSION = "5.3";

/**
 * Puts a message together.
 * @param session the kernel's own session id, one for all its messages
 * @param type the message type, such as `status`
 * @param parent the header of the request that it belongs to; undefined for none
 * @param content must be JSON; a lone surrogate becomes U+FFFD, as it would make the notebook impossible to save
 * @throws TypeError where the content is circular or holds a BigInt
 */
export function compose(session: string, type: string, parent: Header | undefined, content: unknown): Parts {
  const header: Header = {
    msg_id: randomUUID(),
    session,
    username: "kernel",
    date: new Date().toISOString(),
    msg_type: type,
    version: PROTOCOL_VERSION,
  };
  return [JSON.stringify(header), JSON.stringify(parent ?? {}), "{}", JSON.stringify(content, wellFormed)];
}

function wellFormed(_key: string, value: unknown): unknown {
  return typeof value === "string" ? value.replace(/\p{Surrogate}/gu, "\ufffd") : value;
}
