/** From (license, license_url) to a licence. */
import type { Licence } from "./licence.js";

/**
 * The licence that a name and a URL mean.
 * @example normaliseLicence("CC BY 2.0", "https://creativecommons.org/licenses/by/2.0/").spdx // "CC-BY-2.0"
 */
export function normaliseLicence(name: string, url: string): Licence {
  const text = `${name} ${url}`;
  const version = /\d\.\d/.exec(name)?.[0];
  if (/\bCC BY \d/.test(text) && version)
    return { spdx: `CC-BY-${version}`, version, category: "CC BY", permissive: true, reason: "CC BY" };
  return { category: "unknown", permissive: false, reason: "not recognised" };
}
