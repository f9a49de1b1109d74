/** Images of a score's page: small pictures with their names and what they did. */
import { escapeHtml } from "./escape.js";

/** One image, or a pair of them. */
export interface ScoreTile {
  /** Its name; hostile text. */
  readonly title: string;
  /** What is to be said of it. */
  readonly text: string;
  /** Encoded pictures, JPEG or PNG, in the order in which they stand beside each other; none where there are none. */
  readonly pictures: readonly ScorePicture[];
}

/** An encoded picture. */
export interface ScorePicture {
  readonly type: "image/jpeg" | "image/png";
  readonly bytes: Uint8Array;
  /** What it is, for those who do not see it. */
  readonly alt: string;
}

/** The tiles as a grid. */
export function tilesHtml(tiles: readonly ScoreTile[]): string {
  if (tiles.length === 0) return "<p>None.</p>";
  const isPictured = tiles.some(({ pictures }) => pictures.length > 0);
  const isPaired = tiles.some(({ pictures }) => pictures.length > 1);
  return `<ol class="tiles${isPaired ? " paired" : ""}${isPictured ? "" : " bare"}">${tiles.map(tileHtml).join("\n")}</ol>`;
}

function tileHtml({ title, text, pictures }: ScoreTile): string {
  const shown = pictures
    .map(
      ({ type, bytes, alt }) =>
        `<img src="data:${type};base64,${Buffer.from(bytes).toString("base64")}" alt="${escapeHtml(alt)}">`,
    )
    .join("");
  return `<li>${shown === "" ? "" : `<span class="pictures">${shown}</span>`}<span class="influence">${escapeHtml(text)}</span> <bdi class="key" title="${escapeHtml(title)}">${escapeHtml(title)}</bdi></li>`;
}
