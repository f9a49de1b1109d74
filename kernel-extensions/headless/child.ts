/**
 * The process that runs the cells of one notebook: started by `run-notebook.ts`, it gets a job, reports each output
 * and each cell's end, and stops at the first cell that fails and may not.
 */
import { packageRoot } from "../../lib/io/index.js";
import { kernelMagics } from "../magics.js";
import type { Output } from "../session/messages.js";
import type { Job, Report } from "./child-messages.js";
import { Deadline } from "./deadline.js";

/** Cells may look for their parent's channel; it is not theirs. */
const send = process.send!.bind(process);
Object.defineProperty(process, "send", { value: undefined, writable: true });

/** Late outputs (of timers and promises just after the last cell) are still taken, for so long. */
const LAST_TURN_MILLISECONDS = 100;

process.once("disconnect", () => process.kill(process.pid, "SIGKILL"));
process.once("message", (job: Job) => {
  runJob(job).catch((error: unknown) =>
    tell({ type: "broken", message: error instanceof Error ? error.message : String(error) }),
  );
});

async function runJob(job: Job): Promise<void> {
  const { createSession } = (await import(job.sessionModule)) as typeof import("../session/session.js");
  const session = await createSession({ folder: packageRoot, frontEnd: "headless", magics: kernelMagics });
  const deadline = new Deadline(session.interruptMemory);
  for (const { index, source, mayRaise } of job.cells) {
    tell({ type: "begin", cell: index });
    deadline.begin(job.cellSeconds);
    const emit = (output: Output) => tell({ type: "output", cell: index, output });
    const reply = await session.execute({ code: source }, emit);
    const timedOut = deadline.end();
    tell({ type: "end", cell: index, reply, timedOut });
    if (timedOut || (reply.status === "error" && !mayRaise)) break;
  }
  await new Promise((resolve) => setTimeout(resolve, LAST_TURN_MILLISECONDS));
  session.close();
  tell({ type: "done" });
}

function tell(report: Report): void {
  send(report);
}
