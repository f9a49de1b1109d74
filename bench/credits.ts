/** Credits of a million images: time and peak memory of a process that does nothing else, written to a file. */
import { spawnSync } from "node:child_process";
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { type CreditedImage, type CreditsFormatName, writeCredits } from "../lib/licences/index.js";
import { type BenchRow, median, type Piece } from "./piece.js";

const IMAGES = 1_000_000;
/** Beside a million, what the process needs before it has written much: the difference is what grows. */
const FEW_IMAGES = 10_000;
const RUNS = 3;
const IMAGES_AN_AUTHOR = 8;
const HERE = fileURLToPath(import.meta.url);

interface Measured {
  readonly seconds: number;
  readonly peakMegabytes: number;
}

export const creditsPiece: Piece = {
  name: "credits",
  async measure(progress) {
    const rows: BenchRow[] = [];
    for (const format of ["markdown", "csv"] as const) {
      const runs = { few: [] as Measured[], all: [] as Measured[] };
      for (let run = 1; run <= RUNS; run++) {
        progress(`credits: ${format}, run ${run} of ${RUNS}`);
        runs.few.push(inProcess(format, FEW_IMAGES));
        runs.all.push(inProcess(format, IMAGES));
      }
      const row = (work: string, unit: string, values: number[]): BenchRow => ({
        ...{ work: `credits as ${format}, ${work}`, unit, ours: median(values), runs: values.length },
        peer: { name: "none", skipped: "no tool is known that writes credits of such records" },
      });
      const peaks = (measured: readonly Measured[]) => measured.map(({ peakMegabytes }) => peakMegabytes);
      rows.push(
        row(
          "1,000,000 images",
          "s",
          runs.all.map(({ seconds }) => seconds),
        ),
      );
      rows.push(row("1,000,000 images, peak memory", "MB", peaks(runs.all)));
      rows.push(row("10,000 images, peak memory", "MB", peaks(runs.few)));
    }
    return rows;
  },
};

function inProcess(format: CreditsFormatName, images: number): Measured {
  const { status, stdout, stderr } = spawnSync(process.execPath, [HERE, format, String(images)], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`Cannot measure credits: the process ended with ${status}: ${stderr}`);
  return JSON.parse(stdout) as Measured;
}

/** Images as the release has them, in the order of credits: 12 licences, both sources, many authors. */
function* madeImages(count: number): Generator<CreditedImage> {
  const licences = [
    ...["CC BY 2.0", "CC BY 3.0", "CC BY 4.0", "CC BY 2.5", "CC BY 3.0 de", "CC BY 2.0 fr"],
    ...[
      "CC0 1.0",
      "Public domain",
      "PD-old-100",
      "PD-USGov-NASA",
      "Public Domain Mark 1.0",
      "No restrictions",
    ],
  ];
  const groups = licences.flatMap((license) =>
    [" on Flickr", ", via Wikimedia Commons"].map((end) => ({ license, end })),
  );
  for (let at = 0; at < count; at++) {
    const { license, end } = groups[Math.floor((at * groups.length) / count)]!;
    const author = `Jean-Pierre *Author* ${Math.floor(at / IMAGES_AN_AUTHOR)}`;
    const key = at.toString(16).padStart(64, "0");
    yield { key, license, license_url: "", attribution: `${author}${end}` };
  }
}

async function measureHere(format: CreditsFormatName, images: number): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "gpic-lab-"));
  const begun = performance.now();
  try {
    const text = Readable.from(writeCredits(madeImages(images), { format }), {
      objectMode: true,
      highWaterMark: 1,
    });
    await pipeline(text, createWriteStream(join(folder, "credits")));
  } finally {
    rmSync(folder, { recursive: true });
  }
  const seconds = (performance.now() - begun) / 1000;
  return { seconds, peakMegabytes: process.resourceUsage().maxRSS / 1024 };
}

if (process.argv[1] === HERE) {
  const [format, images] = process.argv.slice(2);
  const measured = await measureHere(format as CreditsFormatName, Number(images));
  process.stdout.write(JSON.stringify(measured));
}
