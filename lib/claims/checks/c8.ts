/** C8: licence shares (Figure 2) against six shards that users of the release counted. */
import { type CheckResults, value } from "./value.js";

const groups = {
  "cc-by": ["cc-by-2.0", "cc-by-4.0", "cc-by-3.0"],
  "public-domain": ["public-domain-mark-1.0"],
  cc0: ["cc0-1.0"],
  "no-restrictions": ["no-known-copyright-restrictions"],
} as const;

/** The measured shares, and how far they lie from the figure. */
export function c8(): CheckResults {
  const total = value("measured-by-others/six-shards/images");
  const shares = Object.entries(groups).map(([name, licences]) => {
    const counts = licences.map((licence) => value(`measured-by-others/six-shards/licenses/${licence}`));
    return {
      name,
      claimed: value(`corpus/license-shares-approx/${name}`),
      measured: counts.reduce((sum, count) => sum + count, 0) / total,
    };
  });
  return {
    sum: shares.reduce((sum, { claimed }) => sum + claimed, 0),
    ...Object.fromEntries(shares.map(({ name, measured }) => [`measured-${name}`, measured])),
    "largest-difference": Math.max(...shares.map(({ claimed, measured }) => Math.abs(claimed - measured))),
  };
}
