/**
 * What a `gpic-lab` command is, and how it reports what went wrong.
 *
 * Every command writes nothing but its result to standard output, reports an error in one line on standard error,
 * and ends with 0 (done), 1 (the work failed, or found what it was told to look for) or 2 (the call was wrong).
 */

/** One command of `gpic-lab`, loaded only when it is called. */
export interface Command {
  /** The text of `gpic-lab NAME --help`: what it does, its words, an example with its result. */
  readonly help: string;
  /**
   * Runs the command.
   * @param args the words after the command's name
   * @returns the exit status
   */
  run(args: readonly string[]): Promise<0 | 1 | 2>;
}

/** A row of the list that `gpic-lab --help` prints. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** Its first word is a verb with a help of its own. */
  readonly hasVerbs?: boolean;
  load(): Promise<Command>;
}

/** A wrong call: reported with the command's usage hint, exit status 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Writes a result to standard output as JSON, two spaces deep. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}
