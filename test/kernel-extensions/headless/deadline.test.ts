import assert from "node:assert/strict";
import { test } from "node:test";
import { Deadline, expire } from "../../../kernel-extensions/headless/deadline.js";

test("A timer that fires after its cell has ended claims neither that cell nor the next", () => {
  const deadline = new Deadline(new SharedArrayBuffer(64));
  deadline.begin(600);
  assert.equal(deadline.end(), false);
  assert.equal(expire(deadline.turnMemory, 1), false);
  deadline.begin(600);
  assert.equal(expire(deadline.turnMemory, 1), false);
  assert.equal(expire(deadline.turnMemory, 2), true);
  assert.equal(deadline.end(), true);
  assert.equal(deadline.end(), false);
});
