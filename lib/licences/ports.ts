/**
 * The ports of the Creative Commons licences: which jurisdictions adapted which version, and what they are called.
 *
 * From the legal texts that Creative Commons publishes. Version 4.0 has no ports; a port that was never made is not
 * recognised, whatever stands in front of it.
 */

const PORTS: Readonly<Record<string, string>> = {
  "1.0": "fi il nl",
  "2.0": "at au be br ca cl de es fr hr it jp kr nl pl tw uk za",
  "2.1": "au ca es jp",
  "2.5": "ar au bg br ca ch cn co dk es hr hu il in it mk mt mx my nl pe pl pt scotland se si tw za",
  "3.0":
    "am at au az br ca ch cl cn cr cz de ec ee eg es fr ge gr gt hk hr ie igo it lu nl no nz ph pl pr pt ro rs sg " +
    "th tw ua ug us ve vn za",
  "4.0": "",
};

const NAMES: Readonly<Record<string, string>> = {
  am: "armenia",
  ar: "argentina",
  at: "austria|osterreich",
  au: "australia",
  az: "azerbaijan",
  be: "belgium|belgique|belgie|belgien",
  bg: "bulgaria",
  br: "brazil|brasil",
  ca: "canada",
  ch: "switzerland|schweiz|suisse",
  cl: "chile",
  cn: "china mainland|mainland china|china",
  co: "colombia",
  cr: "costa rica",
  cz: "czech republic",
  de: "germany|deutschland|allemagne",
  dk: "denmark|danmark",
  ec: "ecuador",
  ee: "estonia",
  eg: "egypt",
  es: "spain|espana",
  fi: "finland",
  fr: "france|frankreich",
  ge: "georgia",
  gr: "greece",
  gt: "guatemala",
  hk: "hong kong",
  hr: "croatia",
  hu: "hungary",
  ie: "ireland",
  igo: "intergovernmental organization|intergovernmental organisations|intergovernmental organizations",
  il: "israel",
  in: "india",
  it: "italy|italia",
  jp: "japan",
  kr: "korea|south korea",
  lu: "luxembourg",
  mk: "macedonia",
  mt: "malta",
  mx: "mexico",
  my: "malaysia",
  nl: "netherlands|nederland",
  no: "norway",
  nz: "new zealand",
  pe: "peru",
  ph: "philippines",
  pl: "poland|polska",
  pr: "puerto rico",
  pt: "portugal",
  ro: "romania",
  rs: "serbia",
  scotland: "uk scotland",
  se: "sweden",
  sg: "singapore",
  si: "slovenia",
  th: "thailand",
  tw: "taiwan",
  ua: "ukraine",
  ug: "uganda",
  uk: "england and wales|uk england and wales|england & wales|uk england & wales|united kingdom",
  us: "united states|united states of america|usa",
  ve: "venezuela",
  vn: "vietnam",
  za: "south africa",
};

const portsOf = new Map(
  Object.entries(PORTS).map(([version, codes]) => [version, new Set(codes.split(" "))]),
);
const codeOf = new Map(
  Object.entries(NAMES).flatMap(([code, names]) => [code, ...names.split("|")].map((name) => [name, code])),
);

/** Every version of the six licences that has been published. */
export const ccVersions: readonly string[] = Object.keys(PORTS);

/**
 * The port's code for a code or a name in folded words; undefined where no port is called so.
 * @example portCalled("england and wales") // "uk"
 */
export function portCalled(words: string): string | undefined {
  return codeOf.get(words);
}

/**
 * Whether a version was ported to a jurisdiction.
 * @example isPort("2.0", "fr") // true
 */
export function isPort(version: string, code: string): boolean {
  return code !== "" && portsOf.get(version)?.has(code) === true;
}
