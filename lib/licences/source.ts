/**
 * Tells from the credit where an image came from, as the release names no source and no URL.
 *
 * The paper's section 2.1: Flickr 87.7 %, Wikimedia 12.3 %; how it knew is not said, and the rule is ours. "Source" is
 * where an image was collected, not where it was born: many pictures of Commons began on Flickr. So, in this order:
 *
 * 1. "via Wikimedia Commons", "on Flickr", ...: the last such phrase of the attribution, as credits are written from
 *    the inside out ("Ann from Flickr, via Wikimedia Commons" came from Commons).
 * 2. An address in the attribution: Wikimedia's hosts before Flickr's, for the same reason.
 * 3. A name in the attribution, Wikimedia before Flickr: Commons credits often name Flickr, Flickr's never Commons.
 * 4. The host of the licence's URL: Flickr Commons, a page of Wikimedia.
 * 5. "Some rights reserved by ...", the words of Flickr's own pages.
 *
 * Hosts are compared whole and cut out of the text before names are looked for: flickr.com.evil.example is neither.
 */
import { hostAndPath } from "./licence-url.js";

/** Where an image was published. */
export type ImageSource = "flickr" | "wikimedia" | "unknown";

/** Every source, the largest of the paper first. */
export const imageSources: readonly ImageSource[] = ["flickr", "wikimedia", "unknown"];

/** A source, and the rule that decided. */
export interface SourceFinding {
  readonly source: ImageSource;
  /** In words: what was found where. */
  readonly rule: string;
}

/** Of a longer attribution, as many characters of its beginning and of its end are looked at. */
export const MAX_ATTRIBUTION_CHARS: number = 2048;

const PLACES = "(wikimedia commons|wikimedia|wikipedia|wikicommons|flickr)";
const PHRASE = new RegExp(`\\b(?:via|on|at|through|hosted by|courtesy of) ${PLACES}(?![\\w-])`, "g");
const NAMES = {
  wikimedia: /(?<![\w-])(?:wikimedia|wikipedia|wikicommons)(?![\w-])/,
  flickr: /(?<![\w-])flickr(?![\w-])/,
};
const HOSTS = {
  wikimedia: /^(?:[a-z0-9-]+\.)*(?:wikimedia|wikipedia)\.org$/,
  flickr: /^(?:(?:[a-z0-9-]+\.)*(?:flickr|staticflickr)\.com|flic\.kr)$/,
};
/** Runs without spaces that hold a dot between letters: addresses, with or without "https://". */
const ADDRESS = /[^\s<>"'(),;[\]]+/g;
const DOTTED = /[a-z0-9]\.[a-z]/;

/**
 * The source of an image.
 * @param record `attribution` and `license_url` as the release has them
 * @example imageSource({ attribution: "Eszter via Wikimedia Commons", license_url: "" }).source // "wikimedia"
 */
export function imageSource(record: {
  readonly attribution: string;
  readonly license_url: string;
}): SourceFinding {
  const whole = record.attribution;
  const shown =
    whole.length > 2 * MAX_ATTRIBUTION_CHARS
      ? `${whole.slice(0, MAX_ATTRIBUTION_CHARS)} ${whole.slice(-MAX_ATTRIBUTION_CHARS)}`
      : whole;
  const attribution = shown.toLowerCase();
  const hosts: string[] = [];
  const text = DOTTED.test(attribution) ? withoutAddresses(attribution, hosts) : attribution;
  const phrase = lastPhrase(text);
  if (phrase !== undefined)
    return {
      source: phrase.includes("flickr") ? "flickr" : "wikimedia",
      rule: `the attribution says "${phrase}"`,
    };
  for (const source of ["wikimedia", "flickr"] as const) {
    const host = hosts.find((found) => HOSTS[source].test(found));
    if (host !== undefined) return { source, rule: `the attribution holds an address of ${host}` };
  }
  for (const source of ["wikimedia", "flickr"] as const)
    if (NAMES[source].test(text)) return { source, rule: `the attribution names ${shownName[source]}` };
  return (
    byLicenceUrl(record.license_url) ?? byWording(text) ?? { source: "unknown", rule: "neither is named" }
  );
}

const shownName = { wikimedia: "Wikimedia", flickr: "Flickr" } as const;

function lastPhrase(text: string): string | undefined {
  if (!text.includes("wiki") && !text.includes("flickr")) return undefined;
  let last: string | undefined;
  for (const [phrase] of text.matchAll(PHRASE)) last = phrase;
  return last;
}

/** The text without its addresses; their hosts are added to `hosts`. */
function withoutAddresses(text: string, hosts: string[]): string {
  return text.replace(ADDRESS, (run) => {
    if (!DOTTED.test(run)) return run;
    const address =
      run.includes("@") && !run.includes("/") ? undefined : hostAndPath(run.replace(/[.:!?]+$/, ""));
    if (address !== undefined) hosts.push(address[0]);
    return " ";
  });
}

function byLicenceUrl(url: string): SourceFinding | undefined {
  if (!/flickr|flic\.kr|wiki/i.test(url)) return undefined;
  const host = hostAndPath(url.trim())?.[0];
  if (host === undefined) return undefined;
  const rule = `the licence's URL is of ${host}`;
  if (HOSTS.flickr.test(host)) return { source: "flickr", rule };
  return HOSTS.wikimedia.test(host) ? { source: "wikimedia", rule } : undefined;
}

function byWording(text: string): SourceFinding | undefined {
  return /^\s*some rights reserved by /.test(text)
    ? { source: "flickr", rule: 'the attribution begins "Some rights reserved by", as on Flickr\'s pages' }
    : undefined;
}
