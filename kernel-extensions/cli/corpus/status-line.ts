/** One line on standard error that says how far a long work is; nothing where that is no terminal. */

/** How often the line changes at the most: a terminal behind a slow wire must not hold the work up. */
const EVERY_MS = 200;

/** A line that is written over itself. */
export interface StatusLine {
  /** @param text makes the words from the seconds since the line was made; asked only when they are shown */
  show(text: (seconds: number) => string): void;
  /** Takes the line away. */
  clear(): void;
}

/** The line of this process. */
export function statusLine(): StatusLine {
  const { stderr } = process;
  if (!stderr.isTTY) return { show: () => {}, clear: () => {} };
  const begun = performance.now();
  let shown = 0;
  return {
    show(text) {
      const now = performance.now();
      if (now - shown < EVERY_MS) return;
      shown = now;
      stderr.write(`\r\u001b[K${text((now - begun) / 1000)}`);
    },
    clear() {
      if (shown > 0) stderr.write("\r\u001b[K");
      shown = 0;
    },
  };
}
