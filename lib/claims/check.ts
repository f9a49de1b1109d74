/** Checks: what published numbers say of each other, computed from the claims alone. */
import { c1 } from "./checks/c1.js";
import { c2 } from "./checks/c2.js";
import { c3 } from "./checks/c3.js";
import { c4 } from "./checks/c4.js";
import { c5 } from "./checks/c5.js";
import { c6 } from "./checks/c6.js";
import { c7 } from "./checks/c7.js";
import { c8 } from "./checks/c8.js";
import { c9 } from "./checks/c9.js";
import { c10 } from "./checks/c10.js";
import { c11 } from "./checks/c11.js";
import { c12 } from "./checks/c12.js";
import { c13 } from "./checks/c13.js";
import { c14 } from "./checks/c14.js";
import { c16 } from "./checks/c16.js";
import { c17 } from "./checks/c17.js";
import { c18 } from "./checks/c18.js";
import { c20 } from "./checks/c20.js";
import { r1 } from "./checks/r1.js";
import { r2 } from "./checks/r2.js";
import { r3 } from "./checks/r3.js";
import { r4 } from "./checks/r4.js";
import { r5 } from "./checks/r5.js";
import type { CheckResults, Check as Compute } from "./checks/value.js";
import type { Claim } from "./claim.js";
import { claim, loadClaims } from "./load.js";
import { makeVerdict, type Verdict } from "./verdict.js";

/** C15 wants a long simulation and C19 captions that are not published here: they stay claims without a computation. */
const computations: Readonly<Record<string, Compute>> = {
  ...{ C1: c1, C2: c2, C3: c3, C4: c4, C5: c5, C6: c6, C7: c7, C8: c8, C9: c9, C10: c10 },
  ...{ C11: c11, C12: c12, C13: c13, C14: c14, C16: c16, C17: c17, C18: c18, C20: c20 },
  ...{ R1: r1, R2: r2, R3: r3, R4: r4, R5: r5 },
};

/** A check of published numbers against each other. */
export interface Check {
  readonly id: string;
  /** The reading, as the claim `check/ID`. */
  readonly claim: Claim;
  /** The claims of its single results, `check/ID/NAME`. */
  readonly results: readonly Claim[];
  /** The computed results by name; undefined where the check cannot be computed from published numbers. */
  compute(): CheckResults | undefined;
  /** One verdict for the reading: recomputed only where every result is. */
  verdict(): Verdict;
  /** One verdict for each result. */
  verdicts(): readonly Verdict[];
}

/**
 * The check with an id: "C1" to "C20", "R1" and "R2" of the published leaderboards, "R3" of counts of the shards, "R4" of
 * systems trained on their metric, "R5" of the caption benchmark.
 * @throws RangeError where there is none
 * @example check("C4").verdict().kind // "recomputed"
 */
export function check(id: string): Check {
  if (!checkIds().includes(id))
    throw new RangeError(
      `Cannot find check "${String(id).slice(0, 40)}": the checks are ${checkIds().join(", ")}`,
    );
  const reading = claim(`check/${id}`);
  const results = [...loadClaims().values()].filter((one) => one.id.startsWith(`check/${id}/`));
  const compute = (): CheckResults | undefined => computations[id]?.();
  const verdicts = (): readonly Verdict[] => {
    const computed = compute();
    return results.map((result) => {
      const measured = computed?.[result.id.slice(`check/${id}/`.length)];
      return measured === undefined
        ? result.notRun("it is not derived from published numbers alone")
        : result.compare(measured, { on: "published numbers" });
    });
  };
  const verdict = (): Verdict => {
    if (computations[id] === undefined)
      return reading.notRun("it is not derived from published numbers alone");
    const off = verdicts().filter(({ kind }) => kind !== "recomputed");
    return makeVerdict({
      kind: off.length === 0 ? "recomputed" : "contradicted",
      claim: reading,
      measured: off.length === 0,
      why:
        off.length === 0
          ? `derived from published numbers: every result agrees`
          : `derived from published numbers: ${off.map((one) => one.claim.id).join(", ")} differ`,
    });
  };
  return { id, claim: reading, results, compute, verdict, verdicts };
}

/** The ids of all checks, in order. */
export function checkIds(): string[] {
  return [...loadClaims().values()].flatMap((one) =>
    /^check\/\w+$/.test(one.id) && one.check ? [one.check] : [],
  );
}

/**
 * The verdict on one of the popular article's misprints, computed by comparing it with what the paper says.
 * @param number 1 to 4
 * @throws RangeError where there is none
 * @example misprint(1).kind // "contradicted"
 */
export function misprint(number: number | string): Verdict {
  const article = claim(`misprint/${number}`);
  const paper = claim(article.contradictedBy ?? "");
  return article.compare(paper.value as NonNullable<typeof paper.value>, { on: "published numbers" });
}

/**
 * The verdicts that need nothing but published numbers: every check with its results, and the misprints.
 * @example derivedVerdicts().filter(({ kind }) => kind === "contradicted").length // 4
 */
export function derivedVerdicts(): Verdict[] {
  return [
    ...checkIds().flatMap((id) => [check(id).verdict(), ...check(id).verdicts()]),
    ...[...loadClaims().values()]
      .filter(({ contradictedBy }) => contradictedBy !== undefined)
      .map(({ id }) => misprint(id.slice("misprint/".length))),
  ];
}
