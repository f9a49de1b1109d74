/**
 * Precision, recall, density and coverage of 10,000 x 1024 a side, against the prdc package and numpy in blocks: time
 * and peak memory.
 *
 * Each side is a process that has read the same two files; the package must give our four values, to the bit of what is
 * counted. The interpreter is `GPIC_LAB_BENCH_PYTHON`, or python3.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchRow, Piece } from "./piece.js";
import { COUNT, WIDTH, writeFeatureFiles } from "./prdc-data.js";
import { runSides, type SideResult, sideRows } from "./prdc-sides.js";

const PEERS = [
  { name: "prdc package", imports: "prdc", tolerance: 1e-12, share: { seconds: 1 / 3, megabytes: 1 / 5 } },
  // float32 throughout: a few pairs fall on the other side of a radius
  { name: "numpy in blocks", imports: "numpy", tolerance: 1e-3, share: { seconds: 1 } },
] as const;

export const prdcPiece: Piece = {
  name: "prdc",
  async measure(progress) {
    const folder = mkdtempSync(join(tmpdir(), "gpic-lab-bench-"));
    try {
      progress(`prdc: making ${COUNT} x ${WIDTH} numbers a side`);
      const [ours, ...peers] = await runSides({ name: "prdc" }, PEERS, writeFeatureFiles(folder), progress);
      const rows: BenchRow[] = [];
      for (const [at, result] of peers.entries()) {
        const { name, tolerance, share } = PEERS[at]!;
        checkSame(name, ours!, result, tolerance);
        rows.push(...sideRows(`PRDC, ${COUNT} x ${WIDTH} a side`, ours!, { name, result }, share));
      }
      return rows;
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

/** @throws Error where two sides have not the same values */
function checkSame(name: string, ours: SideResult, theirs: SideResult, tolerance: number): void {
  if (ours.skipped !== undefined || theirs.skipped !== undefined) return;
  for (const [value, mine] of Object.entries(ours.values))
    if (!(Math.abs(mine - theirs.values[value]!) <= tolerance))
      throw new Error(
        `Cannot compare with ${name}: the same ${value} to ${tolerance} is needed, got ${mine} and ${theirs.values[value]}`,
      );
}
