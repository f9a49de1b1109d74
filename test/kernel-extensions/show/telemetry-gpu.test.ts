import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { GpuWatch } from "../../../kernel-extensions/show/telemetry-gpu.js";
import type { GpuReading } from "../../../lib/models/nvidia-smi.js";
import { type Behaviour, type StandIn, standIn, until } from "./nvidia-smi.js";

const options = { skip: process.platform === "win32" ? "the stand-in is a script with a #! line" : false };
// a busy machine starts a script well within this
const SILENCE_MILLISECONDS = 1000;

interface Heard {
  readonly smi: StandIn;
  readonly watch: GpuWatch;
  readings: readonly GpuReading[];
  count: number;
  readonly ends: (string | undefined)[];
}

function listen(t: TestContext, behaviour: Behaviour | undefined): Heard {
  const smi = standIn(t, behaviour);
  const heard: Omit<Heard, "watch"> = { smi, readings: [], count: 0, ends: [] };
  const listener = {
    onReadings: (readings: readonly GpuReading[]) => {
      heard.readings = readings;
      heard.count += 1;
    },
    onEnd: (reason: string | undefined) => heard.ends.push(reason),
  };
  const watch = new GpuWatch(listener, SILENCE_MILLISECONDS);
  t.after(() => watch.stop());
  return Object.assign(heard, { watch });
}

/** Waits for the end of a watch: what it said, and after how many runs. */
async function endOf(
  t: TestContext,
  behaviour: Behaviour | undefined,
): Promise<[string | undefined, number]> {
  const heard = listen(t, behaviour);
  await until(() => heard.ends.length > 0, `the end of ${behaviour}`);
  assert.deepEqual(await heard.smi.leftBehind(), []);
  assert.equal(heard.ends.length, 1);
  return [heard.ends[0], heard.smi.pids().length];
}

test("the newest row of each GPU is heard until the watch is stopped", options, async (t) => {
  const heard = listen(t, "two GPUs");
  await until(() => heard.count > 3 && heard.readings.length === 2, "rows of two GPUs");
  assert.deepEqual(
    heard.readings.map(({ index, utilisationPercent, powerWatts }) => [
      index,
      utilisationPercent,
      powerWatts,
    ]),
    [
      [0, 87, 412.3],
      [1, 5, 30.5],
    ],
  );
  heard.watch.stop();
  const { count } = heard;
  assert.deepEqual(await heard.smi.leftBehind(), []);
  assert.equal(heard.count, count);
  assert.deepEqual(heard.ends, []);
  assert.equal(heard.smi.pids().length, 1);
});

test("what the driver does not report is null, and the name is text", options, async (t) => {
  const heard = listen(t, "not reported");
  await until(() => heard.count > 0, "a row");
  const [gpu] = heard.readings;
  assert.deepEqual([gpu?.utilisationPercent, gpu?.memoryUsedMebibytes, gpu?.powerWatts], [null, null, null]);
});

test("a machine without nvidia-smi ends the watch without a word", options, async (t) => {
  assert.deepEqual(await endOf(t, undefined), [undefined, 0]);
});

test("a driver that fails is quoted, once", options, async (t) => {
  assert.deepEqual(await endOf(t, "fails"), [
    "nvidia-smi ended with 9: NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.",
    1,
  ]);
  assert.deepEqual(await endOf(t, "ends without a word"), ["nvidia-smi ended with 3", 1]);
});

test("a program that may not be run is told from one that is not there", options, async (t) => {
  assert.deepEqual(await endOf(t, "not allowed"), ["nvidia-smi: not allowed", 0]);
});

test("one that hangs from the start is killed, though it does not heed a polite end", options, async (t) => {
  assert.deepEqual(await endOf(t, "hangs"), ["nvidia-smi does not answer", 1]);
});

test("one that stops answering, or dies midway, is started once more", options, async (t) => {
  assert.deepEqual(await endOf(t, "stops answering"), ["nvidia-smi stopped answering", 2]);
  assert.deepEqual(await endOf(t, "dies after two rows"), ["nvidia-smi ended with 1: GPU is lost", 2]);
});

test("something else than rows is no reading, in lines or in one line without end", options, async (t) => {
  const words = "nvidia-smi prints something else than readings";
  assert.deepEqual(await endOf(t, "garbage"), [words, 1]);
  assert.deepEqual(await endOf(t, "one line without end"), [words, 1]);
});

test("a watch that is stopped at once says nothing and leaves nothing behind", options, async (t) => {
  for (const behaviour of ["two GPUs", "fails", "hangs", undefined] as const) {
    const heard = listen(t, behaviour);
    heard.watch.stop();
    await wait(SILENCE_MILLISECONDS / 2);
    assert.deepEqual(await heard.smi.leftBehind(), []);
    assert.deepEqual(heard.ends, []);
  }
});
