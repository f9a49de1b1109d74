/**
 * Licences that go by fixed names: Flickr's own list, phrases for the public domain, for no rights and for all rights.
 *
 * Flickr's ids 0 to 10 as `flickr.photos.licenses.getInfo` has named them since 2015. In 2025 it began to name the
 * Creative Commons ones "CC BY 2.0" and added version 4.0 under higher ids; those are read by name and URL, and a bare
 * higher number is not believed.
 */
import {
  type CcElement,
  ccReading,
  ccZero,
  publicDomainDedication,
  publicDomainMark,
} from "./creative-commons.js";
import { otherLicence } from "./other-licences.js";
import { publicDomain } from "./public-domain.js";
import { type Reading, rejectedReading, unknownReading } from "./reading.js";

const FREE = "free, but under terms of its own";
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
const allRightsReserved: Reading = rejectedReading(
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

/**
 * A licence by its fixed name.
 * @param words of `wordsOf`
 * @example readPhrase(["attribution", "license"])?.licence.spdx // "CC-BY-2.0"
 */
export function readPhrase(words: readonly string[]): Reading | undefined {
  const key = words.join(" ");
  return phrases.get(key) ?? otherLicence(key);
}
