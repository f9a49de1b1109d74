/** An error as a value: its name, message and causes, and those frames of its stack that lie in cells. */
import { truncate, visibleText } from "./escape.js";

const MESSAGE_LIMIT = 4000;
const MOST_CAUSES = 5;

/**
 * The text of an error without the machine's paths: frames outside of cells are left out.
 * @example errorText(new RangeError("no such tier")) // "RangeError: no such tier"
 */
export function errorText(error: Error): string {
  const lines: string[] = [];
  let current: unknown = error;
  for (let depth = 0; current instanceof Error && depth < MOST_CAUSES; depth++) {
    const message = truncate(visibleText(String(current.message)), MESSAGE_LIMIT);
    const head = `${visibleText(String(current.name))}${message === "" ? "" : `: ${message}`}`;
    lines.push(depth === 0 ? head : `caused by ${head}`, ...cellFrames(current.stack));
    current = current.cause;
  }
  return lines.join("\n");
}

function cellFrames(stack: unknown): string[] {
  if (typeof stack !== "string") return [];
  return stack.split("\n").flatMap((line) => {
    const place = /^\s+at (?:async )?(?:(.{1,200}) \()?(Cell\[\d+\]:\d+:\d+)\)?$/.exec(line);
    if (place === null) return [];
    const name = place[1] === undefined ? "" : ` (${visibleText(place[1])})`;
    return [`    at ${place[2]}${name}`];
  });
}
