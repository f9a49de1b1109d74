/**
 * Which arrays of a file are features, by the names that each toolkit gives them.
 *
 * Sources: gpic-eval's statistics (dino_mu, dino_sigma, dino_embeddings, key, tar_idx; inception_ and sscd_ alike);
 * pytorch-fid and clean-fid (mu, sigma); dgm-eval (reps); clean-fid's KID files (feats).
 */
import type { FeaturePrefix } from "./feature-set.js";

/** Whose names a file uses; "rows" is an array alone, in an .npy or as an .npz's first unnamed one. */
export type FeatureToolkit = "gpic-eval" | "pytorch-fid" | "dgm-eval" | "clean-fid KID" | "rows";

/** The names of the arrays of one encoder in a file; absent is what the file does not have. */
export interface FeatureNames {
  readonly toolkit: FeatureToolkit;
  readonly prefix?: FeaturePrefix | undefined;
  readonly mean?: string | undefined;
  readonly covariance?: string | undefined;
  readonly rows?: string | undefined;
  readonly keys?: string | undefined;
  readonly shards?: string | undefined;
}

/** The prefixes of gpic-eval's arrays. */
const FEATURE_PREFIXES: readonly FeaturePrefix[] = ["dino", "inception", "sscd"];

/**
 * Tells the features by the names of a file's arrays.
 * @param prefix which encoder, where the file may have several
 * @param path what messages call the file
 * @throws RangeError where no names are those of features, or several encoders' are and none was chosen, or the chosen
 *   one's are not there, or a mean has no covariance
 * @example featureNames(["mu", "sigma"], undefined, "a.npz").toolkit // "pytorch-fid"
 */
export function featureNames(
  names: readonly string[],
  prefix: FeaturePrefix | undefined,
  path: string,
): FeatureNames {
  const has = (name: string): string | undefined => (names.includes(name) ? name : undefined);
  const found: FeatureNames[] = [
    ...FEATURE_PREFIXES.map((each) => ({
      ...{ toolkit: "gpic-eval" as const, prefix: each },
      ...{ mean: has(`${each}_mu`), covariance: has(`${each}_sigma`), rows: has(`${each}_embeddings`) },
      ...{ keys: has("key"), shards: has("tar_idx") },
    })),
    { toolkit: "pytorch-fid" as const, mean: has("mu"), covariance: has("sigma") },
    { toolkit: "dgm-eval" as const, rows: has("reps") },
    { toolkit: "clean-fid KID" as const, rows: has("feats") },
    { toolkit: "rows" as const, rows: has("arr_0") },
  ].filter(({ mean, covariance, rows }: Partial<FeatureNames>) => mean ?? covariance ?? rows);
  const encoders = found.flatMap((each) => each.prefix ?? []);
  const chosen = prefix === undefined ? found[0] : found.find((each) => each.prefix === prefix);
  const wrong = (needed: string, got: string): RangeError =>
    new RangeError(`Cannot read features of ${path}: ${needed} needed, got ${got}`);
  if (prefix === undefined && encoders.length > 1)
    throw wrong("a choice of the encoder is", `those of ${encoders.join(" and ")}`);
  if (chosen === undefined)
    throw wrong(
      prefix === undefined
        ? "arrays such as dino_mu and dino_sigma, mu and sigma, reps, or feats are"
        : `arrays named ${prefix}_mu and ${prefix}_sigma, or ${prefix}_embeddings are`,
      names
        .slice(0, 20)
        .map((name) => JSON.stringify(name.slice(0, 100)))
        .join(", "),
    );
  if ((chosen.mean === undefined) !== (chosen.covariance === undefined))
    throw wrong("a mean (mu) with its covariance (sigma) is", chosen.mean ?? chosen.covariance!);
  return chosen;
}
