/** What one text says about a licence, before name and URL are laid side by side. */
import type { Licence, LicenceCategory } from "./licence.js";

/** A licence, and how far the text that named it went. */
export interface Reading {
  readonly licence: Licence;
  /** What it is apart from version and port: "cc-by", "cc0", "public-domain", "other:GFDL-1.2-or-later". */
  readonly family: string;
  /** A text that also stands for others of its kind: "Attribution", "Public domain", "Creative Commons". */
  readonly vague?: boolean;
  /** The licences of a choice, this one among them. */
  readonly choices?: readonly Reading[];
}

/** From the licence that asks least to the one that is known not to be accepted. */
const STRICTNESS: readonly LicenceCategory[] = [
  "CC0",
  "Public Domain",
  "No known restrictions",
  "CC BY",
  "unknown",
  "rejected",
];

/** Nothing recognised, with the reason. */
export function unknownReading(reason: string): Reading {
  return { family: "unknown", licence: { category: "unknown", permissive: false, reason } };
}

/** A licence that is known and is none of the paper's four categories. */
export function rejectedReading(
  spdx: string,
  name: string,
  why: string,
  more: { readonly url?: string; readonly version?: string } = {},
): Reading {
  const reason = `${name} is none of the four accepted categories: ${why}`;
  return {
    family: `other:${spdx}`,
    licence: { spdx, name, ...more, category: "rejected", permissive: false, reason },
  };
}

/** The stricter of two; the first where they are equally strict. */
export function stricter(a: Reading, b: Reading): Reading {
  return strictness(b) > strictness(a) ? b : a;
}

function strictness({ licence }: Reading): number {
  return STRICTNESS.indexOf(licence.category);
}

/**
 * A choice between licences: whoever uses the image picks, so the one that asks least counts. An alternative that
 * nobody recognises spoils the choice, as it may say "not".
 */
export function anyOf(readings: readonly Reading[]): Reading {
  const unread = readings.find(({ licence }) => licence.category === "unknown");
  if (unread !== undefined || readings[0] === undefined) return unread ?? unknownReading("nothing is named");
  const best = readings.reduce((a, b) => (strictness(b) < strictness(a) || isNewer(b, a) ? b : a));
  if (readings.length === 1) return best;
  const reason = `${best.licence.reason} (the best of a choice of ${readings.length})`;
  return { ...best, licence: { ...best.licence, reason }, choices: readings };
}

/** Among equally strict ones, Creative Commons before others and the newer version before the older. */
function isNewer(b: Reading, a: Reading): boolean {
  if (strictness(a) !== strictness(b)) return false;
  const rank = ({ family, licence }: Reading) =>
    (family.startsWith("cc") ? 10 : 0) + Number(licence.version ?? 0);
  return rank(b) > rank(a);
}

/** Several licences that hold at once: the strictest counts. */
export function allOf(readings: readonly Reading[]): Reading {
  if (readings[0] === undefined) return unknownReading("nothing is named");
  return readings.reduce((a, b) => (agree(a, b) ? moreExact(a, b) : stricter(a, b)));
}

/** Whether two texts may mean the same licence: a name and a URL, or a name and the words in brackets behind it. */
export function agree(a: Reading, b: Reading): boolean {
  return speaksOfSame(a, b) || (b.vague === true && speaksOfSame(b, a));
}

/**
 * Whether `a` says nothing that `b` contradicts, though it may say less. A name without a port goes with a URL that has
 * one, but a URL without a port is the unported licence.
 */
function speaksOfSame(a: Reading, b: Reading): boolean {
  if (a.choices?.some((choice) => !a.licence.permissive && speaksOfSame(choice, b))) return true;
  if (a.licence.spdx !== undefined && a.licence.spdx === b.licence.spdx) return true;
  if (a.family === "creative-commons") return b.family.startsWith("cc");
  if (a.family === "attribution") return b.family === "cc-by";
  if (isPublicDomain(a) && (b.family === "public-domain-mark" || isPublicDomain(b))) return true;
  if (a.vague && isPublicDomain(a)) return b.family === "cc0";
  if (a.family !== b.family || !a.family.startsWith("cc-")) return false;
  const { version, jurisdiction } = a.licence;
  if (version === undefined || b.licence.version === undefined) return true;
  return version === b.licence.version && jurisdiction === undefined;
}

function isPublicDomain({ family }: Reading): boolean {
  return family === "public-domain" || family === "public-domain-mark";
}

/** Of two that speak of the same, the one that says more; `b` where both say as much. */
export function moreExact(a: Reading, b: Reading): Reading {
  if (b.vague && !a.vague) return a;
  if (b.licence.version === undefined && a.licence.version !== undefined) return a;
  return b;
}
