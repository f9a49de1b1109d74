/**
 * What scipy's sqrtm(S1 S2) gives for Tr (S1 S2)^(1/2): the convention of gpic-eval, dgm-eval, pytorch-fid, clean-fid.
 *
 * The trace of that root is the sum of the principal square roots of the eigenvalues of S1 S2 as float64 has it, a
 * matrix that is not symmetric. Where both covariances are regular this is the exact trace. Where one is singular the
 * eigenvalues that are zero come out as a disc of numbers of some 1e-16 of the largest, half of them complex, whose
 * roots, of 1e-8 each, all have positive real parts: the trace comes out too large, and the distance too small, by an
 * amount that is the rounding of the library. This takes the same eigenvalues by the same kind of method (Hessenberg
 * form, Francis' steps), and so has the amount to some percent, not to the digit: on the golden cases scipy 1.17 is
 * met to 5 % of what it is off.
 *
 * gpic-eval adds 1e-6 to both diagonals where the root is not finite. scipy 1.17 gave a finite one for every singular
 * pair that was tried (features that are constant, rank one, all zero), so that is not done here.
 */
import { generalEigenvalues, type Stoppable } from "../core/index.js";
import { type DenseMatrix, multiply } from "../models/index.js";
import type { Root, Side } from "./frechet-side.js";

/** The trace by that convention. */
export async function sqrtmTrace(real: Side, generated: Side, options: Stoppable): Promise<number> {
  const product = await multiply(await covarianceOf(real), await covarianceOf(generated));
  const values = await generalEigenvalues(product.data, product.rows, options);
  return (
    real.unit * generated.unit * values.real.reduce((sum, a, i) => sum + realRoot(a, values.imaginary[i]!), 0)
  );
}

async function covarianceOf({ width, covariance, root }: Side): Promise<DenseMatrix> {
  if (covariance !== undefined) return { rows: width, columns: width, data: covariance };
  const rows: Root = await root();
  return "transpose" in rows ? multiply(rows.transpose, rows) : multiply({ transpose: rows }, rows);
}

/** The real part of the principal root of a + bi: sqrt((|a + bi| + a) / 2), without its cancellation for a < 0. */
function realRoot(a: number, b: number): number {
  const size = Math.hypot(a, b);
  if (a >= 0) return Math.sqrt((size + a) / 2);
  return size === -a ? 0 : Math.abs(b) / Math.sqrt(2 * (size - a));
}
