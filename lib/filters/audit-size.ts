/**
 * How many images a person must label to check how much a filter removes.
 *
 * The paper's filter of quality removes about 0.3 % of its pool (2.2) and has no published check. Two plans: a plain
 * random draw, whose interval is Wilson's; and a draw from the removed and from the kept apart (two-phase sampling;
 * Cochran, "Sampling Techniques", 1977, chapter 12, with Neyman's allocation), which needs to know beforehand about how often the
 * filter errs.
 */
import { normalQuantile, wilsonInterval } from "../core/index.js";

/** A plain draw. */
export interface AuditSize {
  /** Images to label. */
  readonly images: number;
  /** Images with the fault among them, as the rate expects. */
  readonly expectedFaults: number;
  /** Half the interval's width that is reached, as a share of the rate. */
  readonly relativeHalfWidth: number;
}

/**
 * The least random draw whose Wilson interval is at most so wide.
 * @param rate the rate to be checked, between 0 and 1, such as 0.003
 * @param relative half the width as a share of the rate, such as 0.1 for "to within a tenth of it"
 * @param confidence of the interval, between 0 and 1
 * @throws RangeError where an argument is out of its range
 * @example auditSize(0.003, 0.1).images // some 128,000
 */
export function auditSize(rate: number, relative: number, confidence: number = 0.95): AuditSize {
  if (!(rate > 0 && rate < 1))
    throw new RangeError(`Cannot plan an audit: a rate between 0 and 1 is needed, got ${rate}`);
  checkAim(relative, confidence);
  const halfWidth = (images: number) => {
    const { low, high } = wilsonInterval(rate * images, images, confidence);
    return (high - low) / 2 / rate;
  };
  let enough = 1;
  while (halfWidth(enough) > relative) enough *= 2;
  let tooFew = Math.floor(enough / 2);
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (halfWidth(middle) > relative) tooFew = middle;
    else enough = middle;
  }
  return { images: enough, expectedFaults: rate * enough, relativeHalfWidth: halfWidth(enough) };
}

function checkAim(relative: number, confidence: number): void {
  if (!(relative > 0 && relative < Number.POSITIVE_INFINITY))
    throw new RangeError(`Cannot plan an audit: a width above 0 is needed, got ${relative}`);
  if (!(confidence > 0 && confidence < 1))
    throw new RangeError(`Cannot plan an audit: a confidence between 0 and 1 is needed, got ${confidence}`);
}

/** A draw from the removed and the kept apart. */
export interface StratifiedAuditSize {
  readonly images: number;
  /** Images to label of those that the filter removed. */
  readonly ofRemoved: number;
  /** Images to label of those that it kept. */
  readonly ofKept: number;
  /** The true rate of faults that the assumed errors amount to. */
  readonly faultRate: number;
}

/**
 * The draw from removed and kept that knows the true rate of faults as closely, by Neyman's allocation and the normal
 * law.
 *
 * Precision and missed share are assumptions about what the labels are to find out. Shares of 0 and 1 are refused: a side
 * that is sure to be all right or all wrong has no variance, so that the plan would label none of it, and nobody would see
 * that it is not. Where next to nothing is expected, assume the largest share that would still be no surprise.
 * @param filter.removedShare of the pool; filter.precision: share of the removed that has the fault; filter.missedShare:
 *   share of the kept that has it; each between 0 and 1
 * @param relative half the interval's width as a share of the true rate
 * @param confidence of the interval, between 0 and 1
 * @throws RangeError where an argument is out of its range
 * @example stratifiedAuditSize({ removedShare: 0.003, precision: 0.8, missedShare: 0.0006 }, 0.1).images // 28,000
 */
export function stratifiedAuditSize(
  filter: { readonly removedShare: number; readonly precision: number; readonly missedShare: number },
  relative: number,
  confidence: number = 0.95,
): StratifiedAuditSize {
  const { removedShare, precision, missedShare } = filter;
  for (const [name, share] of Object.entries({ removedShare, precision, missedShare }))
    if (!(share > 0 && share < 1))
      throw new RangeError(
        `Cannot plan an audit: ${name} between 0 and 1 is needed, as nothing would be labelled to check a share of 0 or 1, got ${share}`,
      );
  checkAim(relative, confidence);
  const faultRate = removedShare * precision + (1 - removedShare) * missedShare;
  const removed = removedShare * Math.sqrt(precision * (1 - precision));
  const kept = (1 - removedShare) * Math.sqrt(missedShare * (1 - missedShare));
  const variance = ((relative * faultRate) / normalQuantile((1 + confidence) / 2)) ** 2;
  const ofRemoved = Math.ceil((removed * (removed + kept)) / variance);
  const ofKept = Math.ceil((kept * (removed + kept)) / variance);
  return { images: ofRemoved + ofKept, ofRemoved, ofKept, faultRate };
}
