/** What `gpic-lab curate` says while it works: which stage is at which image, and what the model will be asked. */
import type { CurationProgress } from "../../lib/curation/index.js";
import type { AnswerFolder, VlmEndpoint } from "../../lib/vlm/index.js";
import { captionEstimate, takesText } from "./caption-plan.js";
import { seconds } from "./clock.js";
import { timeText } from "./corpus/progress.js";
import type { StatusLine } from "./corpus/status-line.js";
import { estimateText, judgeEstimate } from "./filter-estimate.js";

/** What asking the model will take, in a line, before the first question of a stage. */
export function askingLine(
  endpoint: VlmEndpoint,
  answers: AnswerFolder,
): (progress: CurationProgress) => string | undefined {
  return ({ stage, total = 0 }: CurationProgress): string | undefined => {
    const known = { secondsPerAnswer: answers.usual(endpoint.model).seconds };
    if (stage === "quality")
      return `judging ${total} images: ${estimateText(judgeEstimate(total, endpoint, answers), endpoint.model)}`;
    if (stage !== "captions") return undefined;
    return `captions of ${total} images: ${takesText(captionEstimate(total, endpoint, known), endpoint.model)}`;
  };
}

/** Says which stage is at which image, and how long it may take. */
export function progressLine(
  line: StatusLine,
  before?: (progress: CurationProgress) => string | undefined,
): (progress: CurationProgress) => void {
  let stage = "";
  let begun = 0;
  return (progress) => {
    if (progress.stage !== stage) {
      begun = seconds();
      const words = before?.(progress);
      if (words !== undefined) {
        line.clear();
        process.stderr.write(`gpic-lab: ${words}\n`);
      }
    }
    stage = progress.stage;
    line.show(() => progressText(progress, seconds() - begun));
  };
}

/** The words of the line: stage, images, time left. */
function progressText({ stage, done, total }: CurationProgress, passed: number): string {
  if (stage === "waiting")
    return "curate: waiting, a minute at most, for a claim of another machine or start to be dead";
  const of = total === undefined ? "" : ` of ${total}`;
  const isKnown = total !== undefined && done > 0 && passed > 1;
  const left = isKnown ? `, ${timeText(((total - done) * passed) / done)} left` : "";
  return `curate: ${stage}, ${done}${of} images${left}`;
}
