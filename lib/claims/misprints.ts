/** What a popular article about the paper got wrong, held against the paper's own claims. */

import { claim, loadClaims } from "./find.js";
import { formatValue } from "./format.js";
import { loadPaper, type MisprintRecord } from "./load.js";
import { isWithin, Verdict } from "./verdict.js";

/** The verdict on each misprint: *contradicted* where the paper says otherwise. */
export function misprintVerdicts(): Verdict[] {
  return loadPaper().misprints.map((record) => {
    const { holds, paper } = heldAgainst(record);
    const said = claim(record.id);
    const subject = { ...pick(said), needs: said.test.needs };
    const why = holds ? "the paper says the same" : `the paper says ${paper}`;
    return new Verdict(subject, holds ? "recomputed" : "contradicted", undefined, why);
  });
}

function heldAgainst(record: MisprintRecord): { holds: boolean; paper: string } {
  if (record.against !== undefined) {
    const right = claim(record.against);
    return {
      holds: typeof record.value === "number" && isWithin(right, record.value),
      paper: formatValue(right.value, right.unit),
    };
  }
  const prefix = `${record.againstKeys}/`;
  const names = [...loadClaims().keys()]
    .filter((id) => id.startsWith(prefix))
    .map((id) => id.slice(prefix.length));
  return { holds: JSON.stringify(names) === JSON.stringify(record.value), paper: names.join(", ") };
}

function pick({ id, place, statement, value, unit, tolerance }: ReturnType<typeof claim>) {
  return { id, place, statement, value, unit, tolerance };
}
