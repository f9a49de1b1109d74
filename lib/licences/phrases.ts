/**
 * Licences that go by fixed names: Flickr's own list, phrases for the public domain, other free and unfree licences.
 *
 * Flickr's ids 0 to 10 as `flickr.photos.licenses.getInfo` has named them since 2015; in 2025 the same call began to
 * name the Creative Commons ones "CC BY 2.0" and added 11 to 16, version 4.0 (in the order BY, SA, ND, NC, NC-SA,
 * NC-ND). SPDX's own identifiers and names come from its list.
 */
import spdxLicences from "spdx-license-list";
import {
  type CcElement,
  ccReading,
  ccZero,
  publicDomainDedication,
  publicDomainMark,
} from "./creative-commons.js";
import { publicDomain } from "./public-domain.js";
import { type Reading, rejectedReading, unknownReading } from "./reading.js";
import { keyOf } from "./words.js";

const FREE = "free, but under terms of its own";
const SHARE_ALIKE = "share-alike";
const UNFREE = "its owner keeps the rights";

function cc(version: string, ...elements: readonly CcElement[]): Reading {
  return ccReading({ elements: new Set(elements), version });
}

/** Flickr's "No known copyright restrictions", and the same of other institutions. */
export const noKnownRestrictions: Reading = {
  family: "no-known-restrictions",
  licence: {
    spdx: "LicenseRef-No-Known-Copyright-Restrictions",
    name: "No known copyright restrictions",
    url: "https://www.flickr.com/commons/usage/",
    category: "No known restrictions",
    permissive: true,
    reason: "an institution knows of no restrictions by copyright",
  },
};
/** "Public domain", without why. */
export const somePublicDomain: Reading = {
  ...publicDomain("Public-Domain", "so it says, without why", "Public domain"),
  vague: true,
};
/** Works of the government of the United States. */
export const governmentWork: Reading = publicDomain(
  "PD-USGov",
  "a work of the United States' government, which has no copyright there",
);
/** Everything kept by the owner. */
export const allRightsReserved: Reading = rejectedReading(
  "LicenseRef-All-Rights-Reserved",
  "All rights reserved",
  UNFREE,
);
/** A name that leaves it to the URL. */
const saysNothing: Reading = {
  ...unknownReading("the name says not which licence"),
  family: "nothing",
  vague: true,
};
/** Commons' tag for "any use, with credit". */
const attributionOnly: Reading = {
  ...rejectedReading("LicenseRef-Attribution", "Attribution only", FREE),
  family: "attribution",
};

/** Flickr's licences by their ids. */
export const flickrLicences: readonly Reading[] = [
  allRightsReserved,
  cc("2.0", "by", "nc", "sa"),
  cc("2.0", "by", "nc"),
  cc("2.0", "by", "nc", "nd"),
  cc("2.0", "by"),
  cc("2.0", "by", "sa"),
  cc("2.0", "by", "nd"),
  noKnownRestrictions,
  governmentWork,
  ccZero,
  publicDomainMark,
  cc("4.0", "by"),
  cc("4.0", "by", "sa"),
  cc("4.0", "by", "nd"),
  cc("4.0", "by", "nc"),
  cc("4.0", "by", "nc", "sa"),
  cc("4.0", "by", "nc", "nd"),
];

const FLICKR_NAMES: readonly string[] = [
  "all rights reserved",
  "attribution noncommercial sharealike license",
  "attribution noncommercial license",
  "attribution noncommercial noderivs license",
  "attribution license",
  "attribution sharealike license",
  "attribution noderivs license",
  "no known copyright restrictions",
  "united states government work",
];

const phrases = new Map<string, Reading>(
  FLICKR_NAMES.map((name, id) => [name, flickrLicences[id] as Reading]),
);

function add(reading: Reading, names: string): void {
  for (const name of names.split("|")) phrases.set(name, reading);
}

add(
  somePublicDomain,
  "public domain|pd|in the public domain|public domain work|public domain license|domaine public",
);
add(
  somePublicDomain,
  "dominio publico|dominio pubblico|gemeinfrei|gemeinfreiheit|publiek domein|public domain dedication",
);
add(publicDomain("PD-Author", "its owner gave up the rights"), "no rights reserved|pd release");
add(publicDomainDedication, "cc pd|cc public domain|creative commons public domain|cc pddc");
add(
  publicDomainDedication,
  "creative commons public domain dedication and certification|cc public domain dedication and certification",
);
add(
  governmentWork,
  "united states government works|u s government work|u s government works|us government work",
);
add(governmentWork, "us government works|us gov|usgov|usa gov");
add(
  noKnownRestrictions,
  "no known copyright|no known restrictions|no restrictions|no copyright restrictions known",
);
add(
  noKnownRestrictions,
  "no known restrictions on publication|no known copyright restriction|nkcr|flickr commons",
);
add(
  noKnownRestrictions,
  "flickr no known copyright restrictions|the commons|no known copyright restrictions nkc",
);
add(
  saysNothing,
  "some rights reserved|license|licence|see url|see license|other|unknown|none|null|undefined|n a|free",
);
add(allRightsReserved, "arr|copyright|copyrighted|c|©|© all rights reserved|copyright all rights reserved");
add(
  allRightsReserved,
  "all rights reserved license|flickr unfree but|alle rechte vorbehalten|tous droits reserves",
);
add(allRightsReserved, "todos los derechos reservados|public all rights reserved");
add(
  attributionOnly,
  "attribution|attribution only|attribution only license|attribution required|copyrighted attribution",
);
add(
  rejectedReading("LicenseRef-Fair-Use", "Fair use", UNFREE),
  "fair use|fairuse|non free|nonfree|non free fair use",
);
add(
  rejectedReading("LicenseRef-Free-Use", "Copyrighted free use", FREE),
  "copyrighted free use|copyrightedfreeuse",
);
add(
  rejectedReading("LicenseRef-Free-Use", "Copyrighted free use", FREE),
  "copyrighted free use provided that",
);
add(
  rejectedReading("LicenseRef-Free-Use", "Copyrighted free use", FREE),
  "copyrightedfreeuseprovidedthat|free use",
);

function other(id: string, why: string, names: string): void {
  const known = (spdxLicences as Readonly<Record<string, { name: string; url?: string } | undefined>>)[id];
  const name = (known?.name ?? id.replace("LicenseRef-", "").replaceAll("-", " "))
    .replace(/\s+/g, " ")
    .trim();
  const url = known?.url === undefined ? {} : { url: known.url };
  const reading = rejectedReading(id, name, why, url);
  for (const alias of names.split("|")) if (!phrases.has(alias)) phrases.set(alias, reading);
}

other(
  "GFDL-1.2-or-later",
  SHARE_ALIKE,
  "gfdl|gnu free documentation license|gnu fdl|gfdl self|gfdl user|gfdl 1.2 +",
);
other(
  "GFDL-1.2-or-later",
  SHARE_ALIKE,
  "gfdl with disclaimers|gfdl self with disclaimers|gfdl 1.2 or later|gfdl en",
);
other("GFDL-1.2-only", SHARE_ALIKE, "gfdl 1.2|gfdl 1.2 only|gnu free documentation license 1.2");
other("GFDL-1.3-only", SHARE_ALIKE, "gfdl 1.3|gfdl 1.3 only|gnu free documentation license 1.3");
other("GFDL-1.3-or-later", SHARE_ALIKE, "gfdl 1.3 or later|gfdl 1.3 +");
other(
  "LAL-1.3",
  SHARE_ALIKE,
  "fal|free art license|free art|licence art libre|art libre|fal 1.3|free art license 1.3|lal",
);
other("LAL-1.2", SHARE_ALIKE, "fal 1.2|free art license 1.2");
other(
  "Apache-2.0",
  FREE,
  "apache|apache license|apache license 2.0|apache 2.0|apache license version 2.0|apache 2",
);
other("MIT", FREE, "mit|mit license|expat|expat license|x 11");
other("BSD-3-Clause", FREE, "bsd|bsd license|bsd 3 clause|new bsd");
other("LicenseRef-GPL", SHARE_ALIKE, "gpl|gnu gpl|gnu general public license|general public license");
other("GPL-2.0-only", SHARE_ALIKE, "gplv 2|gpl 2|gplv 2 only|gnu gpl 2|gpl v 2");
other("GPL-2.0-or-later", SHARE_ALIKE, "gplv 2 +|gpl 2 +|gpl 2.0 +|gplv 2 or later");
other("GPL-3.0-only", SHARE_ALIKE, "gplv 3|gpl 3|gplv 3 only|gnu gpl 3|gpl v 3");
other("GPL-3.0-or-later", SHARE_ALIKE, "gplv 3 +|gpl 3 +|gpl 3.0 +|gplv 3 or later");
other("LicenseRef-LGPL", SHARE_ALIKE, "lgpl|gnu lgpl|gnu lesser general public license");
other("LGPL-2.1-or-later", SHARE_ALIKE, "lgplv 2.1 +|lgpl 2.1 +");
other("AGPL-3.0-only", SHARE_ALIKE, "agpl|agplv 3|agpl 3");
other("OGL-UK-1.0", FREE, "ogl|ogl 1|ogl 1.0|ogl v 1|open government licence|open government licence v 1.0");
other(
  "OGL-UK-2.0",
  FREE,
  "ogl 2|ogl 2.0|oglv 2|ogl v 2|open government licence 2.0|open government licence v 2.0",
);
other(
  "OGL-UK-3.0",
  FREE,
  "ogl 3|ogl 3.0|oglv 3|ogl v 3|open government licence 3.0|open government licence v 3.0",
);
other("OGL-UK-3.0", FREE, "ogl v 3.0|open government license version 3.0|open government license v 3.0");
other("OGL-Canada-2.0", FREE, "ogl canada|ogl c|open government licence canada");
other("LicenseRef-KOGL-Type-1", FREE, "kogl|kogl type 1|kogl type1|korea open government license type 1");
other("LicenseRef-GODL-India", FREE, "godl india|godl|government open data license india");
other(
  "LicenseRef-Licence-Ouverte-1.0",
  FREE,
  "licence ouverte|licence ouverte 1|licence ouverte 1.0|etalab 1.0",
);
other("etalab-2.0", FREE, "licence ouverte 2|licence ouverte 2.0|etalab|licence ouverte open licence 2.0");
other("DL-DE-BY-2.0", FREE, "dl de by|dl de by 2.0|datenlizenz deutschland namensnennung 2.0");
other("DL-DE-ZERO-2.0", FREE, "dl de zero|dl de zero 2.0|datenlizenz deutschland zero 2.0");
other("Beerware", FREE, "beerware|beerware license");
other("WTFPL", FREE, "wtfpl|do what the fuck you want to public license");
other("ODbL-1.0", SHARE_ALIKE, "odbl|open database license|openstreetmap");
other("LicenseRef-Unsplash", FREE, "unsplash|unsplash license");
other("LicenseRef-Pixabay", FREE, "pixabay|pixabay license|pixabay content license");
other("LicenseRef-Pexels", FREE, "pexels|pexels license");
for (const type of [2, 3, 4])
  other(
    `LicenseRef-KOGL-Type-${type}`,
    "not for every use",
    `kogl type ${type}|korea open government license type ${type}`,
  );
for (const [id, { name }] of Object.entries(spdxLicences)) {
  const why = "a licence of SPDX's list, mostly for software and data";
  if (!/^CC/.test(id)) other(id, why, `${keyOf(id)}|${keyOf(name.replace(/[()[\]]/g, " "))}`);
}

/**
 * A licence by its fixed name.
 * @param words of `wordsOf`
 * @example readPhrase(["attribution", "license"])?.licence.spdx // "CC-BY-2.0"
 */
export function readPhrase(words: readonly string[]): Reading | undefined {
  return phrases.get(words.join(" "));
}
