/**
 * The licences of Creative Commons as parts (elements, version, port), and what becomes of them here.
 *
 * Section 2.1 of the paper accepts CC BY; share-alike, non-commercial and no-derivatives are out, in every version.
 * SPDX has identifiers for the generic licences and for some ports; the others get a `LicenseRef-` of the same form.
 */
import spdxLicences from "spdx-license-list";
import type { Licence } from "./licence.js";
import { ccVersions, isPort } from "./ports.js";
import { type Reading, rejectedReading, unknownReading } from "./reading.js";

/** One element of a licence's name. */
export type CcElement = "by" | "nc" | "nd" | "sa";

/** What a name or a URL says of a Creative Commons licence. */
export interface CcParts {
  readonly elements: ReadonlySet<CcElement>;
  /** Undefined where only "CC BY" is said. */
  readonly version?: string | undefined;
  /** Code of the port in small letters. */
  readonly port?: string | undefined;
  /** Whether later versions may be used instead. */
  readonly orLater?: boolean;
}

const CONDITIONS: Readonly<Record<Exclude<CcElement, "by">, string>> = {
  nc: "non-commercial",
  nd: "no derivatives",
  sa: "share-alike",
};
/** Without attribution there were only these, withdrawn in 2004; Japan alone ported them, to 2.0. */
const RETIRED: ReadonlySet<string> = new Set(["nc", "nd", "sa", "nc-nd", "nc-sa"]);

const spdxIds = new Map(Object.keys(spdxLicences).map((id) => [id.toLowerCase(), id]));

/** CC0 1.0. */
export const ccZero: Reading = {
  family: "cc0",
  licence: {
    spdx: "CC0-1.0",
    name: "CC0 1.0",
    url: "https://creativecommons.org/publicdomain/zero/1.0/",
    version: "1.0",
    category: "CC0",
    permissive: true,
    reason: "CC0 is accepted: its owner has waived all rights",
  },
};

/** The Public Domain Mark 1.0. */
export const publicDomainMark: Reading = {
  family: "public-domain-mark",
  licence: {
    spdx: "CC-PDM-1.0",
    name: "Public Domain Mark 1.0",
    url: "https://creativecommons.org/publicdomain/mark/1.0/",
    version: "1.0",
    category: "Public Domain",
    permissive: true,
    reason: "marked as free of known copyright",
  },
};

/** The Public Domain Dedication and Certification, which CC0 and the mark replaced. */
export const publicDomainDedication: Reading = {
  family: "public-domain",
  licence: {
    spdx: "CC-PDDC",
    name: "CC Public Domain Dedication and Certification",
    url: "https://creativecommons.org/licenses/publicdomain/",
    category: "Public Domain",
    permissive: true,
    reason: "dedicated to the public domain, or certified to be in it",
  },
};

/** "Creative Commons", without which of its licences. */
export const someCreativeCommons: Reading = {
  ...unknownReading("a Creative Commons licence, but not which"),
  family: "creative-commons",
  vague: true,
};

/**
 * A licence from its parts.
 * @returns a reading of category "unknown" where Creative Commons never published such a licence
 * @example ccReading({ elements: new Set(["by"]), version: "2.0", port: "fr" }).licence.spdx // "LicenseRef-CC-BY-2.0-FR"
 */
export function ccReading({ elements, version, port, orLater }: CcParts): Reading {
  const code = (["by", "nc", "nd", "sa"] as const).filter((element) => elements.has(element)).join("-");
  const shown = ["CC", code.toUpperCase(), version, port?.toUpperCase()].filter(Boolean).join(" ");
  if (version !== undefined && !ccVersions.includes(version))
    return unknownReading(`Creative Commons has no version ${version}`);
  if (port !== undefined && !(version !== undefined && isPort(version, port)))
    return unknownReading(`Creative Commons never published ${shown}`);
  if (port === undefined && version === "2.1")
    return unknownReading("Creative Commons published version 2.1 in ports only");
  if (elements.has("nd") && elements.has("sa"))
    return unknownReading("no licence is both no-derivatives and share-alike");
  if (!elements.has("by") && !isRetired(code, version, port))
    return unknownReading(`Creative Commons never published ${shown}`);
  return { family: `cc-${code}`, licence: licenceOf(code, elements, version, port, orLater === true) };
}

function isRetired(code: string, version: string | undefined, port: string | undefined): boolean {
  return RETIRED.has(code) && (version === "1.0" || (version === "2.0" && port === "jp"));
}

function licenceOf(
  code: string,
  elements: ReadonlySet<CcElement>,
  version: string | undefined,
  port: string | undefined,
  orLater: boolean,
): Licence {
  const id = ["CC", code.toUpperCase(), version, port?.toUpperCase()].filter(Boolean);
  const name = `${id.join(" ")}${orLater ? " or later" : ""}`;
  const conditions = (["nc", "nd", "sa"] as const).filter((element) => elements.has(element));
  const asks = conditions.map((element) => CONDITIONS[element]).join(" and ");
  return {
    spdx: spdxIds.get(id.join("-").toLowerCase()) ?? `LicenseRef-${id.join("-")}`,
    name,
    ...(version === undefined ? {} : { url: deed(code, version, port), version }),
    ...(port === undefined ? {} : { jurisdiction: port.toUpperCase() }),
    ...(asks === ""
      ? { category: "CC BY", permissive: true, reason: reasonForBy(version) }
      : { category: "rejected", permissive: false, reason: `${name} is not accepted: ${asks}` }),
  };
}

function reasonForBy(version: string | undefined): string {
  const asks = "CC BY is accepted: it asks for credit only";
  return version === undefined ? `${asks} (in every version; none is named)` : asks;
}

function deed(code: string, version: string, port: string | undefined): string {
  // the address of version 1.0 alone has the elements in the other order
  const path = code.endsWith("nc-nd") && version === "1.0" ? code.replace("nc-nd", "nd-nc") : code;
  return ["https://creativecommons.org/licenses", path, version, port].filter(Boolean).join("/").concat("/");
}

/** A licence that Creative Commons withdrew and that has no elements: "Sampling Plus", "Developing Nations". */
export function ccWithdrawn(name: string, code: string, version: string): Reading {
  const spdx = `LicenseRef-CC-${name.replaceAll(" ", "-")}-${version}`;
  const url = `https://creativecommons.org/licenses/${code}/${version}/`;
  const why = "withdrawn, and bound to conditions of its own";
  return rejectedReading(spdx, `CC ${name} ${version}`, why, { url, version });
}
