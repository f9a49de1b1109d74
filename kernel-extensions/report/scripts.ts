/** The scripts and the style that the page carries, and the content security policy that lets in nothing else. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { packageFile } from "../../lib/io/index.js";

const LIBRARIES = ["vega", "vega-lite", "vega-embed"] as const;

/**
 * A file of the report's own, as it stands in the page.
 * @param name a file beside this one: `report.css`, `theme.js`, `page.js`
 */
export function ownFile(name: string): string {
  return embeddable(readFileSync(packageFile("kernel-extensions", "report", name), "utf8"), name);
}

/**
 * The minified builds of Vega, Vega-Lite and vega-embed in the order in which they must run, each behind its licence.
 * @throws Error where one is not installed
 */
export function chartLibraries(): readonly string[] {
  return LIBRARIES.map((name) => {
    const folder = packageFolder(name);
    const licence = readFileSync(join(folder, "LICENSE"), "utf8").replaceAll("*/", "* /").trim();
    const code = readFileSync(join(folder, "build", `${name}.min.js`), "utf8");
    return embeddable(
      `/*! ${name}\n${licence}\n*/\n${code.replace(/\n\/\/# sourceMappingURL=.*/g, "")}`,
      name,
    );
  });
}

/**
 * The policy of a page whose only scripts and style are the given ones. Charts are drawn by Vega's interpreter, so
 * nothing is evaluated; style attributes are let in because pictures and tables carry them, and can load nothing.
 * @returns the content of a `Content-Security-Policy` meta element
 */
export function contentSecurityPolicy(scripts: readonly string[], styles: readonly string[]): string {
  return [
    "default-src 'none'",
    `script-src ${scripts.map(hashSource).join(" ")}`,
    "script-src-attr 'none'",
    `style-src-elem ${styles.map(hashSource).join(" ")}`,
    "style-src-attr 'unsafe-inline'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function hashSource(text: string): string {
  return `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;
}

function embeddable(text: string, name: string): string {
  if (/<\/(?:script|style)|<!--/i.test(text))
    throw new Error(`Cannot carry ${name} in a page: text without the end of a script is needed, got one`);
  return text.replace(/\r\n?/g, "\n");
}

function packageFolder(name: string): string {
  const require = createRequire(import.meta.url);
  const folder = (require.resolve.paths(name) ?? [])
    .map((each) => join(each, name))
    .find((each) => existsSync(join(each, "package.json")));
  if (folder === undefined)
    throw new Error(
      `Cannot carry ${name} in the report: its package is needed, got none; run npm start again`,
    );
  return folder;
}
