/** The documents and the data that claims speak of, in words. */
import { readFileSync } from "node:fs";
import { packageFile } from "../io/index.js";
import type { ClaimData } from "./record.js";

interface Sources {
  readonly sources: Readonly<Record<string, string>>;
  readonly datasets: Readonly<Record<string, string>>;
}

let sourcesFile: Sources | undefined;

/** A document that claims name as their source, in words. */
export function describeSource(source: string): string {
  sourcesFile ??= readJson<Sources>("sources.json");
  return Object.hasOwn(sourcesFile.sources, source) ? (sourcesFile.sources[source] as string) : source;
}

/** Data in words: "the GPIC release, train split, nano tier". */
export function describeData(data: ClaimData): string {
  sourcesFile ??= readJson<Sources>("sources.json");
  const name = Object.hasOwn(sourcesFile.datasets, data.dataset)
    ? (sourcesFile.datasets[data.dataset] as string)
    : `the ${data.dataset} corpus`;
  const parts = [
    name,
    ...(data.revision === undefined ? [] : [`revision ${data.revision}`]),
    ...(data.split === undefined ? [] : [`${data.split} split`]),
    ...(data.tier === undefined ? [] : [`${data.tier} tier`]),
  ];
  return parts.join(", ");
}

/** Reads a JSON file of `data/paper/`. */
export function readJson<T>(name: string): T {
  return JSON.parse(readFileSync(packageFile("data", "paper", name), "utf8")) as T;
}
