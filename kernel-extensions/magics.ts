/** The `%name` cells that every front end of the session knows. */
import type { LineMagic } from "./session/magics.js";

/** In the order in which an unknown magic's error lists them; what they need is loaded when they run. */
export const kernelMagics: readonly LineMagic[] = [
  {
    name: "claims",
    summary: "the ledger of the paper's numbers",
    run: async () => (await import("./claims-view.js")).claimsView(),
  },
  {
    name: "doctor",
    summary: "what this machine has and lacks, each lack with its remedy",
    run: async () => (await import("./setup/doctor-view.js")).doctorView(),
  },
  {
    name: "gpu",
    summary: "the GPUs of this machine: memory, use, driver",
    run: async () => (await import("./setup/doctor-view.js")).gpuView(),
  },
];
