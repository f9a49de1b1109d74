/** R2: how far six encoders agree on 31 generators (arXiv:2604.28190v1), beside the eight of Appendix B.3. */
import { pearson, ranks } from "./ranks.js";
import { generators, sixEncoders } from "./six-encoders.js";
import { type CheckResults, value } from "./value.js";

/** Kendall's W (without correction for ties) and the mean pairwise Pearson correlation. */
export function r2(): CheckResults {
  const systems = generators();
  const columns = sixEncoders.map((encoder) => systems.map(({ id }) => value(`${id}/fd_${encoder}`)));
  const correlations = columns.flatMap((x, i) => columns.slice(i + 1).map((y) => pearson(x, y)));
  return {
    "kendall-w": kendallW(columns.map(ranks)),
    "mean-pearson": correlations.reduce((sum, r) => sum + r, 0) / correlations.length,
  };
}

function kendallW(rankings: readonly (readonly number[])[]): number {
  const raters = rankings.length;
  const items = rankings[0]?.length ?? 0;
  const totals = Array.from({ length: items }, (_, i) =>
    rankings.reduce((sum, ranking) => sum + (ranking[i] ?? 0), 0),
  );
  const mean = (raters * (items + 1)) / 2;
  const s = totals.reduce((sum, total) => sum + (total - mean) ** 2, 0);
  return (12 * s) / (raters ** 2 * (items ** 3 - items));
}
