import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "gpic-lab/core";
import { Attempts, defaultRetryPolicy, HubError, PassingError, retryAfterMilliseconds } from "gpic-lab/hub";

test("Retry-After is read as seconds, and as a date on the server's own clock", () => {
  const of = (headers: Record<string, string>) => retryAfterMilliseconds(new Headers(headers));
  const date = "Wed, 25 Nov 2026 06:00:00 GMT";
  assert.equal(of({ "retry-after": "2" }), 2000);
  assert.equal(of({ "retry-after": "0" }), 0);
  assert.equal(of({ "retry-after": "Wed, 25 Nov 2026 06:00:07 GMT", date }), 7000);
  assert.equal(of({ "retry-after": "Wed, 25 Nov 2026 05:00:00 GMT", date }), 0);
  for (const wrong of ["", "-1", "soon", "1e9"]) assert.equal(of({ "retry-after": wrong, date }), undefined);
  assert.equal(of({ "retry-after": date }), undefined);
  assert.equal(of({}), undefined);
});

/** The pauses that a policy makes, without waiting for them. */
async function pauses(errors: readonly PassingError[], seed: number): Promise<number[]> {
  const waited: number[] = [];
  const wait = async (milliseconds: number) => void waited.push(milliseconds);
  const attempts = new Attempts({ ...defaultRetryPolicy, tries: 100 }, new Random(seed), wait);
  for (const error of errors) await attempts.failed(error, undefined);
  return waited;
}

test("pauses double from half a second to a minute, with jitter that the seed decides", async () => {
  const failures = Array.from({ length: 9 }, () => new PassingError("no"));
  const waited = await pauses(failures, 1);
  for (const [i, milliseconds] of waited.entries()) {
    const full = Math.min(60_000, 500 * 2 ** i);
    assert.ok(milliseconds >= full / 2 && milliseconds <= full, `${i}: ${milliseconds}`);
  }
  assert.deepEqual(await pauses(failures, 1), waited);
  assert.notDeepEqual(await pauses(failures, 2), waited);
});

test("a pause that a server asks for is kept, and a little more", async () => {
  const [waited] = await pauses([new PassingError("no", { retryAfterMilliseconds: 10_000 })], 1);
  assert.ok(waited! >= 10_000 && waited! <= 10_250, `${waited}`);
});

test("tries in a row are counted, progress begins anew, other errors are thrown as they are", async () => {
  const attempts = new Attempts(
    { ...defaultRetryPolicy, tries: 3, firstPauseMilliseconds: 0 },
    new Random(1),
  );
  const no = new PassingError("Cannot read it", { status: 503 });
  await attempts.failed(no, undefined);
  await attempts.failed(no, undefined);
  attempts.progressed();
  await attempts.failed(no, undefined);
  await attempts.failed(no, undefined);
  await assert.rejects(attempts.failed(no, undefined), (error: unknown) => {
    assert.ok(error instanceof HubError && !(error instanceof PassingError));
    assert.equal(error.message, "Cannot read it (3 tries)");
    assert.equal(error.status, 503);
    assert.equal(error.cause, no);
    return true;
  });
  const other = new TypeError("other");
  await assert.rejects(attempts.failed(other, undefined), (error) => error === other);
});

test("a signal ends a pause", async () => {
  const attempts = new Attempts(defaultRetryPolicy, new Random(1));
  const stop = new AbortController();
  const waiting = attempts.failed(new PassingError("no", { retryAfterMilliseconds: 60_000 }), stop.signal);
  stop.abort(new Error("enough"));
  await assert.rejects(waiting, /^Error: enough$/);
});
