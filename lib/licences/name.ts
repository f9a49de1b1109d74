/**
 * Reads a licence's name: one licence, several of them, or the markup of Wikimedia Commons.
 *
 * Several licences are a choice where the text says so ("or", "|", "/", the parameters of {{self}}): the user picks,
 * so the one that asks least counts. Otherwise (comma, "and", "&", ";", two templates side by side, {{Licensed-PD-Art}})
 * each may speak of another part of the work, and the strictest counts. Whatever is not understood to the last word
 * is not recognised.
 */
import { readCcName } from "./creative-commons-name.js";
import { readUrl } from "./licence-url.js";
import { flickrLicences, readPhrase } from "./phrases.js";
import { readPublicDomain } from "./public-domain.js";
import { allOf, anyOf, type Reading, unknownReading } from "./reading.js";
import { fold, wordsOf } from "./words.js";

/** Longest name that is read: the longest of SPDX's list has 92 characters, a template with four licences some 150. */
export const MAX_NAME_CHARS: number = 512;

const TEMPLATE = /\{\{([^{}]*)\}\}/g;
/** Templates that hold licences to choose from. */
const CHOICES: ReadonlySet<string> = new Set(["self", "self 2", "multilicense", "dual license", "dual"]);
/** Templates that put a licence of the photograph beside the state of what it shows. */
const BOTH: ReadonlySet<string> = new Set(["licensed pd art", "licensed pd art two", "licensed pd"]);
/** Templates that stand around a tag for the work's age. */
const COPIES: ReadonlySet<string> = new Set(["pd art", "pd scan", "pd art two", "pd scan two"]);
/** Templates that are no licences. */
const REVIEWS: ReadonlySet<string> = new Set([
  "flickrreview",
  "licensereview",
  "flickrverifiedbyuploadwizard",
]);

/**
 * What a licence's name says.
 * @returns undefined where it is empty; a reading of category "unknown" where it is not recognised
 * @example readName("{{self|GFDL|cc-by-4.0}}")?.licence.spdx // "CC-BY-4.0"
 */
export function readName(name: string): Reading | undefined {
  if (name.length > MAX_NAME_CHARS)
    return unknownReading(`the name has ${name.length} characters, and at most ${MAX_NAME_CHARS} are read`);
  const text = name.trim();
  if (text === "") return undefined;
  if (/^\d{1,2}$/.test(text))
    return flickrLicences[Number(text)] ?? unknownReading("Flickr has no such licence");
  if (/^(?:https?:)?\/\//i.test(text)) return readUrl(text);
  return (text.startsWith("{{") ? readTemplates(text) : readText(fold(text))) ?? unrecognised();
}

function unrecognised(): Reading {
  return unknownReading("the name is not recognised");
}

function readTemplates(text: string): Reading | undefined {
  const templates = [...text.matchAll(TEMPLATE)].map(([, inside = ""]) => inside);
  if (text.replace(TEMPLATE, "").trim() !== "") return undefined;
  const licences = templates
    .map((inside) => inside.split("|").map((part) => part.trim()))
    .filter(([title = ""]) => !REVIEWS.has(wordsOf(fold(title)).join(" ")))
    .map((parameters) => readTemplate(parameters) ?? unrecognised());
  return licences.length === 0 ? undefined : allOf(licences);
}

function readTemplate([title = "", ...parameters]: readonly string[]): Reading | undefined {
  const key = wordsOf(fold(title)).join(" ");
  const values = parameters.filter((parameter) => parameter !== "" && !parameter.includes("="));
  const each = () => values.map((value) => readText(fold(value)) ?? unrecognised());
  if (CHOICES.has(key)) return values.length === 0 ? undefined : anyOf(each());
  if (BOTH.has(key)) return values.length < 2 ? undefined : allOf(each());
  if (!COPIES.has(key) || values.length === 0) return readText(fold(title));
  // {{PD-Art|PD-old-100}}: what is copied must be in the public domain as well
  return allOf([...each(), readText(fold(title)) ?? unrecognised()]);
}

/** Folded text without templates. */
function readText(text: string): Reading | undefined {
  const flat = text.replace(/[()[\]]/g, " ");
  const words = wordsOf(flat);
  const whole = readOne(words);
  if (whole !== undefined) return whole;
  const bracketed = [...text.matchAll(/\(([^()]*)\)/g)].map(([, inside = ""]) => inside);
  if (bracketed.length > 0) {
    const outside = text.replace(/\([^()]*\)/g, " ");
    const inner = [outside, ...bracketed].filter((part) => wordsOf(part).length > 0);
    if (!inner.some((part) => /[()]/.test(part))) return allIn(inner.map((part) => readText(part)));
  }
  const choice = splitBy(words, /^(?:or|oder|ou|\||\/)$/);
  if (choice.length > 1) {
    const listed = choice[0]?.join(" ") === "self" ? choice.slice(1) : choice;
    const readings = listed.map((part) => readTogether(part));
    return readings.every((reading) => reading !== undefined) ? anyOf(readings as Reading[]) : undefined;
  }
  return readTogether(words);
}

function readTogether(words: readonly string[]): Reading | undefined {
  const whole = readOne(words);
  if (whole !== undefined) return whole;
  const listed = splitBy(words, /^(?:and|und|et|&|,|;)$/);
  return listed.length > 1 ? allIn(listed.map(readOne)) : undefined;
}

function allIn(readings: readonly (Reading | undefined)[]): Reading | undefined {
  return readings.every((reading) => reading !== undefined) ? allOf(readings as Reading[]) : undefined;
}

function readOne(words: readonly string[]): Reading | undefined {
  if (words.length === 0) return undefined;
  return readPhrase(words) ?? readPublicDomain(words) ?? readCcName(words);
}

/** The runs between words that fit, without empty ones at the ends. */
function splitBy(words: readonly string[], separator: RegExp): string[][] {
  const runs: string[][] = [[]];
  for (const word of words) {
    if (separator.test(word)) runs.push([]);
    else runs.at(-1)?.push(word);
  }
  return runs;
}
