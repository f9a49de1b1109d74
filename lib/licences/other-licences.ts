/**
 * Licences that are none of the paper's four categories: free ones under terms of their own, and all of SPDX's list.
 *
 * Identifiers, names and addresses come from SPDX's list; the other names are those that Commons' tags and people use.
 * Free software licences stand on photographs more often than one would think: whoever took a screenshot, or meant it.
 */
import spdxLicences from "spdx-license-list";
import { type Reading, rejectedReading } from "./reading.js";
import { keyOf } from "./words.js";

const FREE = "free, but under terms of its own";
const SHARE_ALIKE = "share-alike";

const licences = new Map<string, Reading>();

function other(id: string, why: string, names: string): void {
  const known = (spdxLicences as Readonly<Record<string, { name: string; url?: string } | undefined>>)[id];
  const name = (known?.name ?? id.replace("LicenseRef-", "").replaceAll("-", " "))
    .replace(/\s+/g, " ")
    .trim();
  const url = known?.url === undefined ? {} : { url: known.url };
  const reading = rejectedReading(id, name, why, url);
  for (const alias of names.split("|")) if (!licences.has(alias)) licences.set(alias, reading);
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
 * A licence that is known and not accepted, by the key of its name.
 * @param key of `keyOf`
 * @example otherLicence("gfdl")?.licence.spdx // "GFDL-1.2-or-later"
 */
export function otherLicence(key: string): Reading | undefined {
  return licences.get(key);
}
