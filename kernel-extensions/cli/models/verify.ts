/** `gpic-lab models verify`: reads weights that are here through, and says whether they are still what came. */
import { parseArgs } from "node:util";
import { encoderIds, verifyWeights, type WeightsFinding } from "../../../lib/models/index.js";
import { oneLine } from "../../show/escape.js";
import { formatBytes } from "../../show/numbers.js";
import { type Command, printJson } from "../command.js";
import { statusLine } from "../corpus/status-line.js";
import { stoppable } from "../corpus/stoppable.js";
import { encoderWords, idLines } from "./ids.js";

export const command: Command = {
  help: `
gpic-lab models verify [ID...] [--json]

Reads the files of the weights that are here and holds their SHA-256 against the manifest (what publishers state) and
against the record of the day when they came. Without ID: all that are here. Exits 1 where a file is wrong, or one that
was named is not there.

With --json a list of rows: encoder, file, path, state (sound, wrong, not there), sha256, against, problem.

ID is one or more of
${idLines}

example:
  gpic-lab models verify sscd-int8
  sound  sscd-int8  sscd.onnx            sha256 86386042eb852df1..., as in the manifest; ...
  sound  sscd-int8  sscd_distilled.onnx  sha256 240436cc531e2e10..., as in the manifest; ...
  ...
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: "boolean" } },
    });
    const ids = encoderWords(positionals);
    return stoppable<0 | 1>(async (signal) => {
      const line = statusLine();
      let bytes = 0;
      const onBytes = (delta: number) => {
        bytes += delta;
        line.show(() => `hashing: ${formatBytes(bytes)}`);
      };
      const findings: WeightsFinding[] = [];
      try {
        for (const id of ids.length > 0 ? ids : encoderIds)
          findings.push(...(await verifyWeights(id, { signal, onBytes })));
      } finally {
        line.clear();
      }
      const shown = findings.filter(({ state }) => ids.length > 0 || state !== "not there");
      if (values.json) printJson(shown);
      else process.stdout.write(tableOf(shown));
      return shown.some(({ state }) => state !== "sound") ? 1 : 0;
    });
  },
};

function tableOf(findings: readonly WeightsFinding[]): string {
  if (findings.length === 0) return "no weights are here; gpic-lab models list says which there are\n";
  const rows = findings.map((one) => [one.state, one.encoder, one.file, words(one)] as const);
  const widths = [0, 1, 2].map((i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows.map((row) => `${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ")}\n`).join("");
}

function words({ encoder, state, sha256, against, problem }: WeightsFinding): string {
  if (state === "not there") return `gpic-lab models fetch ${encoder}`;
  return oneLine(state === "sound" ? `sha256 ${sha256!.slice(0, 16)}..., ${against}` : (problem ?? ""));
}
