/** What a chart shows, in a sentence or two: for those who see no picture, and for a diff. */
import { visit } from "./chart-fields.js";
import { displayText } from "./display-text.js";
import { oneLine } from "./escape.js";
import { formatCount } from "./numbers.js";
import { isRecord } from "./rows.js";

type Json = Record<string, unknown>;

const AXES = ["y", "x"];
const ADDITIONS = [
  "color",
  "fill",
  "stroke",
  "shape",
  "size",
  "opacity",
  "row",
  "column",
  "facet",
  "xOffset",
  "yOffset",
  "theta",
];

/**
 * The text form of a chart.
 * @example describeChart(spec, 40, 0) // "Chart: Halve 1/n, halve the distance\npoint, line: y distance (FD), x 1/n; color set; 40 rows"
 */
export function describeChart(spec: Readonly<Json>, rowCount: number, nonFinite: number): string {
  const marks = new Set<string>();
  const axes = new Map<string, Set<string>>();
  visit(spec, "spec", (node) => {
    const mark = isRecord(node.mark) ? node.mark.type : node.mark;
    if (typeof mark === "string") marks.add(mark);
    const encoding = { ...(isRecord(node.encoding) ? node.encoding : {}), ...facets(node) };
    for (const [channel, definition] of Object.entries(encoding)) {
      const name = nameOf(definition);
      if (name !== undefined) axes.set(channel, (axes.get(channel) ?? new Set()).add(name));
    }
  });
  const list = (channels: readonly string[]): string[] =>
    channels
      .filter((channel) => axes.has(channel))
      .map((channel) => `${channel} ${[...(axes.get(channel) ?? [])].join(" and ")}`);
  const parts = [[...marks].join(", ") || "no mark", list(AXES).join(", ")]
    .filter((part) => part !== "")
    .join(": ");
  const details = [parts, ...list(ADDITIONS), `${formatCount(rowCount)} ${rowCount === 1 ? "row" : "rows"}`];
  if (nonFinite > 0) details.push(`${formatCount(nonFinite)} not finite and not drawn`);
  const title = titleOf(spec.title);
  return `Chart${title === "" ? "" : `: ${title}`}\n${details.join("; ")}`;
}

function facets(node: Readonly<Json>): Json {
  const facet = node.facet;
  if (!isRecord(facet)) return {};
  return "field" in facet ? { facet } : { ...facet };
}

function nameOf(definition: unknown): string | undefined {
  if (!isRecord(definition)) return undefined;
  for (const titled of [definition, definition.axis, definition.legend, definition.header])
    if (isRecord(titled) && titled.title !== undefined && titled.title !== null) return titleOf(titled.title);
  const field = typeof definition.field === "string" ? displayText(definition.field) : undefined;
  if (typeof definition.aggregate === "string")
    return field === undefined ? definition.aggregate : `${definition.aggregate} of ${field}`;
  return definition.bin !== undefined && field !== undefined ? `${field} (binned)` : field;
}

function titleOf(title: unknown): string {
  if (isRecord(title)) {
    const subtitle = titleOf(title.subtitle);
    return [titleOf(title.text), subtitle].filter((part) => part !== "").join(" – ");
  }
  return typeof title === "string" || Array.isArray(title)
    ? displayText(oneLine([title].flat().join(" ")), 400)
    : "";
}
