/**
 * The maximum mean discrepancy of 10,000 x 1024 a side: 100 subsets of 1000 against clean-fid's and torch-fidelity's KID,
 * all pairs against numpy in blocks.
 *
 * Each side is a process that has read the same two files. Subsets are drawn by other generators, so that the means agree
 * to their standard errors; the estimates of all pairs agree to what float32 kernels carry.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchRow, Piece } from "./piece.js";
import { COUNT, WIDTH, writeFeatureFiles } from "./prdc-data.js";
import { runSides, type SideResult, sideRows } from "./prdc-sides.js";

const KID = [
  { name: "clean-fid", imports: "cleanfid.fid" },
  { name: "torch-fidelity", imports: "torch_fidelity.metric_kid" },
] as const;
const NUMPY = [{ name: "numpy in blocks, all pairs", imports: "numpy" }] as const;
/** Of kernels near 1, each rounded to float32 and summed over 10^8 pairs. */
const SINGLE = 1e-7;

export const mmdPiece: Piece = {
  name: "mmd",
  async measure(progress) {
    const folder = mkdtempSync(join(tmpdir(), "gpic-lab-bench-"));
    try {
      progress(`mmd: making ${COUNT} x ${WIDTH} numbers a side`);
      const files = writeFeatureFiles(folder);
      const rows: BenchRow[] = [];
      const [subsets, ...kid] = await runSides({ name: "subsets" }, KID, files, progress);
      for (const [at, result] of kid.entries()) {
        const { name } = KID[at]!;
        checkNear(name, subsets!, result, 5 * Math.SQRT2 * (valuesOf(subsets!).standardError ?? 0));
        rows.push(...sideRows(`MMD, 100 subsets of 1000 of ${COUNT} x ${WIDTH}`, subsets!, { name, result }));
      }
      const [allPairs, ...numpy] = await runSides({ name: "all-pairs" }, NUMPY, files, progress);
      for (const [at, result] of numpy.entries()) {
        const { name } = NUMPY[at]!;
        checkNear(name, allPairs!, result, SINGLE);
        rows.push(...sideRows(`MMD, all pairs of ${COUNT} x ${WIDTH}`, allPairs!, { name, result }));
      }
      return rows;
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

/** @throws Error where two sides differ by more than chance and rounding explain */
function checkNear(name: string, ours: SideResult, theirs: SideResult, tolerance: number): void {
  if (theirs.skipped !== undefined) return;
  const [mine, other] = [valuesOf(ours).mmd!, theirs.values.mmd!];
  if (!(Math.abs(mine - other) <= tolerance))
    throw new Error(
      `Cannot compare with ${name}: the same estimate to ${tolerance} is needed, got ${mine} and ${other}`,
    );
}

function valuesOf(side: SideResult): { readonly [name: string]: number } {
  if (side.skipped !== undefined) throw new Error(`Cannot compare: ${side.skipped}`);
  return side.values;
}
