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
  /** Rows of split, shards, images, keys: the different keys of each split. */
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
  const placed = placedSql(tierShards);
  return {
    findings: `${placed}\n${findings}`,
    tiers: `${placed}\n${tiers.map((tier) => tierSql(tier, tierShards[tier])).join("\nUNION ALL\n")}`,
    splits: `${placed}\n${splits.map(splitSql).join("\nUNION ALL\n")}`,
  };
}

/** Records with the split and number that the shard's name says, its rank, and the tiers that they must name. */
function placedSql(tierShards: { readonly [tier in Tier]: number }): string {
  const ranks = splits.map((split, rank) => `WHEN '${split}' THEN ${rank}`).join(" ");
  // sorted by name, as the findings show them
  const expected = [...tiers]
    .sort()
    .map((tier) => `CASE WHEN part = 'train' AND number < ${tierShards[tier]} THEN '${tier}' END`)
    .join(", ");
  return `WITH shards AS (
  SELECT shard,
    nullif(regexp_extract(shard, '(?:^|/)gpic_(train|val|test)_([0-9]{5})[.]tar$', 1), '') AS part,
    try_cast(regexp_extract(shard, '(?:^|/)gpic_(train|val|test)_([0-9]{5})[.]tar$', 2) AS INTEGER) AS number
  FROM (SELECT DISTINCT shard FROM images)
), places AS (
  SELECT shard, part, number, concat_ws(', ', ${expected}) AS expected,
    row_number() OVER (ORDER BY CASE part ${ranks} ELSE ${splits.length} END, number, shard) AS rank
  FROM shards
), placed AS (
  SELECT images.shard, key, lower(key) AS digits, split, part, number, rank, expected,
    array_to_string(list_sort(coalesce(split, [])), ', ') AS named,
    regexp_full_match(key, '[0-9A-Fa-f]{64}') AS is_key
  FROM images JOIN places ON images.shard = places.shard
)`;
}

const findings = `, twice AS (
  SELECT digits FROM placed WHERE part IS NOT NULL AND is_key GROUP BY digits HAVING count(*) > 1
), again AS (
  SELECT placed.*, row_number() OVER seen AS nth,
    first_value(shard) OVER seen AS first_shard, first_value(part) OVER seen AS first_part
  FROM placed SEMI JOIN twice USING (digits) WHERE part IS NOT NULL
  WINDOW seen AS (PARTITION BY digits ORDER BY rank ROWS UNBOUNDED PRECEDING)
)
SELECT 'tiers' AS kind, shard, key, coalesce(nullif(expected, ''), 'no tier') AS expected,
  coalesce(nullif(named, ''), 'no tier') AS found
FROM placed WHERE part IS NOT NULL AND named <> expected
UNION ALL
SELECT CASE WHEN shard = first_shard THEN 'same-shard' WHEN part = first_part THEN 'same-split' ELSE 'two-splits' END,
  shard, key, 'once, in ' || first_part, 'first in ' || first_shard
FROM again WHERE nth > 1
UNION ALL
SELECT 'key', shard, key, '64 hexadecimal digits', key FROM placed WHERE part IS NOT NULL AND NOT is_key
UNION ALL
SELECT 'shard', shard, '', 'gpic_{split}_NNNNN.tar', shard FROM places WHERE part IS NULL`;

function tierSql(tier: Tier, shards: number): string {
  return `SELECT '${tier}' AS tier,
  count(DISTINCT shard) FILTER (part = 'train' AND number < ${shards})::INTEGER AS shards,
  count(*) FILTER (list_contains(split, '${tier}') AND part IS NOT NULL)::INTEGER AS images,
  count(*) FILTER (part = 'train' AND number < ${shards})::INTEGER AS "imagesOfPrefix"
FROM placed`;
}

function splitSql(split: string): string {
  return `SELECT '${split}' AS split, count(DISTINCT shard)::INTEGER AS shards, count(*)::INTEGER AS images,
  count(DISTINCT digits) FILTER (is_key)::INTEGER AS keys
FROM placed WHERE part = '${split}'`;
}
