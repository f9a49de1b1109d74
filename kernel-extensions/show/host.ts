/**
 * Where a display goes: the bridge between `gpic-lab/show`, which cells import, and whatever runs the cell.
 *
 * A session (Jupyter's or the headless runner's) installs itself as the host. It is found through a registered
 * symbol, not a module variable, so that a cell that imports another copy of the package still reaches its session.
 * Without a host (a plain script in a terminal) the text form is printed.
 */

/** One value in several forms, by mime type: text as string, JSON as an object, pictures as base64. */
export interface MimeBundle {
  readonly [mimeType: string]: unknown;
}

/** How a bundle is displayed: under which display id, as a new output or in place of the one with that id. */
export interface DisplayOptions {
  readonly id?: string;
  readonly update?: boolean;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** What runs the cells. Every method speaks for the cell that called it, also when that cell has already ended. */
export interface CellHost {
  readonly frontEnd: "jupyter" | "headless";
  display(data: MimeBundle, options: DisplayOptions): void;
  clearOutput(options: { readonly wait: boolean }): void;
  /** Fires when the person interrupts the cell that asks for it. */
  signal(): AbortSignal;
}

const HOST = Symbol.for("gpic-lab.cell-host");
const registry = globalThis as { [HOST]?: CellHost | undefined };

/** Makes `host` the receiver of all displays of this process; `undefined` removes it. */
export function installHost(host: CellHost | undefined): void {
  registry[HOST] = host;
}

/** The host of this process, where a session runs. */
export function currentHost(): CellHost | undefined {
  return registry[HOST];
}
