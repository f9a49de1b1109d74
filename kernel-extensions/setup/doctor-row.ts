/** One thing that was looked at. */
export interface DoctorRow {
  readonly what: string;
  readonly state: "ok" | "lacking" | "optional";
  readonly found: string;
  /** What to do; there unless the state is ok. */
  readonly remedy?: string;
}
