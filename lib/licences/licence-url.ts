/**
 * Reads a licence's URL: Creative Commons of every version, port and language, Flickr Commons, rightsstatements.org,
 * and the pages of Wikimedia and others that stand for a licence.
 *
 * Hosts are compared whole, after the rules by which a browser finds the host, so that neither
 * creativecommons.org.evil.example nor creativecommons.org@evil.example is Creative Commons. Addresses with a user, a
 * port, a backslash or a character outside ASCII are not read at all. Query and fragment do not matter.
 */
import {
  type CcElement,
  ccReading,
  ccWithdrawn,
  ccZero,
  publicDomainDedication,
  publicDomainMark,
} from "./creative-commons.js";
import { governmentWork, noKnownRestrictions, readPhrase, somePublicDomain } from "./phrases.js";
import { readPublicDomain } from "./public-domain.js";
import { type Reading, rejectedReading, unknownReading } from "./reading.js";
import { fold, wordsOf } from "./words.js";

/** Longest address that is read: deeds have some 60 characters, browsers and servers take about 2,000. */
export const MAX_URL_CHARS: number = 2048;

/** The end of an address of Creative Commons: the deed or the legal text, with or without a language. */
const TAIL = /^(?:deed|legalcode|rdf|index|)(?:\.[a-z]{2,3}(?:[_-][a-z]{2,4})?)?(?:\.html?|\.txt)?$/;

/** Licences by host and path; a path ends before a query. */
const PAGES: Readonly<Record<string, Reading>> = {
  "flickr.com/commons/usage": noKnownRestrictions,
  "flickr.com/commons": noKnownRestrictions,
  "usa.gov/government-works": governmentWork,
  "usa.gov/government-copyright": governmentWork,
  "usa.gov/copyright.shtml": governmentWork,
  "usa.gov/copyright": governmentWork,
  "en.wikipedia.org/wiki/public_domain": somePublicDomain,
  "artlibre.org/licence/lal": named("fal"),
  "artlibre.org/licence/lal/en": named("fal"),
  "artlibre.org": named("fal"),
  "gnu.org/copyleft/fdl.html": named("gfdl"),
  "gnu.org/licenses/fdl.html": named("gfdl"),
  "gnu.org/licenses/fdl-1.2.html": named("gfdl 1.2"),
  "gnu.org/licenses/old-licenses/fdl-1.2.html": named("gfdl 1.2"),
  "gnu.org/licenses/fdl-1.3.html": named("gfdl 1.3"),
  "gnu.org/licenses/gpl.html": named("gpl"),
  "gnu.org/licenses/gpl-3.0.html": named("gpl 3"),
  "gnu.org/licenses/old-licenses/gpl-2.0.html": named("gpl 2"),
  "apache.org/licenses/license-2.0": named("apache 2.0"),
  "apache.org/licenses/license-2.0.txt": named("apache 2.0"),
  "opensource.org/licenses/mit": named("mit"),
  "opensource.org/license/mit": named("mit"),
  "nationalarchives.gov.uk/doc/open-government-licence": named("ogl"),
  "nationalarchives.gov.uk/doc/open-government-licence/version/1": named("ogl 1"),
  "nationalarchives.gov.uk/doc/open-government-licence/version/2": named("ogl 2"),
  "nationalarchives.gov.uk/doc/open-government-licence/version/3": named("ogl 3"),
  "govdata.de/dl-de/by-2-0": named("dl de by 2.0"),
  "govdata.de/dl-de/zero-2-0": named("dl de zero 2.0"),
  "unsplash.com/license": named("unsplash license"),
  "pixabay.com/service/license": named("pixabay license"),
  "pexels.com/license": named("pexels license"),
};

/** rightsstatements.org: only "no known copyright" speaks for use everywhere. */
const STATEMENTS: Readonly<Record<string, string>> = {
  inc: "in copyright",
  "inc-ow-eu": "in copyright, orphan work",
  "inc-edu": "in copyright, educational use only",
  "inc-nc": "in copyright, non-commercial use only",
  "inc-ruu": "in copyright, owner not found",
  "noc-cr": "no copyright, but restrictions by contract",
  "noc-nc": "no copyright, non-commercial use only",
  "noc-oklr": "no copyright, but other restrictions by law",
  "noc-us": "no copyright in the United States; nothing is said of other countries",
  cne: "copyright not evaluated",
  und: "copyright undetermined",
};

/** Pages about one picture say nothing of what their licence is. */
const NEUTRAL =
  /^(?:commons(?:\.m)?\.wikimedia\.org\/wiki\/(?:file|user):|(?:[a-z]+\.)?flickr\.com\/(?:photos|people)\/)/;

function named(key: string): Reading {
  return readPhrase(key.split(" ")) ?? unknownReading("not recognised");
}

/**
 * What a licence's URL says.
 * @param url as written; "" and pages about one picture say nothing
 * @returns undefined where it says nothing; a reading of category "unknown" where it is not recognised
 * @example readUrl("http://www.creativecommons.org/licenses/by/3.0/de/legalcode")?.licence.spdx // "CC-BY-3.0-DE"
 */
export function readUrl(url: string): Reading | undefined {
  const text = url.trim();
  if (/^(?:#|none|null|n\/a|undefined|)$/i.test(text)) return undefined;
  const address = hostAndPath(text);
  if (address === undefined) return unknownReading("the URL is not recognised");
  const [host, path] = address;
  const page = [host, ...path.toLowerCase().split("/").filter(Boolean)].join("/");
  if (NEUTRAL.test(page)) return undefined;
  if (host === "creativecommons.org") return readCreativeCommons(path);
  if (host === "rightsstatements.org") return readStatement(path);
  if (host === "commons.wikimedia.org" && page.includes("/wiki/template:"))
    return readTemplatePage(path.slice(path.indexOf(":") + 1));
  return (
    (Object.hasOwn(PAGES, page) ? PAGES[page] : undefined) ?? unknownReading("the URL is not recognised")
  );
}

/** Host without "www." and path, both as a browser would ask for them; undefined where that is not plain. */
export function hostAndPath(text: string): readonly [string, string] | undefined {
  if (text.length > MAX_URL_CHARS || !/^[\x21-\x7e]+$/.test(text) || text.includes("\\")) return undefined;
  const absolute = /^https?:\/\//i.test(text)
    ? text
    : text.startsWith("//")
      ? `https:${text}`
      : `https://${text}`;
  if (!URL.canParse(absolute)) return undefined;
  const { protocol, username, password, port, hostname, pathname } = new URL(absolute);
  if (!/^https?:$/.test(protocol) || username !== "" || password !== "" || port !== "") return undefined;
  if (!hostname.includes(".")) return undefined;
  return [hostname.replace(/^www\./, ""), pathname];
}

function readCreativeCommons(path: string): Reading {
  const segments = path.toLowerCase().replace(/%2b/g, "+").split("/").filter(Boolean);
  const last = segments.at(-1) ?? "";
  if (segments.length > 2 && !/^\d/.test(last) && TAIL.test(last)) segments.pop();
  const [root, kind = "", version, port, ...more] = segments;
  const unread = unknownReading("no licence of Creative Commons has this URL");
  if (more.length > 0) return unread;
  if (root === "publicdomain" && port === undefined && (version === "1.0" || version === undefined)) {
    if (kind === "zero") return ccZero;
    return kind === "mark" ? publicDomainMark : unread;
  }
  if (root !== "licenses" && root !== "licences") return unread;
  if (kind === "publicdomain" && version === undefined) return publicDomainDedication;
  if (/^(?:gpl|lgpl|mit|bsd)$/.test(kind)) return named(kind);
  if (kind === "sampling+" && port === undefined) return ccWithdrawn("Sampling Plus", kind, "1.0");
  if (kind === "nc-sampling+") return ccWithdrawn("NC Sampling Plus", kind, "1.0");
  if (kind === "sampling") return ccWithdrawn("Sampling", kind, "1.0");
  if (kind === "devnations") return ccWithdrawn("Developing Nations", kind, "2.0");
  if (!/^(?:by|nc|nd|sa)(?:-(?:nc|nd|sa)){0,2}$/.test(kind)) return unread;
  const elements = kind.split("-") as CcElement[];
  if (new Set(elements).size !== elements.length) return unread;
  return ccReading({ elements: new Set(elements), version, port });
}

function readStatement(path: string): Reading {
  const [root = "", code = ""] = path.toLowerCase().split("/").filter(Boolean);
  const why = Object.hasOwn(STATEMENTS, code) ? STATEMENTS[code] : undefined;
  if (/^(?:vocab|page)$/.test(root) && code === "nkc") return noKnownRestrictions;
  if (!/^(?:vocab|page)$/.test(root) || why === undefined) return unknownReading("no statement has this URL");
  return rejectedReading(`LicenseRef-RightsStatements-${code}`, `Rights statement ${code}`, why);
}

function readTemplatePage(title: string): Reading {
  const words = wordsOf(fold(title));
  return readPhrase(words) ?? readPublicDomain(words) ?? unknownReading("the template is not recognised");
}
