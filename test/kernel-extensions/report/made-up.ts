/** Made-up notebooks and a made-up ledger, with everything that a report has to show, for the report's tests. */
import sharp from "sharp";
import type { LedgerRow, LedgerView, VerdictKind } from "../../../kernel-extensions/report/ledger.js";
import type {
  NamedNotebook,
  NotebookCell,
  NotebookOutput,
} from "../../../kernel-extensions/report/notebook.js";

/** Strings that try to become markup, a script, an attribute, the end of a block, or to turn the text around. */
export const HOSTILE: readonly string[] = [
  "<script>window.pwned = 1</script>",
  '"><img src=x onerror="window.pwned = 2">',
  "</script><script>window.pwned = 3</script>",
  "<!--<script>",
  "<svg onload='window.pwned = 4'><foreignObject><body onload='window.pwned = 5'></foreignObject></svg>",
  "</pre></div></details></main><h1>pwned</h1>",
  "[click](javascript:window.pwned=6) ![x](https://example.com/x.png)",
  "\u202egnp.exe\u202c nul\u0000bell\u0007",
  "\u001b]8;;javascript:window.pwned=7\u0007link\u001b]8;;\u0007",
  "<style>body { display: none }</style><base href='https://example.com/'><meta http-equiv=refresh content=0>",
  "<iframe srcdoc='<script>parent.pwned = 8</script>'></iframe><object data='https://example.com/x'></object>",
];

const KINDS: readonly VerdictKind[] = [
  "machinery only",
  "recomputed",
  "not run",
  "machinery only",
  "contradicted",
  "not run",
  "reproduced",
];
const PARTS = [
  "Table 1 and 2.5: release",
  "2.2: filters",
  "2.3: deduplication",
  "3: Fréchet distance",
  "Table 3: baseline",
];

/** A ledger of `size` rows over five parts, every verdict among them. */
export function madeUpLedger(size: number): LedgerView {
  const rows: LedgerRow[] = Array.from({ length: size }, (_, index) => {
    const kind = KINDS[index % KINDS.length]!;
    const measured = kind === "not run" || kind === "machinery only" ? undefined : (index * 1.37).toFixed(2);
    return {
      id: `made-up-${index}`,
      place: `Table ${1 + (index % 4)}, row ${index % 9}`,
      statement:
        index === 3 ? HOSTILE.join(" ") : `The share of pictures that pass stage ${index} of the pipeline.`,
      kind,
      claimed: index % 2 === 0 ? `${(index * 1.371).toFixed(2)} %` : (index * 104729).toLocaleString("en-US"),
      measured,
      tolerance: measured === undefined ? undefined : "±0.05 (the last printed digit)",
      why:
        kind === "not run" ? "Nothing here measures it." : "Summed from the numbers that the table prints.",
      needs: kind === "not run" ? "the val shards, 1 GPU" : undefined,
      part: PARTS[Math.floor((index * PARTS.length) / size)]!,
      notebooks: index % 3 === 0 ? ["notebooks/01-corpus.ipynb"] : [],
      asked: index % 3 === 0,
    };
  });
  const counts: Record<string, number> = {};
  for (const { kind } of rows) counts[kind] = (counts[kind] ?? 0) + 1;
  return { counts, rows };
}

/** Two notebooks: one that a report is usually made of, one that is out to break it. */
export async function madeUpNotebooks(): Promise<readonly NamedNotebook[]> {
  return [
    { path: "notebooks/00-start.ipynb", notebook: { cells: startCells() } },
    { path: "notebooks/01-corpus.ipynb", notebook: { cells: await corpusCells() } },
    { path: "notebooks/99-hostile.ipynb", notebook: { cells: hostileCells() } },
  ];
}

function startCells(): readonly NotebookCell[] {
  return [
    markdown(
      "# What is this, and what does this machine have?\n\n**Objective:** know where you are. **Minutes:** 5. **Needs:** nothing but Node.\n\nGo on with [what is in a shard](01-corpus.ipynb), or read [the format](https://example.com/format).",
    ),
    code(
      'import { openCorpus } from "gpic-lab/corpus";\n\nconst corpus = await openCorpus("sample");\ncorpus.describe();',
      [text("Corpus: sample (made up for this test), 96 images in 4 shards\nopened from data/sample")],
    ),
    markdown("## What this machine has\n\nEach lack with its remedy."),
    code("%doctor", [
      {
        type: "stream",
        name: "stdout",
        text: "\u001b[32m✓\u001b[0m Node 20.20\n" + "\u001b[33m!\u001b[0m no GPU: CPU is used\n",
      },
      { type: "stream", name: "stderr", text: "Warning: no token was found\n" },
    ]),
  ];
}

async function corpusCells(): Promise<readonly NotebookCell[]> {
  const grid = await pictureGrid();
  const wide = Array.from({ length: 18 }, (_, index) => `column ${index}`);
  return [
    markdown(
      "# What is in a shard?\n\n**Objective:** read one from its bytes up. **Minutes:** 20.\n\n## Sizes\n\n> **Predict first:** how many of the pictures are wider than high?\n\nA shard is a tar: `000017.jpg` lies beside `000017.json`. The rule is that\n\n1. the key is the digest of the bytes,\n2. the caption has one of four types.\n\n| type | share |\n|---|---:|\n| tags | 1 % |\n| short | 9 % |\n\n```typescript\nconst key = sha256(bytes); // 64 hexadecimal digits\n```",
    ),
    code(
      'const ratios = corpus.records.map((record) => record.width / record.height);\nchart({ mark: "bar", data: { values: bins(ratios) } });',
      [
        {
          type: "display_data",
          data: {
            "application/vnd.vegalite.v5+json": specification(),
            "image/svg+xml": chartSvg(),
            "text/plain": "Bar chart: images by aspect ratio; most are 3:2 (41 of 96)",
          },
        },
      ],
    ),
    markdown("Most photographs are a little wider than high: cameras are.\n\n## A look at them"),
    code("imageGrid(corpus.records.slice(0, 12));", [
      {
        type: "display_data",
        data: { "image/png": grid, "text/plain": "Twelve coloured fields in two rows" },
      },
    ]),
    markdown("## Tables"),
    code("table(tiers);", [
      html(
        `<table class="gpic-table"><caption>Images by tier</caption><thead><tr><th>tier</th><th style="text-align: right">images</th><th style="text-align: right">GB</th></tr></thead><tbody>${["nano", "lite", "full"].map((tier, index) => `<tr><td>${tier}</td><td style="text-align: right">${(96 * 10 ** index).toLocaleString("en-US")}</td><td style="text-align: right">${(1.25 * 10 ** index).toFixed(2)}</td></tr>`).join("")}</tbody></table>`,
      ),
      html(
        `<table><thead><tr>${wide.map((name) => `<th>${name}</th>`).join("")}</tr></thead><tbody><tr>${wide.map((_, index) => `<td>${index * 123456}</td>`).join("")}</tr></tbody></table>`,
      ),
    ]),
    markdown("## Where it goes wrong"),
    code(
      Array.from(
        { length: 40 },
        (_, index) => `const step${index} = await measure("stage ${index}", { seed: ${index} });`,
      ).join("\n"),
      [
        text('[ { key: "a1", width: 640, height: 427 },\n  { key: "b2", width: 480, height: 640 } ]'),
        {
          type: "display_data",
          data: { "text/markdown": "Read **4 shards** and <b>not markup</b>." },
        },
      ],
    ),
    code('throw new RangeError("Cannot open the shard: a tar is needed, got 0 bytes");', [
      {
        type: "error",
        ename: "RangeError",
        evalue: "Cannot open the shard: a tar is needed, got 0 bytes",
        traceback: [
          "\u001b[31mRangeError\u001b[39m: Cannot open the shard: a tar is needed, got 0 bytes",
          "  at cell 7, line 1",
          '\u001b[1m> 1 | throw new RangeError("Cannot open the shard");\u001b[22m',
        ],
      },
    ]),
    markdown(
      "## Exercises\n\n1. What is the share of square pictures?\n\n<details><summary>Answer</summary>\n\nCount them: `ratios.filter((ratio) => ratio === 1).length`, which is **4**.\n\n</details>\n\n## Summary\n\nA limitation: 96 pictures say nothing of a hundred million.",
    ),
  ];
}

function hostileCells(): readonly NotebookCell[] {
  const all = HOSTILE.join("\n");
  return [
    markdown("# Strings that are out to break it"),
    code(`const strings = ${JSON.stringify(HOSTILE)};`, [
      text(all),
      html(all),
      { type: "stream", name: "stdout", text: all },
      { type: "display_data", data: { "text/markdown": all } },
      { type: "error", ename: HOSTILE[1]!, evalue: all, traceback: HOSTILE },
      {
        type: "display_data",
        data: {
          "application/vnd.vegalite.v5+json": { ...specification(), title: all, usermeta: { all } },
          "image/svg+xml": `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40" onload="window.pwned=9">${all}</svg>`,
          "text/plain": all,
        },
      },
      html(
        '<a href="javascript:window.pwned=10" onclick="window.pwned=11">a</a><img src="https://example.com/spy.png"><p style="position: fixed; background: url(https://example.com/x); color: red">p</p><form action="https://example.com"><input></form><details ontoggle="window.pwned=12" open>d</details>',
      ),
    ]),
  ];
}

function specification(): Record<string, unknown> {
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    width: 360,
    height: 180,
    data: {
      values: [
        { ratio: "2:3", images: 14 },
        { ratio: "1:1", images: 4 },
        { ratio: "4:3", images: 37 },
        { ratio: "3:2", images: 41 },
      ],
    },
    transform: [{ calculate: "datum.images / 96", as: "share" }],
    mark: { type: "bar", tooltip: true, color: "#1f6f8b" },
    encoding: {
      x: { field: "ratio", type: "nominal", sort: null, title: "aspect ratio" },
      y: { field: "images", type: "quantitative" },
    },
  };
}

function chartSvg(): string {
  const bars = [14, 4, 37, 41]
    .map(
      (count, index) =>
        `<rect x="${40 + index * 90}" y="${200 - count * 4}" width="70" height="${count * 4}" fill="#1f6f8b"/>`,
    )
    .join("");
  return `<svg xmlns="http://www.w3.org/2000/svg" width="410" height="230" viewBox="0 0 410 230">${bars}</svg>`;
}

async function pictureGrid(): Promise<string> {
  const width = 720;
  const height = 240;
  const pixels = Buffer.alloc(width * height * 3);
  for (let index = 0; index < width * height; index += 1) {
    const column = Math.floor((index % width) / 120);
    const row = Math.floor(index / width / 120);
    pixels.set([40 + column * 35, 90 + row * 60, 200 - column * 25], index * 3);
  }
  const png = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
  return png.toString("base64");
}

function markdown(source: string): NotebookCell {
  return { type: "markdown", source };
}

function code(source: string, outputs: readonly NotebookOutput[]): NotebookCell {
  return { type: "code", source, outputs };
}

function text(plain: string): NotebookOutput {
  return { type: "execute_result", data: { "text/plain": plain } };
}

function html(markup: string): NotebookOutput {
  return { type: "display_data", data: { "text/html": markup, "text/plain": "a rich output" } };
}
