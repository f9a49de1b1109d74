/**
 * Reads the name of a Creative Commons licence: "CC BY-SA 3.0 DE", "Attribution 2.0 Generic", "cc-by-sa-3.0,2.5,2.0,1.0".
 *
 * A grammar of whole words that must use up every one of them: "not CC BY", "CC BY 2.0 (formerly)" and "CC BY 9.9" are
 * no names, and an element said twice is no name either. English as Creative Commons, Commons and Flickr write it;
 * German, French, Spanish, Portuguese, Italian and Dutch as the deeds do.
 */
import { type CcElement, ccReading, ccWithdrawn, someCreativeCommons } from "./creative-commons.js";
import { ccVersions, portCalled } from "./ports.js";
import { moreExact, type Reading } from "./reading.js";

type Part =
  | { readonly kind: "marker" | "noise" | "generic" | "later" }
  | { readonly kind: "elements"; readonly elements: readonly CcElement[]; readonly spelled: boolean };

/** Words of the longest phrase below. */
const LONGEST_PHRASE = 6;

const parts = new Map<string, Part>();

function add(part: Part, phrases: string): void {
  for (const phrase of phrases.split("|")) parts.set(phrase, part);
}

function elements(spelled: boolean, phrases: string, ...named: readonly CcElement[]): void {
  add({ kind: "elements", elements: named, spelled }, phrases);
}

add({ kind: "marker" }, "cc|creative commons");
add(
  { kind: "noise" },
  "license|licence|lizenz|licencia|licenca|licenza|licentie|the|under|licensed under|v|version",
);
add(
  { kind: "generic" },
  "generic|unported|international|non transpose|no portada|nicht portiert|generico|generique",
);
add(
  { kind: "generic" },
  "migrated|migrated with disclaimers|stma|heirs|internacional|internazionale|internationaal",
);
add({ kind: "later" }, "+|or later|and later|or later version|or later versions|or any later version|all");
add({ kind: "later" }, "or newer|oder spater|oder hoher|oder neuer|ou ulterieure|o posterior");
elements(false, "by", "by");
elements(false, "nc", "nc");
elements(false, "nd", "nd");
elements(false, "sa", "sa");
elements(false, "bysa", "by", "sa");
elements(false, "bync", "by", "nc");
elements(false, "bynd", "by", "nd");
elements(false, "byncsa", "by", "nc", "sa");
elements(false, "byncnd", "by", "nc", "nd");
elements(true, "attribution|namensnennung|paternite|reconocimiento|atribucion|atribuicao|attribuzione", "by");
elements(true, "naamsvermelding", "by");
elements(true, "noncommercial|non commercial|non commercial use|nicht kommerziell|nichtkommerziell", "nc");
elements(true, "keine kommerzielle nutzung|pas d utilisation commerciale|no comercial|nocomercial", "nc");
elements(
  true,
  "nao comercial|naocomercial|uso nao comercial|non commerciale|niet commercieel|nietcommercieel",
  "nc",
);
elements(true, "noderivs|no derivs|noderivatives|no derivatives|no derivative works|noderivativeworks", "nd");
elements(
  true,
  "keine bearbeitung|keine bearbeitungen|pas de modification|sin obras derivadas|sinderivadas",
  "nd",
);
elements(
  true,
  "sin derivadas|sem derivacoes|semderivacoes|sem derivados|non opere derivate|geenafgeleidewerken",
  "nd",
);
elements(true, "sharealike|share alike|weitergabe unter gleichen bedingungen|partage a l identique", "sa");
elements(true, "partage des conditions initiales a l identique|partage dans les memes conditions", "sa");
elements(
  true,
  "compartir igual|compartirigual|compartilhaigual|compartilha igual|partilha nos mesmos termos",
  "sa",
);
elements(true, "condividi allo stesso modo|gelijkdelen|gelijk delen", "sa");

const WITHDRAWN: readonly (readonly [RegExp, Reading])[] = [
  [
    /^(?:cc|creative commons) (?:nc|non ?commercial) sampling (?:\+|plus)(?: 1\.0)?$/,
    ccWithdrawn("NC Sampling Plus", "nc-sampling+", "1.0"),
  ],
  [
    /^(?:cc |creative commons )?sampling (?:\+|plus)(?: 1\.0)?$/,
    ccWithdrawn("Sampling Plus", "sampling+", "1.0"),
  ],
  [/^(?:cc|creative commons) sampling(?: 1\.0)?$/, ccWithdrawn("Sampling", "sampling", "1.0")],
  [
    /^(?:cc |creative commons )?(?:devnations|developing nations)(?: 2\.0)?$/,
    ccWithdrawn("Developing Nations", "devnations", "2.0"),
  ],
];

/**
 * The licence that a name's words stand for.
 * @param words of `wordsOf`
 * @returns undefined where they are no name of a Creative Commons licence; a reading of category "unknown" where they
 * are one that was never published
 * @example readCcName(["cc", "by", "3.0", "de"])?.licence.spdx // "CC-BY-3.0-DE"
 */
export function readCcName(words: readonly string[]): Reading | undefined {
  const key = words.join(" ");
  const withdrawn = WITHDRAWN.find(([pattern]) => pattern.test(key));
  if (withdrawn) return withdrawn[1];
  const seen = { marker: false, spelled: false, later: false, elements: new Set<CcElement>() };
  const versions: string[] = [];
  let port: string | undefined;
  for (let at = 0; at < words.length; ) {
    const [part, length] = partAt(words, at);
    if (part?.kind === "elements") {
      if (part.elements.some((element) => seen.elements.has(element))) return undefined;
      for (const element of part.elements) seen.elements.add(element);
      seen.spelled ||= part.spelled;
    } else if (part?.kind === "marker") {
      if (seen.marker) return undefined;
      seen.marker = true;
    } else if (part?.kind === "later") {
      if (seen.elements.size === 0) return undefined;
      seen.later = true;
    } else if (part === undefined) {
      const version = versionAt(words, at);
      const [named, portLength] = version === undefined ? portAt(words, at) : [undefined, 0];
      if (version !== undefined) versions.push(version);
      else if (named !== undefined && port === undefined && versions.length === 1) port = named;
      else if (!(words[at] === "," && versionAt(words, at - 1) && versionAt(words, at + 1))) return undefined;
      at += Math.max(1, portLength);
      continue;
    }
    at += length;
  }
  if (seen.elements.size === 0) return seen.marker && versions.length === 0 ? someCreativeCommons : undefined;
  if (!seen.marker && !(seen.spelled && versions.length > 0)) return undefined;
  const named = { elements: seen.elements, port, orLater: seen.later };
  if (versions.length === 0) return ccReading(named);
  return versions.map((version) => ccReading({ ...named, version })).reduce(newer);
}

function newer(a: Reading, b: Reading): Reading {
  if (a.licence.category === "unknown" || b.licence.category === "unknown")
    return a.licence.category === "unknown" ? a : b;
  return Number(a.licence.version) > Number(b.licence.version) ? a : moreExact(a, b);
}

function partAt(words: readonly string[], at: number): [Part | undefined, number] {
  for (let length = Math.min(LONGEST_PHRASE, words.length - at); length > 0; length--) {
    const part = parts.get(words.slice(at, at + length).join(" "));
    if (part) return [part, length];
  }
  return [undefined, 0];
}

/** "4" is read as "4.0"; versions that do not exist are left for `ccReading` to name. */
function versionAt(words: readonly string[], at: number): string | undefined {
  const word = words[at];
  if (word === undefined) return undefined;
  if (/^\d\.\d$/.test(word)) return word;
  return ccVersions.includes(`${word}.0`) ? `${word}.0` : undefined;
}

/** A port's code stands last ("CC BY 3.0 no license" is not Norwegian); its name may stand anywhere. */
function portAt(words: readonly string[], at: number): [string | undefined, number] {
  for (let length = Math.min(LONGEST_PHRASE, words.length - at); length > 0; length--) {
    const phrase = words.slice(at, at + length).join(" ");
    const code = portCalled(phrase);
    if (code !== undefined && (phrase !== code || code.length > 2 || at + length === words.length))
      return [code, length];
  }
  return [undefined, 0];
}
