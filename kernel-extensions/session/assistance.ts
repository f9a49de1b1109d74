/** Completion and inspection; positions are code points outside and UTF-16 units inside. */
import type ts from "@tslab/typescript-for-tslab";
import type { MimeBundle } from "../show/host.js";
import { type LineMagic, magicNames, withoutMagic } from "./magics.js";
import type { Completion } from "./messages.js";
import type { Language } from "./typescript.js";

/** More is no help to a person, and slow to draw. */
const MOST_MATCHES = 500;

/** Completions at a cursor. */
export function complete(
  language: Language,
  declarations: string,
  code: string,
  cursor: number,
  lineMagics: readonly LineMagic[],
): Completion {
  const magic = /^%%?\w*$/.exec(codePointSlice(code, cursor));
  if (magic !== null) {
    const matches = magicNames(lineMagics).filter((name) => name.startsWith(magic[0]));
    return { matches: matches.map((text) => ({ text, kind: "keyword" })), start: 0, end: cursor };
  }
  const info = language.converter.complete(declarations, withoutMagic(code), toUnits(code, cursor));
  const kinds = new Map(info.original?.entries?.map(({ name, kind }) => [name, kind]));
  return {
    matches: info.candidates
      .slice(0, MOST_MATCHES)
      .map((text) => ({ text, kind: kinds.get(text) ?? "<unknown>" })),
    start: toCodePoints(code, info.start),
    end: toCodePoints(code, info.end),
  };
}

/** Signature and docstring of what stands at, or just before, the cursor. */
export function inspectAt(
  language: Language,
  declarations: string,
  code: string,
  cursor: number,
  detailLevel: 0 | 1,
): MimeBundle | undefined {
  const units = toUnits(code, cursor);
  const source = withoutMagic(code);
  const info =
    language.converter.inspect(declarations, source, units) ??
    (units > 0 ? language.converter.inspect(declarations, source, units - 1) : undefined);
  if (info === undefined) return undefined;
  const text = language.typescript.displayPartsToString;
  const signature = text(info.displayParts);
  const documentation = text(info.documentation);
  const tags = (info.tags ?? []).filter((tag) => detailLevel === 1 || tag.name !== "internal");
  const tagLines = tags.map((tag: ts.JSDocTagInfo) => `@${tag.name} ${text(tag.text)}`);
  const body = [documentation, tagLines.join("\n")].filter((part) => part.length > 0);
  return {
    "text/plain": [signature, ...body].join("\n\n"),
    "text/markdown": [`\`\`\`typescript\n${signature}\n\`\`\``, ...body].join("\n\n"),
  };
}

function toUnits(text: string, codePoints: number): number {
  return codePointSlice(text, codePoints).length;
}

function codePointSlice(text: string, codePoints: number): string {
  return [...text].slice(0, Math.max(0, codePoints)).join("");
}

function toCodePoints(text: string, units: number): number {
  return [...text.slice(0, units)].length;
}
