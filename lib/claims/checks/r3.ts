/** R3: whether the caption types that users counted in train shards are draws by the paper's shares (Sections 2.4, 2.5). */
import { againstShares, type ShareAgreement, shardBalance } from "../../corpus/index.js";
import { type CheckResults, value } from "./value.js";

const types = ["tag", "short", "medium", "long"] as const;
const shard = "measured-by-others/gpic-train-00000";
const six = "measured-by-others/six-shards/types";
/** Half a unit of the last digit in which the paper prints the shares. */
const ROUNDING = 0.005;

/** Goodness of fit of one shard and of six, one against the five others, and what the test would have seen. */
export function r3(): CheckResults {
  const counts = (folder: string): Record<string, number> =>
    Object.fromEntries(types.map((type) => [type, value(`${folder}/${type}`)]));
  const shares = counts("captions/types");
  const one = againstShares(counts(shard), shares, { rounding: ROUNDING });
  const all = againstShares(counts(six), shares, { rounding: ROUNDING });
  const others = types.map((type) => ({
    shard: "the five others",
    category: type,
    count: value(`${six}/${type}`) - value(`${shard}/${type}`),
  }));
  const own = types.map((type) => ({ shard, category: type, count: value(`${shard}/${type}`) }));
  const together = shardBalance([...own, ...others]);
  return {
    "shard-images": one.images,
    "shard-statistic": one.statistic,
    "shard-p": one.p,
    "shard-agrees": one.verdict === "as independent draws",
    "shard-long-share": cell(one, "long").share,
    "shard-long-residual": cell(one, "long").residual,
    "shard-long-seen": cell(one, "long").seenWith90 ?? Number.NaN,
    "shard-short-seen": cell(one, "short").seenWith90 ?? Number.NaN,
    "six-images": all.images,
    "six-statistic": all.statistic,
    "six-p": all.p,
    "six-agree": all.verdict === "as independent draws",
    "six-agree-as-rounded": (all.withinRounding?.p ?? 0) > all.level,
    "shard-against-others-p": together.test.p,
  };
}

function cell({ cells }: ShareAgreement, type: string): ShareAgreement["cells"][number] {
  const found = cells.find(({ category }) => category === type);
  if (found === undefined) throw new RangeError(`Cannot find a caption type: ${type} is needed`);
  return found;
}
