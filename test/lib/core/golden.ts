/** Golden vectors of the mathematics, and closeness in relative terms. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { packageFile } from "gpic-lab/io";

/** The rows of a file of `test/golden/core`. */
export function goldenRows<Row>(name: string): Row[] {
  return JSON.parse(readFileSync(packageFile("test", "golden", "core", `${name}.json`), "utf8")) as Row[];
}

/** Fails where `found` is off by more than a relative error of `room`. */
export function assertClose(found: number, expected: number, room: number, what: string = ""): void {
  const off = Math.abs(found - expected) / Math.abs(expected || 1);
  assert.ok(off <= room, `${what}: expected ${expected}, found ${found}, off by ${off}`);
}
