/**
 * What a cell sends out by itself, besides its last value: displays, their updates, and clearing. Without a session
 * (a plain script) the text form goes to standard output.
 */
import { completeBundle, isMimeBundle } from "./bundle.js";
import { currentHost, type DisplayOptions, type MimeBundle } from "./host.js";
import { renderNow } from "./render.js";

/**
 * Displays a mime bundle, or any value as it would look as the last of a cell.
 *
 * The output is made before the call returns, unless the value is a promise or its display method is asynchronous.
 * @param bundleOrValue an object with mime types as keys (`Uint8Array` forms become base64), or any value
 * @param options `id`: a name under which a later call with `update: true` replaces this output; `metadata`: of the bundle
 * @returns a promise that resolves when the display has been sent
 * @throws {RangeError} for `update` without an `id`
 * @example
 * display({ "text/html": "<b>3</b>", "text/plain": "3" }, { id: "count" });
 * display({ "text/plain": "4" }, { id: "count", update: true }); // replaces the 3
 */
export function display(bundleOrValue: unknown, options: DisplayOptions = {}): Promise<void> {
  if (options.update === true && options.id === undefined)
    throw new RangeError("Cannot update a display: the id that it was displayed under is needed, got none");
  if (isMimeBundle(bundleOrValue)) return send(completeBundle(bundleOrValue), options);
  if (bundleOrValue instanceof Promise) return bundleOrValue.then((value) => display(value, options));
  const bundle = renderNow(bundleOrValue);
  return bundle instanceof Promise ? bundle.then((ready) => send(ready, options)) : send(bundle, options);
}

/**
 * Removes what the cell has shown so far.
 * @param options `wait`: only when the next output comes, so that nothing flickers; default false
 * @example clearOutput({ wait: true });
 */
export function clearOutput(options: { readonly wait?: boolean } = {}): void {
  currentHost()?.clearOutput({ wait: options.wait ?? false });
}

const NEVER: AbortSignal = new AbortController().signal;

/**
 * The signal that fires when the running cell is interrupted; one that never fires in a plain script.
 * @example await readImages(corpus, { signal: signal() }); // the stop button ends it
 */
export function signal(): AbortSignal {
  return currentHost()?.signal() ?? NEVER;
}

function send(bundle: MimeBundle, options: DisplayOptions): Promise<void> {
  const host = currentHost();
  if (host !== undefined) host.display(bundle, options);
  else process.stdout.write(`${String(bundle["text/plain"])}\n`);
  return Promise.resolve();
}
