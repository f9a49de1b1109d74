/** What a disclosure is made of, and how its points are. */

/** Whether a point holds; "disclosed" is what the paper asks to be told, and somebody told: no file bears it out. */
export type DisclosureStatus = "met" | "disclosed" | "not met" | "not known";

/** One point of what makes a score comparable. */
export interface DisclosurePoint {
  /** "samples", "captions", "image_size"; stable, for programs. */
  readonly point: string;
  /** What the paper's table has. */
  readonly needed: string;
  readonly status: DisclosureStatus;
  /** What was found, one sentence. */
  readonly reason: string;
}

/** A maker of points of one kind. */
export function pointOf(
  point: string,
  needed: string,
): (status: DisclosureStatus, reason: string) => DisclosurePoint {
  return (status, reason) => ({ point, needed, status, reason });
}

/**
 * A count for people.
 * @example countText(50000) // "50,000"
 */
export function countText(count: number): string {
  return count.toLocaleString("en-US");
}
