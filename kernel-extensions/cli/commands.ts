import type { CommandEntry } from "./command.js";

/** All commands, in the order in which `gpic-lab --help` lists them. */
export const commands: readonly CommandEntry[] = [
  {
    name: "doctor",
    summary: "what this machine has and lacks, each lack with its remedy",
    load: async () => (await import("./doctor.js")).command,
  },
  {
    name: "kernel",
    summary: "add the kernel to a Jupyter that is already there, or take it away",
    load: async () => (await import("./kernel.js")).command,
  },
  {
    name: "run",
    summary: "run notebooks headless, without Python",
    load: async () => (await import("./run.js")).command,
  },
  {
    name: "claims",
    summary: "the ledger: every number of the paper with its verdict",
    load: async () => (await import("./claims.js")).command,
  },
  {
    name: "corpus",
    summary: "a corpus: fetch, index, stats, sample, credits, verify",
    hasVerbs: true,
    load: async () => (await import("./corpus.js")).command,
  },
  {
    name: "models",
    summary: "encoders and their weights: list, fetch, build, verify",
    hasVerbs: true,
    load: async () => (await import("./models.js")).command,
  },
  {
    name: "prepare",
    summary:
      "every image of a folder, a corpus or an array cropped and resized as the benchmark does it, into PNG",
    load: async () => (await import("./prepare.js")).command,
  },
  {
    name: "features",
    summary: "images to a file of features: DINOv2, FID's Inception, SSCD; resumable, on CPU or CUDA",
    load: async () => (await import("./features.js")).command,
  },
  {
    name: "compare",
    summary:
      "two files of features: Frechet distance, precision, recall, density, coverage, MMD, with intervals",
    load: async () => (await import("./compare.js")).command,
  },
  {
    name: "evaluate",
    summary:
      "generated images against a reference: the benchmark's score, how sure it is, and what it compares with",
    load: async () => (await import("./evaluate.js")).command,
  },
  {
    name: "filter",
    summary:
      "what goes by size, quality and safety, and why; with a vision-language judge where one is named",
    load: async () => (await import("./filter.js")).command,
  },
  {
    name: "dedup",
    summary:
      "copies of a corpus' images, exact and similar, by the paper's rule; each with the image that stays",
    load: async () => (await import("./dedup.js")).command,
  },
  {
    name: "caption",
    summary: "a caption an image by a vision-language model, each checked; without one, what it would ask",
    load: async () => (await import("./caption.js")).command,
  },
  {
    name: "curate",
    summary:
      "from a pool to a release: licences, filters, copies, captions, splits, shards, each decision recorded",
    load: async () => (await import("./curate.js")).command,
  },
];
