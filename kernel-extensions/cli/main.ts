/** The `gpic-lab` command line: finds the command, runs it, and turns every failure into one line and an exit status. */
import { readPackageJson } from "../../lib/io/index.js";
import { enter } from "../setup/enter.js";
import { oneLine, visibleText } from "../show/escape.js";
import { type CommandEntry, UsageError } from "./command.js";
import { commands } from "./commands.js";

/**
 * Runs one call of `gpic-lab`.
 * @param args the words after `gpic-lab`
 * @returns the exit status: 0 done, 1 the work failed, 2 the call was wrong
 */
export async function main(args: readonly string[]): Promise<number> {
  enter();
  const verbose = args.includes("--verbose");
  const [name, ...rest] = args.filter((word) => word !== "--verbose");
  if (name === "--version") {
    process.stdout.write(`${readPackageJson().version}\n`);
    return 0;
  }
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    const topic = name === "help" ? rest[0] : undefined;
    if (topic === undefined) {
      process.stdout.write(overview());
      return name === undefined ? 2 : 0;
    }
    return main([topic, "--help"]);
  }
  try {
    const entry = commands.find((command) => command.name === name);
    if (entry === undefined) throw new UsageError(`unknown command "${oneLine(name)}"${suggestion(name)}`);
    const command = await entry.load();
    if (rest[0] === "--help" || rest[0] === "-h" || (!entry.hasVerbs && asksForHelp(rest))) {
      process.stdout.write(`${command.help.trim()}\n`);
      return 0;
    }
    return await command.run(rest);
  } catch (error) {
    return report(error, name, verbose);
  }
}

function asksForHelp(words: readonly string[]): boolean {
  return words.includes("--help") || words.includes("-h");
}

function overview(): string {
  const width = Math.max(...commands.map((command) => command.name.length), 0) + 2;
  const rows = commands.map((command) => `  ${command.name.padEnd(width)}${command.summary}\n`).join("");
  return (
    "gpic-lab: the GPIC paper, taken apart and put together again\n\n" +
    `usage: gpic-lab COMMAND [...]    (gpic-lab COMMAND --help says more)\n\n${rows}\n` +
    "Every command takes --json (the same result for programs) and --verbose (a stack with an error).\n"
  );
}

function report(error: unknown, name: string, verbose: boolean): number {
  const wrongCall = error instanceof UsageError || isParseArgsError(error);
  const message = error instanceof Error ? error.message : String(error);
  const text =
    verbose && error instanceof Error && error.stack ? visibleText(error.stack) : firstLine(message);
  const hint = wrongCall
    ? ` (see gpic-lab ${commands.some((c) => c.name === name) ? `${name} ` : ""}--help)`
    : "";
  process.stderr.write(`gpic-lab: ${text}${hint}\n`);
  return wrongCall ? 2 : 1;
}

function isParseArgsError(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}

function firstLine(message: string): string {
  return oneLine(message.split("\n", 1)[0] ?? "");
}

function suggestion(name: string): string {
  const near = commands.find((command: CommandEntry) => command.name.startsWith(name.slice(0, 3)));
  return near ? `; did you mean "${near.name}"?` : "";
}
