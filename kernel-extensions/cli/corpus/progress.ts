/** How far an index is, in one line on standard error where that is a terminal. */
import type { IndexProgress } from "../../../lib/corpus/index.js";

/** How often the line changes at the most: a terminal behind a slow wire must not hold the work up. */
const EVERY_MS = 200;

/** The line: shards, images, images a second, time left. */
export function indexProgress(): { show(progress: IndexProgress): void; clear(): void } {
  const { stderr } = process;
  if (!stderr.isTTY) return { show: () => {}, clear: () => {} };
  const begun = performance.now();
  let shown = 0;
  let first: number | undefined;
  return {
    show(progress) {
      const now = performance.now();
      first ??= progress.shardsDone;
      if (now - shown < EVERY_MS) return;
      shown = now;
      stderr.write(`\r\u001b[K${progressText(progress, first, (now - begun) / 1000)}`);
    },
    clear: () => {
      if (shown > 0) stderr.write("\r\u001b[K");
    },
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
