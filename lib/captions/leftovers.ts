/**
 * Leftovers of prompting: what a caption carries of the chat that it came from.
 *
 * Wider than the rules: it searches every type for the same ten kinds, and looks at the whole text.
 */
import { type Share, shareOf } from "../core/index.js";
import { type CaptionType, captionTypes } from "../corpus/index.js";
import { type Captions, NOT_VISIBLE } from "./caption.js";
import {
  CHAT,
  type Found,
  find,
  HEADING,
  HTML_TEXT,
  JSON_TEXT,
  LABEL,
  LIST_ITEM,
  MARKDOWN,
  META_OPENING,
  META_PHRASE,
  TEMPLATE_MARK,
} from "./markup.js";

/** The kinds of leftovers. */
export type LeftoverKind =
  | "chat"
  | "heading"
  | "html"
  | "json"
  | "label"
  | "list"
  | "markdown"
  | "meta phrase"
  | "not visible"
  | "template mark";

/** A leftover and where it stands. */
export interface Leftover extends Found {
  readonly kind: LeftoverKind;
}

const searches: readonly (readonly [LeftoverKind, (text: string) => Found | undefined])[] = [
  ["chat", (text) => find(CHAT, text)],
  ["heading", (text) => find(HEADING, text)],
  ["html", (text) => find(HTML_TEXT, text)],
  ["json", (text) => find(JSON_TEXT, text)],
  ["label", (text) => find(LABEL, text)],
  ["list", (text) => find(LIST_ITEM, text)],
  ["markdown", (text) => find(MARKDOWN, text)],
  ["meta phrase", (text) => find(META_OPENING, text) ?? find(META_PHRASE, text)],
  ["not visible", (text) => (text === NOT_VISIBLE ? undefined : find(/\bnot visible\.?/i, text))],
  ["template mark", (text) => find(TEMPLATE_MARK, text)],
];

/**
 * The first leftover of each kind in a text.
 * @example findLeftovers("Caption: a red boat")[0].kind // "label"
 */
export function findLeftovers(text: string): readonly Leftover[] {
  return searches.flatMap(([kind, search]) => {
    const found = search(text);
    return found === undefined ? [] : [{ kind, ...found }];
  });
}

/** How many captions of a type have a kind of leftover. */
export interface LeftoverShare extends Share {
  readonly caption_type: CaptionType;
  readonly kind: LeftoverKind;
}

/** The share of captions with each kind of leftover, by type; a row also where there is none. */
export async function leftoverShares(captions: Captions): Promise<LeftoverShare[]> {
  const totals = new Map<CaptionType, number>();
  const counts = new Map<string, number>();
  for await (const { caption_type, caption } of captions) {
    totals.set(caption_type, (totals.get(caption_type) ?? 0) + 1);
    for (const { kind } of findLeftovers(caption)) {
      const key = `${caption_type}/${kind}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return captionTypes
    .filter((type) => totals.has(type))
    .flatMap((caption_type) =>
      searches.map(([kind]) => ({
        caption_type,
        kind,
        ...shareOf(counts.get(`${caption_type}/${kind}`) ?? 0, totals.get(caption_type) ?? 0),
      })),
    );
}
