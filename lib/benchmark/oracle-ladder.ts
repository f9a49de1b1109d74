/**
 * The oracle ladder: what real photographs score when they are scored as a model is (Tables 2, B.1 and B.2).
 *
 * Distances are sums of their two parts, which Table B.2 prints with one digit more than the distances of Tables 2 and
 * B.1 (check C11). Numbers come by the ids of the claims, from whoever holds them: this part knows the table's form, not
 * its values.
 */
import type { SampleSizes } from "../metrics/index.js";

/** The rows of the oracle tables, from the most images to the fewest. */
export const oracleRows = ["full", "lite", "nano", "val", "test-50k"] as const;

/** A row of the oracle tables. */
export type OracleRow = (typeof oracleRows)[number];

/** The encoders of the oracle tables. */
export type OracleEncoder = "dinov2" | "inception";

/** How people write the rows. */
export const oracleNames: Readonly<Record<OracleRow, string>> = {
  full: "Full",
  lite: "Lite",
  nano: "Nano",
  val: "Val",
  "test-50k": "Test-50K",
};

/** A number as it was printed: it was rounded, so that the true one lies within half a unit of the last digit. */
export interface PrintedNumber {
  readonly value: number;
  /** Half a unit of the last digit; of a sum, of all its terms. */
  readonly rounding: number;
}

/** A rung: real images of some number against the reference. */
export interface LadderRung extends SampleSizes {
  readonly row: OracleRow;
  readonly isSubset: boolean;
  /** Whether the images are of the split that models train on; the others are held out, as the reference is. */
  readonly isTraining: boolean;
  readonly fd: PrintedNumber;
  readonly fd_mu: PrintedNumber;
  readonly fd_sigma: PrintedNumber;
}

/** Table B.2 prints three decimals. */
const HALF_UNIT = 0.0005;

/**
 * The ladder of an encoder, in the order of `oracleRows`.
 * @param numberOf the value of a claim by its id: "tableB2/val/dinov2_fd_mu", "corpus/val-images"
 * @throws whatever `numberOf` throws where it does not know an id
 * @example oracleLadder((id) => claim(id).number, "dinov2")[3]?.fd // { value: 2.365, rounding: 0.001 }
 */
export function oracleLadder(numberOf: (id: string) => number, encoder: OracleEncoder): LadderRung[] {
  const referenceCount = numberOf("protocol/reference-images");
  return oracleRows.map((row) => {
    const mean = numberOf(`tableB2/${row}/${encoder}_fd_mu`);
    const covariance = numberOf(`tableB2/${row}/${encoder}_fd_sigma`);
    return {
      row,
      generatedCount: numberOf(countIds[row]),
      referenceCount,
      isSubset: row === "test-50k",
      isTraining: row !== "val" && row !== "test-50k",
      fd: { value: mean + covariance, rounding: 2 * HALF_UNIT },
      fd_mu: { value: mean, rounding: HALF_UNIT },
      fd_sigma: { value: covariance, rounding: HALF_UNIT },
    };
  });
}

/** Where the numbers of images of the rows stand. */
const countIds: Readonly<Record<OracleRow, string>> = {
  full: "corpus/tiers/full/images",
  lite: "corpus/tiers/lite/images",
  nano: "corpus/tiers/nano/images",
  val: "corpus/val-images",
  "test-50k": "protocol/generated-images",
};
