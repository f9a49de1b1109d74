/**
 * Thirty-one ImageNet-256 generators and the real validation images under six encoders, as a table.
 *
 * Source: arXiv:2604.28190v1, Tables F.6 and F.7: one pipeline, so that its distances compare with each other and with
 * nothing else. Each cell is a claim too (`gpic-lab/claims`), under the row's id.
 */
import { numberOf, type PublishedRow, publishedRows, rowId, textOf } from "./published-table.js";

/** The encoders of the table, as its columns order them. */
export const sixEncoders = ["inception", "convnext", "dinov2", "mae", "siglip", "clip"] as const;

/** An encoder of the table. */
export type SixEncoder = (typeof sixEncoders)[number];

/** The encoders' names as people write them. */
export const encoderNames: Readonly<Record<SixEncoder, string>> = {
  inception: "Inception",
  convnext: "ConvNeXt",
  dinov2: "DINOv2",
  mae: "MAE",
  siglip: "SigLIP",
  clip: "CLIP",
};

/** A row of the table. */
export interface EncoderRow {
  /** The beginning of its claims' ids; `/fd_dinov2` and the like follow. */
  readonly id: string;
  /** As the table prints it: "JiT-H + FD-Inception". */
  readonly system: string;
  /** The table's own group. */
  readonly kind: string;
  /** Frechet distance to the table's own reference images, by encoder. */
  readonly distances: Readonly<Record<SixEncoder, number>>;
  /** The older score of the same network, which knows no real images; higher is meant to be better. */
  readonly inceptionScore: number;
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
 * @throws SyntaxError where `data/paper/` is damaged
 * @example encoderTable().generators.length // 31
 */
export function encoderTable(): EncoderTable {
  const rows = publishedRows("frechet-six-encoders-imagenet256.csv");
  const names = rows.map((row) => textOf(row, "system"));
  const [validationImages, ...generators] = rows.map((row) => rowOf(row, names));
  if (validationImages?.kind !== "reference")
    throw new SyntaxError(
      `Cannot read the table of six encoders: validation images are needed first, got ${validationImages?.system ?? "nothing"}`,
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

function rowOf(row: PublishedRow, names: readonly string[]): EncoderRow {
  const system = textOf(row, "system");
  const [base = "", loss] = system.split(" + ");
  const before = names.filter(
    (name) => name === base || (name.startsWith(`${base} `) && !name.includes(" + ")),
  );
  return {
    id: rowId("six-encoders", system),
    system,
    kind: textOf(row, "kind"),
    distances: Object.fromEntries(
      sixEncoders.map((encoder) => [encoder, numberOf(row, `fd_${encoder}`)]),
    ) as Record<SixEncoder, number>,
    inceptionScore: numberOf(row, "inception_score"),
    ...(loss === undefined ? {} : { loss }),
    ...(loss !== undefined && before.length === 1 ? { before: before[0] as string } : {}),
  };
}
