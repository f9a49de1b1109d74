/**
 * The rows of the paper's tables that a score may be set among: those of the same encoder and preparation, of as many
 * images, against a reference that is not known to be another. A Frechet distance falls with the number of images, so
 * that one of 1,000 beside one of 50,000 would say nothing of the models.
 */
import { BENCHMARK_RULES, type Score, type ScoreSide } from "../../lib/benchmark/index.js";
import { claim } from "../../lib/claims/index.js";

/** Rows, and why there are those or none. */
export interface PaperRows {
  readonly rows: readonly { readonly what: string; readonly fd: number }[];
  /** A sentence. */
  readonly why: string;
}

const ROWS = [
  ["table2/test-50k/fd", "paper: 50,000 real images"],
  ["table2/val/fd", "paper: 200,000 real images"],
  ["table3/6.25/fd", "paper: its model, best"],
  ["table3/1.75/fd", "paper: its model, worst"],
] as const;

/** Chooses them. */
export function paperRows(
  { disclosure, counts, width }: Pick<Score, "disclosure" | "counts" | "width">,
  { provenance }: Pick<ScoreSide, "provenance">,
): PaperRows {
  const { encoder, protocol, generatedImages } = BENCHMARK_RULES;
  const none = (why: string): PaperRows => ({
    rows: [],
    why: `The paper’s own rows are not drawn: ${why}, and would mean nothing on this scale.`,
  });
  if (width !== 1024 || provenance?.encoder.id !== encoder || provenance.protocol !== protocol)
    return none("they are of another encoder or preparation, as far as the files say");
  if (counts.generated === null || counts.generated < generatedImages)
    return none(
      `they are of ${generatedImages.toLocaleString("en-US")} images and more, this is of ${counts.generated === null ? "an unknown number" : counts.generated.toLocaleString("en-US")}`,
    );
  if (disclosure.some(({ point, status }) => point === "reference" && status === "not met"))
    return none("they are against another reference");
  const rows = ROWS.flatMap(([id, what]) => {
    const { value } = claim(id);
    return typeof value === "number" ? [{ what, fd: value }] : [];
  });
  return {
    rows,
    why: "The paper’s rows stand on the same scale: same encoder, same preparation, as many images.",
  };
}
