/** What `gpic-lab caption` prints after a run: a table for people, the same as JSON. */
import { captionOutcomes, captionTypes, type WrittenCaption } from "../../lib/captions/index.js";
import { oneLine } from "../show/escape.js";
import { columns } from "./columns.js";

/** Images without a caption that are listed by name; all of them are in --out. */
const MOST_LISTED = 20;
/** The same of --json: a document that is read whole. */
export const MOST_LISTED_JSON = 1000;

/** Counts written captions as they come. */
export class CaptionTally {
  readonly #counts = new Map<string, number>();
  readonly #broken = new Map<string, number>();
  readonly #listed: WrittenCaption[] = [];
  images = 0;
  secondTries = 0;

  /** Takes a record in. */
  add(written: WrittenCaption): void {
    const { captionType, outcome, faults, tries } = written;
    this.images++;
    if (tries > 1) this.secondTries++;
    for (const name of [outcome, `${captionType} ${outcome}`])
      this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    for (const rule of new Set(faults.flat().map((fault) => fault.rule)))
      this.#broken.set(rule, (this.#broken.get(rule) ?? 0) + 1);
    const hasNone = outcome !== "captioned" && outcome !== "not visible";
    if (hasNone && this.#listed.length < MOST_LISTED_JSON) this.#listed.push(written);
  }

  /** Images with a result: "failed", or "short failed". */
  count(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  /** Images of which an answer broke each rule, the commonest first. */
  get broken(): readonly (readonly [rule: string, images: number])[] {
    return [...this.#broken].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  }

  /** The first images without a caption. */
  get listed(): readonly WrittenCaption[] {
    return this.#listed;
  }
}

/** What a run came to. */
export interface CaptionReport {
  readonly set: string;
  readonly model: string;
  readonly seed: number;
  readonly tally: CaptionTally;
  readonly out: string | undefined;
  readonly seconds: number;
}

/** The report as JSON. */
export function captionJson({ tally, model, seed, out, seconds }: CaptionReport): object {
  const outcomes = (prefix: string) =>
    Object.fromEntries(captionOutcomes.map((outcome) => [outcome, tally.count(`${prefix}${outcome}`)]));
  return {
    ...{ ran: true, model, seed, images: tally.images, outcomes: outcomes("") },
    types: Object.fromEntries(captionTypes.map((type) => [type, outcomes(`${type} `)])),
    ...{ secondTries: tally.secondTries, broken: Object.fromEntries(tally.broken) },
    without: tally.listed.map(({ key, captionType, outcome, asked, message, faults }) => ({
      ...{ key, captionType, outcome, asked: asked ?? null, message },
      broken: faults.map((some) => some.map(({ rule, found }) => ({ rule, found }))),
    })),
    withoutLeftOut: withoutCount(tally) - tally.listed.length,
    ...{ out: out ?? null, seconds },
  };
}

function withoutCount(tally: CaptionTally): number {
  return tally.images - tally.count("captioned") - tally.count("not visible");
}

/** The report as a table. */
export function captionTable({ set, tally, model, seed, out, seconds }: CaptionReport): string {
  const rows = captionTypes.map((type) => [
    type,
    ...captionOutcomes.map((outcome) => String(tally.count(`${type} ${outcome}`))),
  ]);
  const listed = tally.listed
    .slice(0, MOST_LISTED)
    .map(({ key, captionType, outcome, asked, message, faults }) => {
      const rules = (faults.at(-1) ?? []).map(({ rule }) => rule).join(", ");
      return [key, captionType, outcome, [asked, rules, message].filter(Boolean).join("; ")];
    });
  const without = withoutCount(tally);
  const broken = tally.broken.map(([rule, images]) => `${rule} ${images}`).join(", ");
  return [
    `${oneLine(set)}: ${tally.images} images, ${tally.images - without} captioned by ${oneLine(model)}, `,
    `types drawn by key with seed ${seed}; ${seconds.toFixed(1)} s\n`,
    columns([["type", ...captionOutcomes], ...rows]),
    `second tries: ${tally.secondTries}${broken === "" ? "" : `; rules that answers broke: ${broken}`}\n`,
    listed.length > 0 ? `\n${columns([["image", "type", "outcome", "why"], ...listed])}` : "",
    without > listed.length ? `  and ${without - listed.length} more: --out lists all\n` : "",
    out === undefined ? "" : `every caption: ${oneLine(out)}\n`,
  ].join("");
}
