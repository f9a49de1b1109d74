/**
 * Thirty-one ImageNet-256 generators and the real validation images under six encoders, as a table.
 *
 * Source: arXiv:2604.28190v1, Tables F.6 and F.7: one pipeline, so that its distances compare with each other and with
 * nothing else. The table is data of claims, as are its cells; what is computed of it (`gpic-lab/core`) knows no table.
 */
import { readFileSync } from "node:fs";
import { packageFile } from "../io/index.js";
import { claim } from "./load.js";
import { readJson } from "./sources.js";
import { type ClaimTable, parseCsv } from "./table.js";

/** The encoders of the table, as its columns order them. */
export const sixEncoders = ["inception", "convnext", "dinov2", "mae", "siglip", "clip"] as const;

/** An encoder of the table. */
export type SixEncoder = (typeof sixEncoders)[number];

/** A row of the table. */
export interface EncoderRow {
  /** The beginning of its claims' ids; `/fd_dinov2` and the like follow. */
  readonly id: string;
  /** As the table prints it: "JiT-H + FD-Inception". */
  readonly system: string;
  /** The table's own group. */
  readonly kind: string;
  /** Frechet distance to ImageNet's training images, by encoder. */
  readonly distances: Readonly<Record<SixEncoder, number>>;
  /** The Frechet loss it was trained on: "FD-Inception", or "FD-SIM", whose encoders the table does not tell. */
  readonly loss?: string;
  /** The row of the same system before that training, where the table has exactly one. */
  readonly before?: string;
}

/** The table: real images and generators as named parts, so that they are not ranked together. */
export interface EncoderTable {
  readonly validationImages: EncoderRow;
  readonly generators: readonly EncoderRow[];
}

/**
 * The table of six encoders.
 * @example encoderTable().generators.length // 31
 */
export function encoderTable(): EncoderTable {
  const table = readJson<{ readonly tables: readonly ClaimTable[] }>("six-encoders.json").tables[0];
  if (table?.csv === undefined)
    throw new SyntaxError("Cannot read six-encoders.json: a table with a CSV is needed, got none");
  const names = parseCsv(readFileSync(packageFile("data", "paper", table.csv), "utf8"), table).map((cells) =>
    String(cells[0]),
  );
  const [validationImages, ...generators] = names.map((name) => rowOf(name, names));
  if (validationImages === undefined)
    throw new SyntaxError(
      "Cannot read the table of six encoders: a row of validation images is needed, got none",
    );
  return { validationImages, generators };
}

/**
 * The distances as Kendall's W and correlations take them: encoders x rows.
 * @param rows of `encoderTable`, drawn again or chosen as you like
 * @param encoders default all six
 * @example distancesByEncoder(encoderTable().generators).length // 6
 */
export function distancesByEncoder(
  rows: readonly EncoderRow[],
  encoders: readonly SixEncoder[] = sixEncoders,
): number[][] {
  return encoders.map((encoder) => rows.map(({ distances }) => distances[encoder]));
}

function rowOf(system: string, names: readonly string[]): EncoderRow {
  const id = `six-encoders/${system.replace(/[^\w.+-]+/g, "-").replace(/^-+|-+$/g, "")}`;
  const [base = "", loss] = system.split(" + ");
  const before = names.filter(
    (name) => name === base || (name.startsWith(`${base} `) && !name.includes(" + ")),
  );
  return {
    id,
    system,
    kind: String(claim(`${id}/kind`).value),
    distances: Object.fromEntries(
      sixEncoders.map((encoder) => [encoder, claim(`${id}/fd_${encoder}`).number]),
    ) as Record<SixEncoder, number>,
    ...(loss === undefined ? {} : { loss }),
    ...(loss !== undefined && before.length === 1 ? { before: before[0] as string } : {}),
  };
}
