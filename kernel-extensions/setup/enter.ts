/** What every entry point of the project does first: the environment comes in, and CUDA is told what it must know. */
import { installSettings, settingsFrom } from "../../lib/io/index.js";
import { forbidTf32, numberGpusByBus } from "./cuda-environment.js";

/** Prepares this process for the library; called in its main thread before anything else. */
export function enter(): void {
  forbidTf32(process.env);
  numberGpusByBus(process.env);
  installSettings(() => settingsFrom(process.env));
}
