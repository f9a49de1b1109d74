/** The Hub's token: from the environment, or else from the file that `hf auth login` writes. */
import { readFile } from "node:fs/promises";
import type { Settings } from "../io/index.js";
import { HubError } from "./errors.js";

/**
 * The token in use.
 * @param settings HF_TOKEN, and where the token file lies
 * @returns undefined where there is neither; the file is only looked at where the environment names none
 * @throws HubError where what is there cannot be a token, or the file cannot be read; the message never holds it
 * @example await hubToken(currentSettings()) // "hf_..."
 */
export async function hubToken(
  settings: Pick<Settings, "hubToken" | "hubTokenFile">,
): Promise<string | undefined> {
  if (settings.hubToken !== undefined) return checked(settings.hubToken, "HF_TOKEN");
  let text: string;
  try {
    text = await readFile(settings.hubTokenFile, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new HubError(
      "token missing",
      `Cannot read the token file ${settings.hubTokenFile}: a readable file is needed, got ${code ?? "an error"}`,
    );
  }
  const token = text.trim();
  return token === "" ? undefined : checked(token, settings.hubTokenFile);
}

/** A header takes no line break, and a token holds no blank: either would be somebody's mistake, or an attack. */
function checked(token: string, from: string): string {
  if (/^[\x21-\x7e]{1,4096}$/.test(token)) return token;
  throw new HubError(
    "token not accepted",
    `Cannot use the token of ${from}: printable characters without blanks are needed, got others`,
  );
}
