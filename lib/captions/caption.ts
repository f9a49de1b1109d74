/** What the statistics of captions need of a record: its type and its text. */
import type { CaptionType } from "../corpus/index.js";

/** A caption and its type; every record of a corpus is one. */
export interface Caption {
  readonly caption_type: CaptionType;
  readonly caption: string;
}

/** Captions in memory or as they are read: an array, `corpus.records()`, a generator. */
export type Captions = Iterable<Caption> | AsyncIterable<Caption>;

/** The fixed answer where nothing can be made out (Appendix F). It breaks the form of tags, and is exempt from it. */
export const NOT_VISIBLE = "NOT VISIBLE.";
