/** What the kernel says of itself in answer to `kernel_info_request`. */
import { createRequire } from "node:module";
import { readPackageJson } from "../../lib/io/index.js";
import { PROTOCOL_VERSION } from "./message.js";

/** The content of a `kernel_info_reply`. */
export function kernelInfo(): Readonly<Record<string, unknown>> {
  const { version } = readPackageJson();
  const typescript = typescriptVersion();
  return {
    status: "ok",
    protocol_version: PROTOCOL_VERSION,
    implementation: "gpic-lab",
    implementation_version: version,
    banner: `gpic-lab ${version}: TypeScript ${typescript} on Node ${process.versions.node}`,
    debugger: false,
    language_info: {
      name: "typescript",
      version: typescript,
      mimetype: "text/x-typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      codemirror_mode: { name: "javascript", typescript: true, mode: "typescript" },
      nbconvert_exporter: "script",
    },
    help_links: [
      { text: "TypeScript", url: "https://www.typescriptlang.org/docs/" },
      { text: "Node.js", url: "https://nodejs.org/docs/latest-v20.x/api/" },
      { text: "Vega-Lite", url: "https://vega.github.io/vega-lite/docs/" },
    ],
  };
}

/** The version of the compiler that cells are compiled with, without loading it. */
function typescriptVersion(): string {
  const require = createRequire(import.meta.url);
  const fromTslab = createRequire(require.resolve("tslab/package.json"));
  const compiler = fromTslab("@tslab/typescript-for-tslab/package.json") as { readonly version: string };
  return compiler.version;
}
