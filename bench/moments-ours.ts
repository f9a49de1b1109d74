/**
 * Our side of the benchmark of moments: for each line of MomentsWork, moments of a file's rows block by block; answers
 * with a MomentsAnswer.
 */
import { writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { featureMoments, momentsOfBlocks, openFeatures } from "../lib/features/index.js";
import type { MomentsAnswer, MomentsWork } from "./moments.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { rows, out }: MomentsWork = JSON.parse(line);
  const used = process.cpuUsage();
  const begun = performance.now();
  const file = await openFeatures(rows);
  const { mean, covariance } = featureMoments(await momentsOfBlocks(file.rowBlocks(), file.width));
  await file.close();
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(used);
  const answer: MomentsAnswer = {
    seconds,
    processorSeconds: (user + system) / 1e6,
    megabytes: process.resourceUsage().maxRSS / 1024,
  };
  writeFileSync(out, new Uint8Array(mean.buffer));
  writeFileSync(out, new Uint8Array(covariance.buffer), { flag: "a" });
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
