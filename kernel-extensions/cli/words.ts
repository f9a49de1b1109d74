/** Words that more than one command takes: a whole number, the images to work on. */
import { UsageError } from "./command.js";

/** Attention heads that may be said of a network: far above any that there is. */
export const MOST_HEADS = 9999;

/**
 * A whole number from 1 on that an option holds; undefined where the option is not there.
 * @param most the largest that is taken
 * @throws UsageError for anything else
 * @example wholeOption("workers", "2", 8) // 2
 */
export function wholeOption(
  option: string,
  text: string | undefined,
  most: number = Number.POSITIVE_INFINITY,
): number | undefined {
  if (text === undefined) return undefined;
  const value = /^[1-9]\d*$/.test(text) ? Number(text) : 0;
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return value;
  const range = most === Number.POSITIVE_INFINITY ? "above 0" : `from 1 to ${most}`;
  throw new UsageError(`--${option} is a whole number ${range}, got "${text}"`);
}

/**
 * The one word that names the images of a command.
 * @throws UsageError where there is none, or more than one
 */
export function imagesWord(command: string, positionals: readonly string[]): string {
  const [name, more] = positionals;
  if (name !== undefined && more === undefined) return name;
  throw new UsageError(`${command} takes one IMAGES, got ${name === undefined ? "none" : `"${more}" too`}`);
}
