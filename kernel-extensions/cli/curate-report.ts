/** What `gpic-lab curate` prints: the funnel beside the paper's, for people, and the manifest as JSON. */
import type { CurationRow, Manifest } from "../../lib/curation/index.js";
import { oneLine } from "../show/escape.js";
import { columns } from "./columns.js";
import { paperRates } from "./curate-paper.js";

/** The manifest, and where it lies. */
export function curationJson(manifest: Manifest, out: string): object {
  return { ...manifest, out };
}

/** The funnel as a table, and what lies where. */
export function curationText(manifest: Manifest, out: string): string {
  const { pool, funnel, splits, models, owed, recipe } = manifest;
  const released = funnel.at(-1)!.out;
  const licensed = funnel.find(({ stage }) => stage === "licences")!.out;
  const judged = models.judge !== null;
  const paper = paperRates();
  const rows = funnel.map((row) => {
    const { stage, in: before, out: after } = row;
    const base = stage === "records" || stage === "licences" ? pool.images : licensed;
    return [
      stage,
      String(before),
      String(after),
      rateOf(row, base),
      paper.get(stage) ?? "",
      whyOf(row, judged),
    ];
  });
  const parts = Object.entries(splits).map(([split, { images, wanted, shards }]) => {
    const short = images < wanted ? ` (of ${wanted}: groups of near copies do not fit)` : "";
    return `${split} ${images}${short} in ${shards} ${shards === 1 ? "shard" : "shards"}`;
  });
  return [
    `${oneLine(pool.name)}: ${released} of ${pool.images} images released\n`,
    columns([["stage", "in", "out", "goes", "paper", "why"], ...rows]),
    `  goes, paper: shares of the images with a permissive licence, of which alone the paper's pool was; of licences, of all\n`,
    `  splits       ${parts.join(", ")}; pairs from ${recipe.splitThreshold} on share one\n`,
    `  descriptors  ${oneLine(models.descriptors)}\n`,
    `  model        ${judged ? oneLine(models.judge!) : "none: measures judge quality, nobody safety, captions are the pool's"}\n`,
    `  files        ${oneLine(out)}: manifest.json, decisions/, shards; credits: gpic-lab corpus credits ${oneLine(out)}\n`,
    pool.problems === 0
      ? ""
      : `  problems     ${pool.problems} in the pool's shards: decisions/problems.parquet\n`,
    owed === 0 ? "" : `  ${owed} answers are owed by the model: the same call asks again\n`,
  ].join("");
}

function rateOf({ in: before, out: after }: CurationRow, images: number): string {
  return before === after ? "" : `${((100 * (before - after)) / images).toFixed(2)} %`;
}

function whyOf({ stage, in: before, out: after, reasons }: CurationRow, judged: boolean): string {
  if (stage === "safety" && !judged) return "not judged";
  if (before === after) return "";
  return Object.entries(reasons)
    .map(([reason, count]) => `${count} ${reason}`)
    .join(", ");
}
