/**
 * A Hub of our own on the loopback, which speaks the real one's API, and misbehaves when it is told to.
 *
 * Two servers: the Hub, and a store on another port to which it redirects for files in LFS. Both write down every
 * request with its headers, and count the bytes of content that they hand out.
 */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

/** A file of the repository. */
export interface ServedFile {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  readonly gitOid: string;
  /** Kept in LFS: the Hub redirects to the store. */
  readonly isLfs: boolean;
  read(offset: number, length: number): Uint8Array;
}

/** One request as it came. */
export interface SeenRequest {
  readonly host: "hub" | "store";
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
}

/** How one answer goes wrong. */
export interface Fault {
  /** Another status instead of the content, with these headers and body. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The connection is closed after so many bytes of the body. */
  readonly cutAfter?: number;
  /** Nothing more comes after so many bytes, and the connection stays open. */
  readonly stallAfter?: number;
  /** The whole file with 200, whatever was asked for. */
  readonly ignoreRange?: boolean;
  /** What Content-Length says instead of the truth. */
  readonly contentLength?: number;
  /** No Content-Length, and so many bytes too many. */
  readonly extraBytes?: number;
  /** The byte at this offset of the file is another. */
  readonly corruptAt?: number;
  /** Another entity tag, as of another file. */
  readonly etag?: string;
  /** A range is served even though If-Range names another file. */
  readonly ignoreIfRange?: boolean;
  /** A pause before each piece, so that a download takes time. */
  readonly paceMilliseconds?: number;
}

/** Says how an answer goes wrong, or that it does not. */
export type Faults = (request: SeenRequest, number: number) => Fault | undefined;

const PIECE_BYTES = 128 << 10;

/** The Hub, its store, and what came to them. */
export class HubServer {
  readonly requests: SeenRequest[] = [];
  /** Bytes of content that were handed to the network by the store and the Hub. */
  bytesServed = 0;
  commit = "c0ffee0000000000000000000000000000000001";
  refs: Record<string, string> = { main: this.commit };
  /** Where set, only this token opens the repository; `termsAccepted` false refuses even that. */
  token: string | undefined;
  termsAccepted = true;
  pageSize = 1000;
  faults: Faults = () => undefined;
  /** Turns a page of the listing into another. */
  rewriteListing: (entries: unknown[]) => unknown[] = (entries) => entries;
  nextPageHost: string | undefined;
  readonly repository: string;
  readonly files = new Map<string, ServedFile>();
  readonly #servers: Server[] = [];
  endpoint = "";
  store = "";

  constructor(files: readonly ServedFile[], repository: string = "stanford-vision-lab/gpic") {
    this.repository = repository;
    for (const file of files) this.files.set(file.path, file);
  }

  async start(): Promise<this> {
    this.endpoint = await this.#listen((request, response) => this.#hub(request, response));
    this.store = await this.#listen((request, response) => this.#store(request, response));
    return this;
  }

  async stop(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    }
  }

  /** Requests for content: each is one answer of the store, or of the Hub for a small file. */
  get downloads(): SeenRequest[] {
    return this.requests.filter(({ host, method }) => host === "store" && method === "GET");
  }

  async #listen(
    handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  ): Promise<string> {
    const server = createServer((request, response) => {
      handle(request, response).catch(() => response.destroy());
    });
    this.#servers.push(server);
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  #see(host: "hub" | "store", request: IncomingMessage): Fault | undefined {
    const seen = { host, method: request.method ?? "", url: request.url ?? "", headers: request.headers };
    this.requests.push(seen);
    return this.faults(seen, this.requests.filter((one) => one.host === host).length);
  }

  async #hub(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const fault = this.#see("hub", request);
    if (fault?.status !== undefined) return answer(response, fault.status, fault.body ?? "", fault.headers);
    const url = new URL(request.url ?? "", this.endpoint);
    const api =
      /^\/api\/(?:datasets|models)\/([^/]+\/[^/]+)\/(revision|tree|paths-info)\/([^/]+)(?:\/(.*))?$/.exec(
        url.pathname,
      );
    const file = /^\/(?:datasets\/)?([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(url.pathname);
    const name = api?.[1] ?? file?.[1];
    if (name === undefined) return answer(response, 404, "no such page");
    const refused = this.#refusal(request, name);
    if (refused !== undefined) {
      const [status, code, message] = refused;
      const headers = { "x-error-code": code, "x-error-message": message };
      return answer(response, status, JSON.stringify({ error: message }), { ...json, ...headers });
    }
    const revision = decodeURIComponent(api?.[3] ?? file?.[2] ?? "");
    const commit = revision === this.commit ? revision : this.refs[revision];
    if (commit === undefined) return missing(response, "RevisionNotFound", `Invalid rev id: ${revision}`);
    if (file !== null) return this.#resolve(request, response, decodeURIComponent(file[3]!), commit, fault);
    if (api![2] === "revision") return answer(response, 200, JSON.stringify(this.#info(commit)), json);
    if (api![2] === "paths-info") {
      const { paths } = JSON.parse(await textOf(request));
      const found = paths.flatMap((path: string) => this.files.get(path) ?? []).map(entryOf);
      return answer(response, 200, JSON.stringify(found), json);
    }
    return this.#tree(response, url, decodeURIComponent(api![4] ?? ""));
  }

  #info(commit: string): unknown {
    const common = { _id: "id", id: this.repository, sha: commit, private: false, gated: "auto" };
    return {
      ...common,
      downloads: 0,
      likes: 0,
      tags: [],
      lastModified: "2026-01-02T03:04:05.000Z",
      siblings: [],
    };
  }

  /** As the real one: 401 without a token or with a wrong one, 403 before the terms are accepted. */
  #refusal(request: IncomingMessage, name: string): [number, string, string] | undefined {
    const sent = request.headers.authorization?.replace(/^Bearer /, "");
    if (name !== this.repository)
      return [sent === undefined ? 401 : 404, "RepoNotFound", "Repository not found"];
    if (this.token === undefined) return undefined;
    const restricted = `Access to dataset ${name} is restricted.`;
    if (sent === undefined)
      return [401, "GatedRepo", `${restricted} You must be authenticated to access it.`];
    if (sent !== this.token) return [401, "", `Invalid credentials in Authorization header: ${sent}`];
    if (!this.termsAccepted) return [403, "GatedRepo", `${restricted} Visit the page to ask for access.`];
    return undefined;
  }

  #tree(response: ServerResponse, url: URL, folder: string): Promise<void> | void {
    const recursive = url.searchParams.get("recursive") === "true";
    const under = folder === "" ? "" : `${folder}/`;
    const all = [...this.files.values()]
      .filter(({ path }) => path.startsWith(under) && (recursive || !path.slice(under.length).includes("/")))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
    if (all.length === 0 && folder !== "")
      return missing(response, "EntryNotFound", `${folder} does not exist`);
    const from = Number(url.searchParams.get("cursor") ?? 0);
    const next = new URL(url);
    next.searchParams.set("cursor", String(from + this.pageSize));
    if (this.nextPageHost !== undefined) next.host = this.nextPageHost;
    const link = from + this.pageSize < all.length ? { link: `<${next.href}>; rel="next"` } : {};
    const page = this.rewriteListing(all.slice(from, from + this.pageSize).map(entryOf));
    return answer(response, 200, JSON.stringify(page), { ...json, ...link });
  }

  async #resolve(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    commit: string,
    fault: Fault | undefined,
  ): Promise<void> {
    const file = this.files.get(path);
    if (file === undefined) return missing(response, "EntryNotFound", `${path} does not exist`, commit);
    const common = { "x-repo-commit": commit, "accept-ranges": "bytes" };
    if (!file.isLfs) {
      response.setHeader("x-repo-commit", commit);
      return this.#content(request, response, file, { etag: `"${file.gitOid}"`, ...fault });
    }
    return answer(response, 302, "Found. Redirecting", {
      ...common,
      location: `${this.store}/${file.sha256}?signature=secret`,
      etag: `"${file.sha256}"`,
      "x-linked-etag": `"${file.sha256}"`,
      "x-linked-size": String(file.size),
    });
  }

  async #store(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const fault = this.#see("store", request);
    if (fault?.status !== undefined) return answer(response, fault.status, fault.body ?? "", fault.headers);
    const oid = /^\/([0-9a-f]{64})\?/.exec(request.url ?? "")?.[1];
    const file = [...this.files.values()].find(({ sha256 }) => sha256 === oid);
    if (file === undefined) return answer(response, 403, "<Error>AccessDenied</Error>");
    return this.#content(request, response, file, { etag: `"s3-${file.sha256.slice(0, 32)}"`, ...fault });
  }

  async #content(
    request: IncomingMessage,
    response: ServerResponse,
    file: ServedFile,
    fault: Fault & { readonly etag: string },
  ): Promise<void> {
    const { etag } = fault;
    const asked = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
    const ifRange = request.headers["if-range"];
    const isSame = ifRange === undefined || ifRange === etag || fault.ignoreIfRange === true;
    const range = asked !== null && isSame && fault.ignoreRange !== true ? asked : undefined;
    const start = range === undefined ? 0 : Number(range[1]);
    const end = range?.[2] ? Math.min(file.size, Number(range[2]) + 1) : file.size;
    if (start >= file.size && file.size > 0)
      return answer(response, 416, "", { "content-range": `bytes */${file.size}` });
    const length = fault.contentLength ?? end - start;
    response.writeHead(range === undefined ? 200 : 206, {
      "content-type": "application/octet-stream",
      etag,
      ...(fault.extraBytes === undefined ? { "content-length": length } : {}),
      ...(range === undefined ? {} : { "content-range": `bytes ${start}-${end - 1}/${file.size}` }),
      ...fault.headers,
    });
    if (request.method === "HEAD") return void response.end();
    response.flushHeaders();
    const stop =
      start +
      Math.min(
        end - start,
        fault.cutAfter ?? Number.POSITIVE_INFINITY,
        fault.stallAfter ?? Number.POSITIVE_INFINITY,
      );
    for (let at = start; at < stop; at += PIECE_BYTES) {
      const bytes = file.read(at, Math.min(PIECE_BYTES, stop - at)).slice();
      const corrupt = (fault.corruptAt ?? -1) - at;
      if (corrupt >= 0 && corrupt < bytes.length) bytes[corrupt]! ^= 1;
      if (fault.paceMilliseconds !== undefined) await pause(fault.paceMilliseconds);
      if (response.destroyed) return;
      await new Promise((done) => response.write(bytes, done));
      this.bytesServed += bytes.length;
    }
    if (fault.extraBytes !== undefined) response.write(new Uint8Array(fault.extraBytes));
    if (fault.cutAfter !== undefined) response.destroy();
    else if (fault.stallAfter === undefined) response.end();
  }
}

const json = { "content-type": "application/json; charset=utf-8" };

function answer(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-length": Buffer.byteLength(body), ...headers });
  response.end(body);
}

function missing(response: ServerResponse, code: string, message: string, commit?: string): void {
  answer(response, 404, JSON.stringify({ error: message }), {
    ...json,
    "x-error-code": code,
    "x-error-message": message,
    ...(commit === undefined ? {} : { "x-repo-commit": commit }),
  });
}

function entryOf({ path, size, sha256, gitOid, isLfs }: ServedFile): unknown {
  const lfs = { lfs: { oid: sha256, size, pointerSize: 134 } };
  return { type: "file", oid: gitOid, size, path, ...(isLfs ? lfs : {}) };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of request) text += part;
  return text;
}

/** A file with these bytes. */
export function servedFile(
  path: string,
  bytes: Uint8Array,
  isLfs: boolean = path.endsWith(".tar"),
): ServedFile {
  return {
    path,
    size: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    gitOid: createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex"),
    isLfs,
    read: (offset, length) => bytes.subarray(offset, offset + length),
  };
}

/** A large file that nobody keeps: a block of random bytes, its first eight of each turn the turn's number. */
export function madeFile(path: string, size: number): ServedFile {
  const block = new Uint8Array(1 << 20);
  let state = 0x2545f491;
  for (let i = 0; i < block.length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    block[i] = state;
  }
  const read = (offset: number, length: number): Uint8Array => {
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const turn = Math.floor((offset + done) / block.length);
      const inside = (offset + done) % block.length;
      block[7] = turn & 255;
      const part = block.subarray(inside, inside + length - done);
      bytes.set(part, done);
      done += part.length;
    }
    return bytes;
  };
  const hash = createHash("sha256");
  for (let at = 0; at < size; at += 1 << 20) hash.update(read(at, Math.min(1 << 20, size - at)));
  return { path, size, sha256: hash.digest("hex"), gitOid: "9".repeat(40), isLfs: true, read };
}
