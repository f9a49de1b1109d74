/** Whether a process of this machine lives: what locks and the watch over the parent ask. */

/**
 * Asks the system; a process of somebody else lives as well.
 * @param id a process id
 */
export function isAlive(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
