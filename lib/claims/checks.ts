/**
 * The checks C1 to C20: what the paper's own numbers say when they are put together.
 *
 * Each is computed from claims, by their ids, and held against its reading. `recomputed` means that the arithmetic
 * gives that reading; what the reading says of the paper stands in its statement.
 */
import { benchmarkChecks } from "./checks-benchmark.js";
import { corpusChecks } from "./checks-corpus.js";
import { nearest } from "./find.js";
import { type CheckReading, type CheckResults, loadPaper } from "./load.js";
import { isWithin, Verdict, type VerdictSubject } from "./verdict.js";

const computations: CheckResults = { ...corpusChecks, ...benchmarkChecks };

/**
 * The verdicts of a check, one for each of its parts.
 * @param name "C1" to "C20", or one part such as "C6/mean-pixels"
 * @throws RangeError for a check that does not exist, with the nearest
 * @example check("C5").map((verdict) => verdict.kind) // ["recomputed", "recomputed", "recomputed"]
 */
export function check(name: string): Verdict[] {
  const { readings } = loadPaper();
  const chosen = [...readings.values()].filter(({ id }) => id === name || id.startsWith(`${name}/`));
  if (chosen.length === 0)
    throw new RangeError(
      `Cannot find the check "${name}"; the nearest are ${nearest(name, [...readings.keys()]).join(", ")}`,
    );
  return chosen.map(verdictOf);
}

/** The verdicts of all checks. */
export function allChecks(): Verdict[] {
  return [...loadPaper().readings.values()].map(verdictOf);
}

function verdictOf(reading: CheckReading): Verdict {
  const subject: VerdictSubject = {
    id: reading.id,
    place: "the paper's own numbers",
    statement: reading.statement,
    value: reading.value,
    unit: reading.unit,
    tolerance: reading.tolerance,
    needs: reading.needs ?? "nothing but the paper",
  };
  const compute = computations[reading.id];
  if (compute === undefined) return new Verdict(subject, "not run", undefined, "not computed here");
  const value = compute();
  return isWithin(subject, value)
    ? new Verdict(subject, "recomputed", value, "derived again from published numbers")
    : new Verdict(subject, "contradicted", value, "derived from published numbers, outside the tolerance");
}
