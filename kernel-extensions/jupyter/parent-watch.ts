/**
 * Notices that the process that started the kernel has died, so that no kernel is left behind.
 *
 * Jupyter names itself in `JPY_PARENT_PID` (on Windows that is a handle, not a process id, and is of no use here). A
 * process whose parent has died gets another one, which also shows where the dead parent stays on as a zombie.
 */
import { isAlive } from "../setup/is-alive.js";

/** Once a second: well inside the ten that an orphan may live. */
const INTERVAL_MILLISECONDS = 1000;

/**
 * Calls `onDeath` once when the parent has died.
 * @param named the value of `JPY_PARENT_PID`, where it is set
 * @returns a function that ends the watch
 */
export function watchParent(named: string | undefined, onDeath: () => void): () => void {
  const started = process.ppid;
  const number = process.platform === "win32" ? Number.NaN : Number(named);
  // A number that names no process from the start comes from another machine or container.
  const pid = Number.isInteger(number) && number > 1 && isAlive(number) ? number : undefined;
  const timer = setInterval(() => {
    const adopted = process.ppid !== started && (pid === undefined || pid === started);
    const gone = pid === undefined ? process.platform === "win32" && !isAlive(started) : !isAlive(pid);
    if (!adopted && !gone) return;
    clearInterval(timer);
    onDeath();
  }, INTERVAL_MILLISECONDS);
  return () => clearInterval(timer);
}
