/** How far an index is, in one line on standard error where that is a terminal. */
import type { IndexProgress } from "../../../lib/corpus/index.js";
import { statusLine } from "./status-line.js";

/** The line: shards, images, images a second, time left. */
export function indexProgress(): { show(progress: IndexProgress): void; clear(): void } {
  const line = statusLine();
  let first: number | undefined;
  return {
    show(progress) {
      first ??= progress.shardsDone;
      const done = first;
      line.show((seconds) => progressText(progress, done, seconds));
    },
    clear: line.clear,
  };
}

/**
 * The words of the line.
 * @param firstDone shards that were done when the work began
 * @param seconds since then
 */
export function progressText(progress: IndexProgress, firstDone: number, seconds: number): string {
  const { shardsDone, shardsTotal, images, imagesRead } = progress;
  const done = shardsDone - firstDone;
  const left = done > 0 ? `, ${timeText((seconds / done) * (shardsTotal - shardsDone))} left` : "";
  const rate = seconds > 0 && imagesRead > 0 ? `, ${Math.round(imagesRead / seconds)} images/s` : "";
  return `indexing: ${shardsDone} of ${shardsTotal} shards, ${images} images${rate}${left}`;
}

/** A time that is left, in the unit that reads best. */
export function timeText(seconds: number): string {
  if (seconds < 100) return `${Math.ceil(seconds)} s`;
  if (seconds < 100 * 60) return `${Math.ceil(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
