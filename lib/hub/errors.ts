/**
 * What goes wrong between here and the Hub, said so that the reader knows what to do next.
 *
 * The Hub names the reason of a refusal in two headers, X-Error-Code and X-Error-Message. The message is text from
 * outside: it is cut, put on one line, and any token in it is taken out.
 */

/** Why the Hub, or another server, did not give what was asked for. */
export type HubErrorKind =
  | "token missing"
  | "token not accepted"
  | "terms not accepted"
  | "no repository"
  | "no revision"
  | "no file"
  | "refused"
  | "unreachable"
  | "wrong answer"
  | "wrong bytes"
  | "no space"
  | "cache";

/** A failure whose reason is known. */
export class HubError extends Error {
  override readonly name = "HubError";
  readonly kind: HubErrorKind;
  /** The HTTP status, where an answer came. */
  readonly status?: number;
  constructor(
    kind: HubErrorKind,
    message: string,
    more: { readonly status?: number; readonly cause?: unknown } = {},
  ) {
    super(message, "cause" in more ? { cause: more.cause } : undefined);
    this.kind = kind;
    if (more.status !== undefined) this.status = more.status;
  }
}

/** A failure that may pass: worth another try after a pause. */
export class PassingError extends HubError {
  /** The pause that the server asks for, in milliseconds. */
  readonly retryAfterMilliseconds?: number;
  constructor(
    message: string,
    more: {
      readonly status?: number;
      readonly cause?: unknown;
      readonly retryAfterMilliseconds?: number;
    } = {},
  ) {
    super("unreachable", message, more);
    if (more.retryAfterMilliseconds !== undefined) this.retryAfterMilliseconds = more.retryAfterMilliseconds;
  }
}

/** What was asked for, in the words that an error uses. */
export interface Subject {
  /** "train/gpic_train_00000.tar of stanford-vision-lab/gpic". */
  readonly what: string;
  /** The page on which the terms of the repository can be read and accepted; absent for a plain address. */
  readonly page?: string;
}

/** Longest part of a server's own words that a message repeats. */
const MAX_WORDS = 300;

/**
 * The error that an answer of 400 and above stands for.
 * @param answer status and headers; the body is not read
 * @param access the token that was sent, if one was, and whether the answer came from the Hub itself
 */
export function refusal(
  answer: { readonly status: number; readonly headers: Headers; readonly url: string },
  subject: Subject,
  access: { readonly token?: string | undefined; readonly isHub: boolean; readonly endpoint?: string },
): HubError {
  const { status, headers } = answer;
  const words = saidBy(headers.get("x-error-message"), access.token);
  const code = access.isHub ? (headers.get("x-error-code") ?? "") : "";
  const said = words === "" ? "" : `; the Hub says: ${words}`;
  const fail = (kind: HubErrorKind, needed: string) =>
    new HubError(kind, `Cannot read ${subject.what}: ${needed}${said}`, { status });
  const found = (kind: HubErrorKind, what: string) => fail(kind, `the Hub knows no such ${what} (${status})`);

  if (code === "EntryNotFound") return found("no file", "file");
  if (code === "RevisionNotFound") return found("no revision", "revision");
  const isAccess = access.isHub && (status === 401 || status === 403);
  if (code === "RepoNotFound" && (!isAccess || access.token !== undefined))
    return fail(
      "no repository",
      `the Hub knows no such repository, or this token may not see it (${status}); check the name at ${subject.page}`,
    );
  if (isAccess) {
    const tokens = `${access.endpoint ?? ""}/settings/tokens`;
    const terms = code === "GatedRepo" ? `, and accept the terms once at ${subject.page}` : "";
    if (access.token === undefined)
      return fail(
        "token missing",
        `a token is needed, got none (${status}); make one at ${tokens}, set HF_TOKEN or run "hf auth login"${terms}`,
      );
    if (status === 401)
      return fail(
        "token not accepted",
        `the Hub does not accept the token (401); make a new one at ${tokens} and set HF_TOKEN, or run "hf auth login"`,
      );
    if (code === "GatedRepo")
      return fail(
        "terms not accepted",
        `the terms are not yet accepted by this token's account (403); accept them at ${subject.page}, and let a fine-grained token read gated repositories at ${tokens}`,
      );
    return fail("refused", `this token may not read it (403); see ${subject.page} and ${tokens}`);
  }
  const where = new URL(answer.url).host;
  return new HubError(
    status === 404 || status === 410 ? "no file" : "refused",
    `Cannot read ${subject.what}: an answer of 200 is needed, got ${status} from ${where}${said}`,
    { status },
  );
}

/** A server's own words: one line, printable, without the token. */
function saidBy(text: string | null, token: string | undefined): string {
  if (text === null) return "";
  const plain = token === undefined ? text : text.replaceAll(token, "[token]");
  const line = plain
    .replace(/hf_[A-Za-z0-9]{8,}/g, "[token]")
    .replace(/[^\u0020-\u007e\u00a1-\ud7ff]+/g, " ")
    .trim();
  return line.length <= MAX_WORDS ? line : `${line.slice(0, MAX_WORDS)}...`;
}
