/**
 * From (license, license_url) to a licence: the paper's section 2.1, which names four categories and not how they
 * were told.
 *
 * Name and URL are read apart and laid side by side. Where one says more than the other ("CC BY" and a URL with a
 * version), the exact one counts; where they contradict, that is reported and the stricter one counts; where one of
 * them is given and not recognised, neither is believed. What is not recognised is never permissive. The rules are
 * ours: conservative, as a wrong "yes" costs the user more than a wrong "no".
 */
import type { Licence } from "./licence.js";
import { readUrl } from "./licence-url.js";
import { readName } from "./name.js";
import { agree, moreExact, type Reading, stricter, unknownReading } from "./reading.js";

/** Pairs that are remembered: a corpus of 100 M images has some hundred; more than this are garbage or an attack. */
export const MAX_REMEMBERED_PAIRS: number = 4096;
/** Longer texts are read again rather than kept: names and deeds have some hundred characters. */
const MAX_REMEMBERED_CHARS = 600;

const remembered = new Map<string, Map<string, Licence>>();
let rememberedPairs = 0;

/**
 * The licence that a name and a URL mean. The result is frozen, and the same object for the same pair while it is
 * remembered. Work is bounded by `MAX_NAME_CHARS` and `MAX_URL_CHARS`.
 * @param license the name as the source writes it: "CC BY 2.0", "Public domain", "{{self|cc-by-4.0}}", Flickr's "4"
 * @param license_url the address of its text, or ""
 * @throws TypeError where an argument is no text
 * @example normaliseLicence("CC BY 2.0", "https://creativecommons.org/licenses/by/2.0/").spdx // "CC-BY-2.0"
 */
export function normaliseLicence(license: string, license_url: string): Licence {
  const known = remembered.get(license)?.get(license_url);
  if (known !== undefined) return known;
  if (typeof license !== "string" || typeof license_url !== "string")
    throw new TypeError(
      `Cannot normalise a licence: name and URL are text, got ${typeof license} and ${typeof license_url}`,
    );
  const licence = Object.freeze(reconcile(readName(license), readUrl(license_url)));
  if (license.length + license_url.length <= MAX_REMEMBERED_CHARS) remember(license, license_url, licence);
  return licence;
}

function remember(name: string, url: string, licence: Licence): void {
  if (rememberedPairs === MAX_REMEMBERED_PAIRS) {
    remembered.clear();
    rememberedPairs = 0;
  }
  const byUrl = remembered.get(name);
  if (byUrl === undefined) remembered.set(name, new Map([[url, licence]]));
  else byUrl.set(url, licence);
  rememberedPairs++;
}

function reconcile(name: Reading | undefined, url: Reading | undefined): Licence {
  if (name === undefined || url === undefined)
    return (name ?? url ?? unknownReading("neither name nor URL is given")).licence;
  if (name.family === "nothing") return url.licence;
  if (agree(name, url)) return moreExact(name, url).licence;
  if (name.family === "unknown" && url.family === "unknown") return name.licence;
  const { licence } = stricter(name, url);
  return { ...licence, disagreement: `the name says ${shown(name)}, the URL says ${shown(url)}` };
}

function shown({ licence }: Reading): string {
  return licence.name ?? "nothing that is recognised";
}
