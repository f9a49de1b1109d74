/**
 * A Hub on the loopback address, for tests: listing in pages, revisions, files behind a redirect to a second host,
 * ranges and gated answers as the real one gives them; and the ways in which servers and lines misbehave, on demand.
 */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** The commit that "main" is. */
export const COMMIT = "0123456789abcdef0123456789abcdef01234567";
/** The token that the Hub accepts. */
export const TOKEN = "hf_loopbackTokenForTests";

/** A file on the Hub; large ones lie in LFS. */
export interface ServedFile {
  readonly path: string;
  readonly bytes: Buffer;
  readonly lfs: boolean;
}

/** What goes wrong; each is asked at every answer of the store. */
export interface Mischief {
  /** After how many bytes of the body the line is cut; undefined: not. */
  cutAfter?: (request: number, length: number) => number | undefined;
  /** A status instead of the file. */
  status?: (
    request: number,
  ) => { readonly status: number; readonly headers?: Record<string, string> } | undefined;
  ignoreRange?: boolean;
  /** The bytes served instead of the file's own. */
  replace?: (request: number, bytes: Buffer) => Buffer;
  html?: boolean;
  /** Sends headers and then nothing. */
  stall?: (request: number) => boolean;
}

/** A running Hub with its store. */
export class HubServer {
  readonly mischief: Mischief = {};
  /** Whether the repository asks for accepted terms. */
  gated: "open" | "needs token" | "needs terms" = "open";
  pageSize = 2;
  /** Bytes of bodies that the store has sent. */
  bytesServed = 0;
  storeRequests = 0;
  /** Headers that each of the two hosts saw. */
  readonly hubHeaders: IncomingMessage["headers"][] = [];
  readonly storeHeaders: IncomingMessage["headers"][] = [];
  readonly files: ServedFile[] = [];
  readonly #hub: Server;
  readonly #store: Server;

  constructor() {
    this.#hub = createServer((request, response) => this.#answerHub(request, response));
    this.#store = createServer((request, response) => this.#answerStore(request, response));
  }

  static async start(files: readonly ServedFile[]): Promise<HubServer> {
    const server = new HubServer();
    server.files.push(...files);
    for (const one of [server.#hub, server.#store])
      await new Promise<void>((resolve) => one.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#hub.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const one of [this.#hub, this.#store]) {
      one.closeAllConnections();
      await new Promise((resolve) => one.close(resolve));
    }
  }

  #answerHub(request: IncomingMessage, response: ServerResponse): unknown {
    this.hubHeaders.push(request.headers);
    const url = new URL(request.url ?? "/", this.endpoint);
    const refused = this.#refusal(request);
    if (refused !== undefined) {
      response
        .writeHead(refused.status, { "x-error-code": refused.code, "x-error-message": refused.message })
        .end();
      return undefined;
    }
    if (this.mischief.html) {
      response
        .writeHead(200, { "content-type": "text/html" })
        .end("<html>Log in to the hotel's network</html>");
      return undefined;
    }
    const path = decodeURIComponent(url.pathname);
    const revision = /^\/api\/datasets\/org\/gpic\/revision\/(.+)$/.exec(path);
    if (revision !== null) {
      if (revision[1] !== "main" && revision[1] !== COMMIT)
        return this.#missing(response, "RevisionNotFound");
      return json(response, {
        _id: "1",
        id: "org/gpic",
        sha: COMMIT,
        private: false,
        gated: "auto",
        downloads: 0,
        likes: 0,
        lastModified: "2026-01-01T00:00:00Z",
        siblings: this.files.map(({ path: rfilename }) => ({ rfilename })),
      });
    }
    const tree = /^\/api\/datasets\/org\/gpic\/tree\/([0-9a-f]{40}|main)\/?(.*)$/.exec(path);
    if (tree !== null) return this.#list(tree[2] ?? "", url, response);
    const file = /^\/datasets\/org\/gpic\/resolve\/(?:main|[0-9a-f]{40})\/(.+)$/.exec(path);
    const served = this.files.find((one) => one.path === file?.[1]);
    if (served === undefined)
      return this.#missing(response, file === null ? "RepoNotFound" : "EntryNotFound");
    const port = (this.#store.address() as AddressInfo).port;
    const headers = {
      "x-repo-commit": COMMIT,
      "x-linked-size": String(served.bytes.length),
      "x-linked-etag": `"${oidOf(served)}"`,
      etag: `"${oidOf(served)}"`,
    };
    if (!served.lfs) {
      response.writeHead(200, { ...headers, "content-length": served.bytes.length });
      response.end(request.method === "HEAD" ? undefined : served.bytes);
      return undefined;
    }
    response
      .writeHead(302, { ...headers, location: `http://127.0.0.1:${port}/${served.path}?signature=x` })
      .end();
  }

  #refusal(request: IncomingMessage): { status: number; code: string; message: string } | undefined {
    const { authorization } = request.headers;
    if (authorization !== undefined && authorization !== `Bearer ${TOKEN}`)
      return { status: 401, code: "", message: "Invalid credentials in Authorization header" };
    if (this.gated === "needs terms" && authorization !== undefined)
      return {
        status: 403,
        code: "GatedRepo",
        message: `Access is restricted; your token ${TOKEN} is not on the list`,
      };
    if (this.gated !== "open" && authorization === undefined)
      return { status: 401, code: "GatedRepo", message: "Access to dataset org/gpic is restricted" };
    return undefined;
  }

  #missing(response: ServerResponse, code: string): unknown {
    return response.writeHead(404, { "x-error-code": code, "x-error-message": "not there" }).end();
  }

  #list(folder: string, url: URL, response: ServerResponse): unknown {
    const inside = this.files.filter(({ path }) => path.startsWith(`${folder}/`));
    if (inside.length === 0) return this.#missing(response, "EntryNotFound");
    const from = Number(url.searchParams.get("cursor") ?? 0);
    const page = inside.slice(from, from + this.pageSize).map((file) => ({
      type: "file",
      path: file.path,
      size: file.bytes.length,
      oid: gitOid(file.lfs ? Buffer.from("pointer") : file.bytes),
      ...(file.lfs ? { lfs: { oid: oidOf(file), size: file.bytes.length, pointerSize: 134 } } : {}),
    }));
    const next = from + this.pageSize;
    url.searchParams.set("cursor", String(next));
    return json(response, page, next < inside.length ? { link: `<${url.href}>; rel="next"` } : {});
  }

  #answerStore(request: IncomingMessage, response: ServerResponse): unknown {
    this.storeHeaders.push(request.headers);
    const number = this.storeRequests++;
    const url = new URL(request.url ?? "/", this.endpoint);
    const served = this.files.find(({ path }) => `/${path}` === decodeURIComponent(url.pathname));
    if (served === undefined) return response.writeHead(404).end();
    const { mischief } = this;
    const wrong = mischief.status?.(number);
    if (wrong !== undefined) return response.writeHead(wrong.status, wrong.headers).end();
    const bytes = mischief.replace?.(number, served.bytes) ?? served.bytes;
    const range = mischief.ignoreRange ? null : /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
    const start = Number(range?.[1] ?? 0);
    const end = range?.[2] ? Math.min(bytes.length, Number(range[2]) + 1) : bytes.length;
    const etag = `"${createHash("md5").update(bytes).digest("hex")}"`;
    response.writeHead(range === null ? 200 : 206, {
      "content-length": end - start,
      etag,
      "accept-ranges": "bytes",
      ...(range === null ? {} : { "content-range": `bytes ${start}-${end - 1}/${bytes.length}` }),
    });
    if (request.method === "HEAD") return response.end();
    if (mischief.stall?.(number)) return response.flushHeaders();
    const cut = mischief.cutAfter?.(number, end - start);
    const body = bytes.subarray(start, cut === undefined ? end : Math.min(end, start + cut));
    this.bytesServed += body.length;
    if (body.length === end - start) return response.end(body);
    response.write(body, () => setTimeout(() => response.destroy(), 5));
  }
}

function json(response: ServerResponse, value: unknown, headers: Record<string, string> = {}): unknown {
  return response
    .writeHead(200, { "content-type": "application/json; charset=utf-8", ...headers })
    .end(JSON.stringify(value));
}

function oidOf(file: ServedFile): string {
  return file.lfs ? createHash("sha256").update(file.bytes).digest("hex") : gitOid(file.bytes);
}

/** Git's hash of a blob. */
export function gitOid(bytes: Buffer): string {
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}
