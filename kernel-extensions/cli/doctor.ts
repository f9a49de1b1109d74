/** `gpic-lab doctor`: what this machine has and lacks, each lack with its remedy. */
import { parseArgs } from "node:util";
import { doctor } from "../setup/doctor.js";
import type { DoctorRow } from "../setup/doctor-row.js";
import { oneLine } from "../show/escape.js";
import { type Command, printJson } from "./command.js";

export const command: Command = {
  help: `
gpic-lab doctor [--json]

Looks at Node, disk, memory, CPU, GPU and driver, ONNX Runtime's CUDA libraries, token, weights, Python, JupyterLab and
the kernel. What is there is "ok"; "lacking" is needed for the sample corpus and not there; "optional" is needed only
for JupyterLab, a GPU or the real corpus. A token is looked for, never shown.

  --json    a list of rows: what, state, found, remedy

Exit: 0 all that the sample needs is there, 1 something is lacking.

example:
  $ gpic-lab doctor
  ok        Node    20.20.2
  optional  token   none
                    -> only the real corpus needs it: accept its terms on the Hub, make a token there, and set HF_TOKEN
`,
  async run(args) {
    const { values } = parseArgs({ args: [...args], options: { json: { type: "boolean" } } });
    const rows = await doctor();
    if (values.json) printJson(rows);
    else process.stdout.write(doctorTable(rows));
    return rows.some(({ state }) => state === "lacking") ? 1 : 0;
  },
};

/** The rows as a table for a terminal, each remedy on a line of its own. */
export function doctorTable(rows: readonly DoctorRow[]): string {
  const width = Math.max(0, ...rows.map(({ what }) => what.length)) + 2;
  return rows
    .map(({ what, state, found, remedy }) => {
      const line = `${state.padEnd(10)}${what.padEnd(width)}${oneLine(found)}\n`;
      return remedy === undefined ? line : `${line}${" ".repeat(10 + width)}-> ${oneLine(remedy)}\n`;
    })
    .join("");
}
