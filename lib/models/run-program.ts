/** Runs a small program that answers or does not: what it printed, or why there is no answer, always in time. */
import { spawn } from "node:child_process";

/** The standard output of a program that ended with 0, or the reason why there is none. */
export type ProgramAnswer =
  | { readonly output: string }
  | {
      /** "not there", "not allowed", "no answer in 5 s", or what the program said: one line. */
      readonly failure: string;
    };

/** nvidia-smi answers within a second, on a box with eight GPUs that sleep within three; a driver that hangs never. */
export const PROGRAM_TIMEOUT_MILLISECONDS = 5000;
/** More than any answer that is asked for here. */
const MOST_OUTPUT_CHARACTERS = 1_000_000;
const LONGEST_REASON = 200;

/**
 * Runs a program without a shell and without input.
 * A program that hangs inside the kernel cannot be killed: it is let go, and the answer comes in time all the same.
 * @example await runProgram("ldconfig", ["-p"]) // { output: "..." } or { failure: "not there" }
 */
export function runProgram(
  command: string,
  args: readonly string[],
  timeoutMilliseconds: number = PROGRAM_TIMEOUT_MILLISECONDS,
): Promise<ProgramAnswer> {
  return new Promise((resolve) => {
    const child = spawn(command, [...args], { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let errors = "";
    const end = (answer: ProgramAnswer): void => {
      clearTimeout(timer);
      child.kill("SIGKILL");
      child.stdout.destroy();
      child.stderr.destroy();
      child.unref();
      resolve(answer);
    };
    const timer = setTimeout(
      () => end({ failure: `no answer in ${timeoutMilliseconds / 1000} s` }),
      timeoutMilliseconds,
    );
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (output.length > MOST_OUTPUT_CHARACTERS) end({ failure: "an answer without end" });
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      errors = (errors + text).slice(0, LONGEST_REASON);
    });
    child.on("error", (error) => end({ failure: startFailure(error) }));
    child.on("close", (code, signal) => {
      if (code === 0) end({ output });
      else end({ failure: firstLine(output) || firstLine(errors) || `ended with ${signal ?? code}` });
    });
  });
}

/**
 * Why a program did not start, in words.
 * @example startFailure(Object.assign(new Error(), { code: "ENOENT" })) // "not there"
 */
export function startFailure(error: Error): string {
  const code = "code" in error ? String(error.code) : "";
  if (code === "ENOENT") return "not there";
  return code === "EACCES" || code === "EPERM" ? "not allowed" : `not started (${code || error.name})`;
}

/** The first line that holds something, printable and of bounded length; empty where none does. */
export function firstLine(text: string): string {
  const line = text.split("\n").find((one) => one.trim() !== "") ?? "";
  return line
    .trim()
    .replace(/[^\x20-\x7e]/g, "?")
    .slice(0, LONGEST_REASON);
}
