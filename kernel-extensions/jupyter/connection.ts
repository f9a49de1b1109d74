/**
 * The connection file that a client writes before it starts the kernel: where each channel listens, and the key that
 * signs every message.
 */
import { readFileSync } from "node:fs";

/** The ports and the key of one kernel, as the connection file names them. */
export interface Connection {
  readonly transport: "tcp" | "ipc";
  readonly ip: string;
  readonly shell_port: number;
  readonly control_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly hb_port: number;
  /** The HMAC key; empty where messages are not signed. */
  readonly key: string;
}

const PORTS = ["shell_port", "control_port", "iopub_port", "stdin_port", "hb_port"] as const;

/** The name of one channel's port in the connection file. */
export type PortName = (typeof PORTS)[number];

/**
 * Reads a connection file.
 * @param file its path
 * @throws SyntaxError where the file is not JSON, TypeError where a field is missing or cannot be served
 * @example readConnection("/run/user/1000/jupyter/kernel-1.json").hb_port // 50123
 */
export function readConnection(file: string): Connection {
  const value: unknown = JSON.parse(readFileSync(file, "utf8"));
  const refuse = (needed: string, got: unknown): never => {
    throw new TypeError(
      `Cannot read the connection file ${file}: ${needed} is needed, got ${JSON.stringify(got)}`,
    );
  };
  if (typeof value !== "object" || value === null) return refuse("an object", value);
  const fields = value as Record<string, unknown>;
  const { transport = "tcp", ip = "127.0.0.1", key = "", signature_scheme: scheme = "hmac-sha256" } = fields;
  if (transport !== "tcp" && transport !== "ipc") return refuse('transport "tcp" or "ipc"', transport);
  if (typeof ip !== "string") return refuse("an address as ip", ip);
  if (typeof key !== "string") return refuse("a text as key", key);
  if (scheme !== "hmac-sha256") return refuse('signature_scheme "hmac-sha256"', scheme);
  const port = (name: PortName): number => {
    const number = fields[name];
    return Number.isInteger(number) && (number as number) > 0
      ? (number as number)
      : refuse(`a ${name}`, number);
  };
  const [shell_port, control_port, iopub_port, stdin_port, hb_port] = PORTS.map(port) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return { transport, ip, key, shell_port, control_port, iopub_port, stdin_port, hb_port };
}

/**
 * The ZeroMQ address of one channel.
 * @example endpoint(connection, "hb_port") // "tcp://127.0.0.1:50123"
 */
export function endpoint(connection: Connection, name: PortName): string {
  const separator = connection.transport === "ipc" ? "-" : ":";
  return `${connection.transport}://${connection.ip}${separator}${connection[name]}`;
}
