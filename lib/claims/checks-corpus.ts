/** Checks C1 to C10: pool, filters, deduplication, sizes, licences, captions. */
import { claim } from "./find.js";
import type { CheckResults } from "./load.js";

const value = (id: string): number => claim(id).number;
const decimal = { mega: 1e6, giga: 1e9, tera: 1e12, kilo: 1e3 } as const;
const SECONDS_AN_HOUR = 3600;

const allImages = () =>
  value("corpus/train-images") + value("corpus/val-images") + value("corpus/test-images");

/** The extreme, quality and safety filters together, as shares of the pool. */
const filteredShare = () =>
  value("filters/extreme-removed") + value("filters/quality-removed") + value("filters/safety-removed");

const afterFilters = () => value("pool/images") * (1 - filteredShare());
const removedAfterFilters = () => afterFilters() - value("dedup/images-left");
const meanPixels = () => value("corpus/pixels") / allImages();
const productOfMeans = () => value("corpus/mean-height") * value("corpus/mean-width");
const licences = ["cc-by", "public-domain", "cc0", "no-restrictions"] as const;
const captionTypes = ["tag", "short", "medium", "long"] as const;
const sum = (values: readonly number[]) => values.reduce((total, one) => total + one, 0);

function shortAndMediumHours(): number {
  const seconds = (type: "short" | "medium") =>
    (allImages() * value(`captions/share/${type}`)) / value(`captions/qwen3-vl-4b/images-per-second-${type}`);
  return (seconds("short") + seconds("medium")) / SECONDS_AN_HOUR;
}

/** Licence shares of the six measured shards, by the paper's four categories. */
function measuredLicenceShares(): Record<(typeof licences)[number], number> {
  const counted = (names: readonly string[]) =>
    sum(names.map((name) => value(`measured/six-shards/licenses/${name}`))) /
    value("measured/six-shards/images");
  return {
    "cc-by": counted(["cc-by-2.0", "cc-by-3.0", "cc-by-4.0"]),
    "public-domain": counted(["public-domain-mark-1.0"]),
    cc0: counted(["cc0-1.0"]),
    "no-restrictions": counted(["no-known-copyright-restrictions"]),
  };
}

function largestLicenceDifference(): number {
  const measured = measuredLicenceShares();
  return Math.max(
    ...licences.map((name) => Math.abs(measured[name] - value(`corpus/licence-share/${name}`))),
  );
}

/** Whether a number rounds to 101 million. */
function roundsLikePrediction(images: number): boolean {
  return Math.round(images / decimal.mega) * decimal.mega === value("dedup/predicted-left");
}

const tierProduct = (tier: string) => value(`corpus/tier/${tier}/shards`) * value("corpus/images-per-shard");
const leftOfPool = () => value("pool/images") - value("dedup/predicted-removed");
const leftOfFiltered = () => afterFilters() - value("dedup/predicted-removed");

/** By id of the reading. */
export const corpusChecks: CheckResults = {
  "C1/removed": removedAfterFilters,
  "C1/below-prediction": () => 1 - removedAfterFilters() / value("dedup/predicted-removed"),
  "C2/of-the-pool": leftOfPool,
  "C2/of-the-filtered-pool": leftOfFiltered,
  "C2/pool-rounds-to-101-million": () =>
    roundsLikePrediction(leftOfPool()) && !roundsLikePrediction(leftOfFiltered()),
  "C3/range": () => value("dedup/collision-subset-max") / value("dedup/collision-subset-min"),
  "C3/smallest": () => value("pool/images") / 2 ** 10,
  "C3/largest": () => value("pool/images") / 2 ** 5,
  "C4/all-splits": allImages,
  "C4/unaccounted": () => value("dedup/images-left") - allImages(),
  "C5/nano": () => tierProduct("nano"),
  "C5/lite": () => tierProduct("lite"),
  "C5/full": () => tierProduct("full"),
  "C6/mean-pixels": meanPixels,
  "C6/product-of-means": productOfMeans,
  "C6/covariance": () => meanPixels() - productOfMeans(),
  "C7/shard-size": () => (value("corpus/size") * decimal.tera) / value("corpus/train-shards") / decimal.giga,
  "C7/image-size": () => (value("corpus/size") * decimal.tera) / allImages() / decimal.kilo,
  "C8/sum": () => sum(licences.map((name) => value(`corpus/licence-share/${name}`))),
  "C8/largest-difference": largestLicenceDifference,
  "C9/microbenchmark": () =>
    sum(["short", "medium", "long"].map((type) => value(`captions/microbenchmark/${type}`))),
  "C9/types": () => sum(captionTypes.map((type) => value(`captions/share/${type}`))),
  "C10/short-and-medium": shortAndMediumHours,
  "C10/rest": () => value("captions/gpu-hours") - shortAndMediumHours(),
};
