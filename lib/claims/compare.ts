/**
 * The rules by which a measured value gets its verdict.
 *
 * On the claim's own data, complete: reproduced within the tolerance, contradicted outside. From published numbers:
 * recomputed or contradicted. On any other data the value is not compared at all: machinery only.
 */

import { formatMeasured } from "./format.js";
import {
  type ClaimData,
  type ClaimRecord,
  type ClaimValue,
  type CorpusHandle,
  type CorpusIdentity,
  typeName,
} from "./record.js";
import { describeData } from "./sources.js";
import { isWithin } from "./tolerance.js";
import { makeVerdict, type Verdict } from "./verdict.js";

/** What a value was measured on. */
export interface CompareOptions {
  /** A corpus, or "published numbers" where the value was derived from numbers in print. */
  readonly on: CorpusHandle | "published numbers";
  /** The reference corpus, where the claim is a distance of two sets of images. */
  readonly against?: CorpusHandle;
  /** The unit of the measured value; checked against the claim's where given. */
  readonly unit?: string;
}

/** Compares a value with a claim; see `Claim.compare`. */
export function compareClaim(
  claim: ClaimRecord,
  measured: Exclude<ClaimValue, null>,
  options: CompareOptions,
): Verdict {
  checkMeasured(claim, measured, options);
  if (options.on === "published numbers") {
    const within = isWithin(claim.value, measured, claim.tolerance);
    return makeVerdict({
      kind: within ? "recomputed" : "contradicted",
      claim,
      measured,
      why: `derived from published numbers: ${within ? "agrees" : difference(claim, measured)}`,
      ...(claim.test.kind === "published-numbers" ? {} : { needs: claim.test.needs }),
    });
  }
  const identity = identityOf(options.on, "on");
  const reference = options.against === undefined ? undefined : identityOf(options.against, "against");
  const lack = mismatch(claim.on, identity) ?? referenceMismatch(claim.against, reference);
  if (lack !== undefined)
    return makeVerdict({
      kind: "machinery only",
      claim,
      measured,
      why: `the code ran on ${describeIdentity(identity)}, but the claim is about ${lack}: the value is not comparable and was not compared`,
      needs: claim.test.needs,
    });
  const within = isWithin(claim.value, measured, claim.tolerance);
  return makeVerdict({
    kind: within ? "reproduced" : "contradicted",
    claim,
    measured,
    why: `measured on ${describeIdentity(identity)}: ${within ? "agrees" : difference(claim, measured)}`,
  });
}

function checkMeasured(claim: ClaimRecord, measured: unknown, options: CompareOptions): void {
  const refuse = (needed: string, got: string): TypeError =>
    new TypeError(`Cannot compare with claim "${claim.id}": ${needed}, got ${got}`);
  if (claim.value === null)
    throw refuse(`the source gives no value (${claim.missing ?? "silent"})`, typeName(measured));
  if (typeof options !== "object" || options === null)
    throw refuse("{ on } says what was measured", typeName(options));
  if (options.unit !== undefined && options.unit !== (claim.unit ?? ""))
    throw refuse(
      claim.unit === undefined ? "the value has no unit" : `the unit is "${claim.unit}"`,
      `"${options.unit}"`,
    );
  if (Array.isArray(claim.value)) {
    if (!Array.isArray(measured) || measured.length !== claim.value.length)
      throw refuse(`a list of ${claim.value.length} is needed`, typeName(measured));
    claim.value.forEach((part, i) => {
      checkScalar(part, measured[i], `${i}`);
    });
  } else checkScalar(claim.value, measured);

  function checkScalar(claimed: unknown, value: unknown, index?: string): void {
    const where = index === undefined ? "" : ` at index ${index}`;
    if (typeof value !== typeof claimed || value === null)
      throw refuse(`a ${typeof claimed} is needed${where}`, typeName(value));
    if (typeof value === "number" && !Number.isFinite(value))
      throw new RangeError(
        `Cannot compare with claim "${claim.id}": a finite number is needed${where}, got ${value}`,
      );
  }
}

function identityOf(handle: unknown, name: "on" | "against"): CorpusIdentity {
  const identity = (handle as Partial<CorpusHandle> | null | undefined)?.identity;
  if (typeof identity?.dataset !== "string" || typeof identity.complete !== "boolean")
    throw new TypeError(
      `Cannot compare: { ${name} } is a corpus with an identity${name === "on" ? ' or "published numbers"' : ""}, got ${typeof handle === "string" ? `"${handle}"` : typeName(handle)}`,
    );
  return identity;
}

function referenceMismatch(
  claimed: ClaimData | undefined,
  given: CorpusIdentity | undefined,
): string | undefined {
  if (claimed === undefined) return undefined;
  if (given === undefined) return `a distance to ${describeData(claimed)}, and { against } was not given`;
  const lack = mismatch(claimed, given);
  return lack === undefined ? undefined : `a distance to ${lack}`;
}

/** What the claim speaks of, where the corpus is not that; a Full tier and the train split are the same. */
function mismatch(claimed: ClaimData, given: CorpusIdentity): string | undefined {
  const part = (data: ClaimData): string =>
    `${data.split ?? (data.tier === undefined ? "" : "train")}/${data.tier ?? (data.split === "train" ? "full" : "")}`;
  const same =
    claimed.dataset === given.dataset &&
    part(claimed) === part(given) &&
    (claimed.revision === undefined || claimed.revision === given.revision);
  if (!same) return describeData(claimed);
  return given.complete ? undefined : `all of ${describeData(claimed)}`;
}

function describeIdentity(identity: CorpusIdentity): string {
  return `${identity.complete ? "" : "a part of "}${describeData(identity)}`;
}

function difference(claim: ClaimRecord, measured: ClaimValue): string {
  if (typeof claim.value !== "number" || typeof measured !== "number") return "differs";
  return `off by ${formatMeasured(measured - claim.value, claim.unit)}`;
}
