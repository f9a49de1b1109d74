/**
 * Finds title and author in an attribution, where it follows a pattern that names them; never guesses.
 *
 * Patterns: `"Title" by Author is licensed under CC BY 2.0` (Openverse and Creative Commons' search), `Author, via
 * Wikimedia Commons, CC BY 2.0` and `Author, CC BY 2.0, via Wikimedia Commons` (Commons), `Photo by Author on Flickr`,
 * `Some rights reserved by Author` (Flickr). What stands beside them is left for the reader, word for word.
 */
import { normaliseLicence } from "./normalise.js";

/** What a pattern tells; `complete` where the attribution says no more than that and the licence. */
export interface FoundCredit {
  readonly title?: string;
  readonly author?: string;
  /** What stands behind "via": "Wikimedia Commons". */
  readonly via?: string;
  readonly complete: boolean;
}

/** Longer attributions are taken word for word: patterns are one line. */
const MAX_PATTERN_CHARS: number = 600;

const NOTHING: FoundCredit = { complete: false };
const OPENVERSE =
  /^["“]([^"“”]{1,300})["”] by (.{1,200}?) (?:is (?:licensed|marked) (?:under|with) |is in the )(.{1,80}?)(?:\.|\/? ?To view a copy .*)?$/;
const PHOTO =
  /^(?:(?:photo|image|picture|photograph)(?:graph)? (?:by|courtesy of|credit:) )(.{1,200}?)(?: (?:on|via|from|\/) flickr)?$/i;
const ON_FLICKR = /^([^,]{1,200}?) (?:on|via|from|\/) flickr$/i;
const RESERVED = /^some rights reserved by (.{1,200})$/i;
/** Names that say that there is none. */
const NOBODY =
  /^(?:see page for author|unknown(?: author)*|anonymous|author unknown|not named|unknown authorunknown author|n\/a|-|)$/i;

/**
 * Title and author of an attribution.
 * @example findCredit("Ann Lee, via Wikimedia Commons, CC BY 2.0") // { author: "Ann Lee", via: "Wikimedia Commons", complete: true }
 */
export function findCredit(attribution: string): FoundCredit {
  if (attribution.length > MAX_PATTERN_CHARS) return NOTHING;
  const text = attribution.trim();
  const openverse = OPENVERSE.exec(text);
  if (openverse) {
    const [, title = "", author = "", licence = ""] = openverse;
    return isLicence(licence) ? { title, ...named(author), complete: true } : NOTHING;
  }
  const reserved = RESERVED.exec(text);
  if (reserved) return { ...named(reserved[1] ?? ""), complete: true };
  const parts = text.split(", ");
  const at = parts.findIndex((part) => part.startsWith("via "));
  if (at > 0) return viaPlace(parts, at);
  const photo = PHOTO.exec(text) ?? ON_FLICKR.exec(text);
  return photo ? { ...named(photo[1] ?? ""), complete: true } : NOTHING;
}

/** "Author, LICENCE, via PLACE" and "Author, via PLACE, LICENCE"; an author may hold commas. */
function viaPlace(parts: readonly string[], at: number): FoundCredit {
  const before = parts.slice(0, at);
  const after = parts.slice(at + 1);
  if (before.length > 1 && isLicence(before.at(-1) ?? "")) before.pop();
  const complete = after.every(isLicence);
  return { ...named(before.join(", ")), via: (parts[at] ?? "").slice("via ".length), complete };
}

function named(author: string): { readonly author?: string } {
  return NOBODY.test(author) || /^see page for author/i.test(author) ? {} : { author };
}

function isLicence(text: string): boolean {
  const short = text.replace(/^the /i, "").replace(/ ?<?https?:\/\/\S*>?$/, "");
  return short.length <= 80 && normaliseLicence(short, "").category !== "unknown";
}
