/**
 * Public domain by name: the Public Domain Mark, CC0, and the tags of Wikimedia Commons (PD-old-70, PD-USGov-NASA, ...).
 *
 * Commons has hundreds of tags. They are read by family and ending, both from closed lists, so that "PD-because" or
 * "PD-old?" is not taken for one. What a tag cannot say is whether it is true: it is an uploader's statement.
 */
import { ccZero, publicDomainMark } from "./creative-commons.js";
import { portCalled } from "./ports.js";
import type { Reading } from "./reading.js";

const MARK =
  /^(?:flickr |(?:creative commons |cc )?)(?:public domain mark|pdm|pd mark)(?: 1(?:\.0)?)?(?: universal)?$/;
const ZERO =
  /^(?:creative commons )?(?:cc 0(?: zero)?|cc zero|public domain dedication cc 0)(?: waiver)?(?: 1(?:\.0)?)?(?: universal)?(?: public domain)?(?: dedication)?$/;
const ZERO_SPELLED =
  /^creative commons (?:zero|0|public domain zero|(?=1\.0 universal public domain dedication$))(?: ?v)? ?(?:1(?:\.0)?)?(?: universal)?(?: public domain)?(?: dedication)?$/;

/** Tags without endings, by why the work is free. */
const PLAIN: Readonly<Record<string, string>> = {
  "its owner gave it to the public domain":
    "self|author|user|release|heirs|copyright holder|author flickrpdm|user w|user at project|openclipart",
  "too simple, or not made by a person, for copyright":
    "ineligible|textlogo|text logo|shape|simple|font|chem|signature|trivial|script|algorithm|automated|animal|text",
  "out of copyright": "expired|1923|1996|pre 1978|uraa|rusempire|eu no author disclosure",
  "by, or given away by, the institution that it names":
    "hubble|loc|bain|gottscho|highsmith|nasa|un doc|van vechten|cia world factbook",
};

const AGENCIES = words(
  "nasa noaa nws usgs interior doi fws nps blm bia military dod army navy air marines usmc uscg cg dhs fema usda ars " +
    "nrcs fs forest epa doe energy ornl lanl llnl state dos treasury money dea fbi doj dol dot faa fra ntsb cia nsa " +
    "nro nih nci nlm hhs cdc fda va vad congress house senate potus white whitehouse fsa owi wpa hud ed doc census " +
    "nist gsa gpo loc nara usaid usps judiciary scotus fcc nsf nrc tva ssa peacecorps ahrq award atlas coa gao mnr",
);
const OLD = words("70 75 80 90 100 50 60 auto expired 1923 1996 us presumed text unpublished");
const US = words(
  "expired abroad 1923 1927 1996 no not notice renewed record film unpublished patent patents architecture 1978 89 " +
    "1989 defective works advertisement tv art gov government",
);
const ANON = words("70 1923 1996 expired auto eu us old");
const ART = words("two 70 100 old life us auto yorck project");
const COUNTRY_ENDINGS = words(
  "gov government exempt exempted anon anonymous expired photo photograph oldphoto old official officials crown film " +
    "media creator publish organization organisation art law symbol audiovisual unknown 1923 1947 1950 1954 1955 " +
    "1957 1958 1959 1960 1966 1969 1974 1978 1983 1996 25 30 40 50 60 70 75 80",
);
const COUNTRIES = words(
  "albania algeria angola argentina armenia australia austria austrian azerbaijan bangladesh belarus belgium bolivia " +
    "bosnia brazil bulgaria bulgarian burma cambodia canada chile china prc colombia croatia cuba cyprus czech " +
    "czechoslovakia denmark ecuador egypt estonia ethiopia finland france french georgia german germany ghana greece " +
    "guatemala hungary iceland india indonesia iran iraq ireland israel italy italian japan jordan kazakhstan kenya " +
    "korea kosovo kuwait kyrgyzstan latvia lebanon libya lithuania luxembourg macedonia malaysia malta mexico moldova " +
    "mongolia montenegro morocco nepal netherlands nicaragua nigeria norway pakistan panama paraguay peru philippine " +
    "philippines poland polish portugal portuguese roc romania russia russian serbia singapore slovenia slovenian " +
    "slovakia spain spanish sudan sweden swedish swiss switzerland syria taiwan thai thailand tunisia turkey uae uk " +
    "ukraine uruguay uzbekistan venezuela vietnam yugoslavia zimbabwe",
);

/** A family of tags: how SPDX-like it is called, why it is free, and which words may follow. */
interface Family {
  readonly tag: string;
  readonly why: string;
  readonly first?: ReadonlySet<string>;
  readonly endings: ReadonlySet<string>;
}

const GOV_WHY = "a work of the United States' government, which has no copyright there";
const families = new Map<string, Family>([
  [
    "usgov",
    {
      tag: "PD-USGov",
      why: GOV_WHY,
      first: AGENCIES,
      endings: words(
        "force guard house corps service usgs fws nps blm award army navy marines air money wf usace coa mint national forest coast",
      ),
    },
  ],
  ["old", { tag: "PD-old", why: "its author died long ago", endings: OLD }],
  ["us", { tag: "PD-US", why: "out of copyright in the United States", endings: US }],
  ["anon", { tag: "PD-anon", why: "old, and its author is not known", endings: ANON }],
  ["art", { tag: "PD-Art", why: "a faithful copy of a work in the public domain", endings: ART }],
  ["scan", { tag: "PD-scan", why: "a scan of a work in the public domain", endings: ART }],
]);

const plain = new Map(
  Object.entries(PLAIN).flatMap(([why, names]) => names.split("|").map((name) => [name, why] as const)),
);

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(" "));
}

/**
 * Public domain or CC0 from a name's words.
 * @returns undefined where they name neither
 * @example readPublicDomain(["pd", "old", "70"])?.licence.spdx // "LicenseRef-PD-old"
 */
export function readPublicDomain(named: readonly string[]): Reading | undefined {
  const key = named.filter((word) => !/^(?:licen[sc]e|the|v|version)$/.test(word)).join(" ");
  if (MARK.test(key)) return publicDomainMark;
  if (ZERO.test(key) || ZERO_SPELLED.test(key)) return ccZero;
  return named[0] === "pd" && named.length > 1 ? readTag(named.slice(1)) : undefined;
}

function readTag(rest: readonly string[]): Reading | undefined {
  const why = plain.get(rest.join(" "));
  if (why !== undefined) return publicDomain(`PD-${rest.join("-")}`, why);
  const [head = "", ...endings] = rest;
  const family = families.get(head);
  if (family !== undefined) {
    const [first, ...others] = endings;
    const known = family.first === undefined ? endings : others;
    if (first !== undefined && family.first !== undefined && !family.first.has(first)) return undefined;
    return known.every((word) => family.endings.has(word) || family.first?.has(word))
      ? publicDomain(family.tag, family.why)
      : undefined;
  }
  if (head === "gov")
    return endings.length === 1 && portCalled(endings[0] ?? "") === endings[0]
      ? publicDomain("PD-Gov", "a government's work without copyright")
      : undefined;
  const byName = COUNTRIES.has(head) || COUNTRIES.has(head.replace(/(?:gov|government)$/, ""));
  const byCode = endings.length > 0 && portCalled(head) === head;
  if (!(byName || byCode) || !endings.every((word) => COUNTRY_ENDINGS.has(word))) return undefined;
  return publicDomain(`PD-${rest.join("-")}`, "out of copyright by the law that it names");
}

/**
 * A work in the public domain.
 * @param tag letters, digits, hyphens and spaces
 * @param why what the tag says of the reason
 */
export function publicDomain(tag: string, why: string, name: string = `Public domain (${tag})`): Reading {
  const reason = `in the public domain: ${why}`;
  const licence = { spdx: `LicenseRef-${tag.replaceAll(" ", "-")}`, name };
  return {
    family: "public-domain",
    licence: { ...licence, category: "Public Domain", permissive: true, reason },
  };
}
