/**
 * The questions of `checkNesting` as SQL over the table `images` of an index, with the columns shard, key and split.
 *
 * Kinds, texts and counts are the same; the first place of a key is the one first in the order train, val, test, then
 * by number, which is the order in which a corpus is walked. Written for DuckDB.
 */
import { splits, type Tier, tiers } from "./image-record.js";

/** Queries over the table `images`. */
export interface NestingSql {
  /** Rows of kind, shard, key, expected, found; none where all is well. */
  readonly findings: string;
  /** Rows of tier, shards, images, imagesOfPrefix. */
  readonly tiers: string;
  /** Rows of split, shards, images, keys: the different keys of each split that has a shard. */
  readonly splits: string;
}

/**
 * The queries for tiers of given sizes.
 * @param tierShards how many train shards each tier has: `releaseShards`, or `sampleTierShards`
 * @throws RangeError where one is no whole number
 * @example (await corpus.query(nestingSql(releaseShards).findings)).numRows // 0
 */
export function nestingSql(tierShards: { readonly [tier in Tier]: number }): NestingSql {
  for (const tier of tiers)
    if (!Number.isSafeInteger(tierShards[tier]) || tierShards[tier] < 0)
      throw new RangeError(
        `Cannot ask for tier ${tier}: a whole number of shards is needed, got ${tierShards[tier]}`,
      );
  const places = placesSql(tierShards);
  return {
    findings: `${places}, ${suspects}\n${findings}`,
    tiers: `${places}, ${shardCounts}\n${tiers.map((tier) => tierSql(tier, tierShards[tier])).join("\nUNION ALL\n")}`,
    splits: `${places}\n${splitCounts}`,
  };
}

/** Shards with the split and number that their name says, their rank, and the tiers that their records must name. */
function placesSql(tierShards: { readonly [tier in Tier]: number }): string {
  // sorted by name, as the findings show them
  const named = (tier: Tier): string =>
    `CASE WHEN part = 'train' AND number < ${tierShards[tier]} THEN '${tier}' END`;
  const expected = [...tiers].sort().map(named).join(", ");
  return `WITH shards AS (
  SELECT shard,
    nullif(regexp_extract(shard, '(?:^|/)gpic_(train|val|test)_([0-9]{5})[.]tar$', 1), '') AS part,
    try_cast(regexp_extract(shard, '(?:^|/)gpic_(train|val|test)_([0-9]{5})[.]tar$', 2) AS INTEGER) AS number
  FROM (SELECT DISTINCT shard FROM images)
), places AS (
  SELECT shard, part, number, concat_ws(', ', ${expected}) AS expected,
    list_filter([${tiers.map(named).join(", ")}], tier -> tier IS NOT NULL) AS listed,
    row_number() OVER (ORDER BY ${rankOf("part")}, number, shard) AS rank
  FROM shards
)`;
}

function rankOf(column: string): string {
  return `CASE ${column} ${splits.map((split, rank) => `WHEN '${split}' THEN ${rank}`).join(" ")} ELSE ${splits.length} END`;
}

const isKey = "(length(key) = 64 AND NOT regexp_matches(key, '[^0-9A-Fa-f]'))";

/** Whatever is cheap comes first and leaves few rows: lists that are not written as expected, keys that are there twice. */
const suspects = `unlike AS MATERIALIZED (
  SELECT images.shard, key, expected, array_to_string(list_sort(coalesce(split, [])), ', ') AS named
  FROM images JOIN places ON images.shard = places.shard
  WHERE part IS NOT NULL AND split IS DISTINCT FROM listed
), twice AS MATERIALIZED (
  SELECT lower(key) AS digits FROM images GROUP BY digits HAVING count(*) > 1
), repeated AS MATERIALIZED (
  SELECT shard, key FROM images WHERE lower(key) IN (SELECT digits FROM twice)
), wrong AS MATERIALIZED (
  SELECT shard, key FROM images WHERE NOT ${isKey}
), again AS (
  SELECT repeated.shard, key, part, row_number() OVER seen AS nth,
    first_value(repeated.shard) OVER seen AS first_shard, first_value(part) OVER seen AS first_part
  FROM repeated JOIN places ON repeated.shard = places.shard
  WHERE part IS NOT NULL AND ${isKey}
  WINDOW seen AS (PARTITION BY lower(key) ORDER BY rank ROWS UNBOUNDED PRECEDING)
)`;

const findings = `SELECT 'tiers' AS kind, shard, key, coalesce(nullif(expected, ''), 'no tier') AS expected,
  coalesce(nullif(named, ''), 'no tier') AS found
FROM unlike WHERE named <> expected
UNION ALL
SELECT CASE WHEN shard = first_shard THEN 'same-shard' WHEN part = first_part THEN 'same-split' ELSE 'two-splits' END,
  shard, key, 'once, in ' || first_part, 'first in ' || first_shard
FROM again WHERE nth > 1
UNION ALL
SELECT 'key', wrong.shard, key, '64 hexadecimal digits', key
FROM wrong JOIN places ON wrong.shard = places.shard WHERE part IS NOT NULL
UNION ALL
SELECT 'shard', shard, '', 'gpic_{split}_NNNNN.tar', shard FROM places WHERE part IS NULL`;

const shardCounts = `counted AS (
  SELECT part, number, images.* FROM places JOIN (
    SELECT shard, count(*) AS images${tiers.map((tier) => `, count(*) FILTER (list_contains(split, '${tier}')) AS "${tier}"`).join("")}
    FROM images GROUP BY shard
  ) AS images ON places.shard = images.shard
  WHERE part IS NOT NULL
)`;

function tierSql(tier: Tier, shards: number): string {
  const prefix = `part = 'train' AND number < ${shards}`;
  return `SELECT '${tier}' AS tier, count(*) FILTER (${prefix})::INTEGER AS shards,
  coalesce(sum("${tier}"), 0)::INTEGER AS images, coalesce(sum(images) FILTER (${prefix}), 0)::INTEGER AS "imagesOfPrefix"
FROM counted`;
}

const splitCounts = `SELECT part AS split, count(DISTINCT images.shard)::INTEGER AS shards, count(*)::INTEGER AS images,
  count(DISTINCT lower(key))::INTEGER AS keys
FROM images JOIN places ON images.shard = places.shard
WHERE part IS NOT NULL GROUP BY part ORDER BY ${rankOf("part")}`;
