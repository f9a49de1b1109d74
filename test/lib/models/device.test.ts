import assert from "node:assert/strict";
import { test } from "node:test";
import {
  chooseDevice,
  DeviceError,
  type DeviceFacts,
  type DeviceSurroundings,
  type DeviceWish,
  type GpuReading,
  gatherDeviceFacts,
  visibleGpus,
} from "gpic-lab/models";
import { nvidiaSmiArguments, parseGpuRow, parseGpuRows } from "../../../lib/models/nvidia-smi.js";
import { runProgram } from "../../../lib/models/run-program.js";

const H100 = "0, GPU-aa1, 580.65.06, 81559, 512, 3, 71.29, NVIDIA H100 80GB HBM3";
const L4 = "1, GPU-bb2, 580.65.06, 23034, 1, 0, 16.5, NVIDIA L4";

function gpus(...rows: string[]): readonly GpuReading[] {
  return parseGpuRows(rows.join("\n"));
}

const READY: DeviceFacts = {
  platform: "linux",
  arch: "x64",
  onnxruntimeVersion: "1.30.0",
  cudaProviderFiles: "there",
  cudaLibraries: "there",
  gpus: gpus(H100, L4),
  tf32Override: "0",
  visibleDevices: undefined,
};

/** Each thing that can stand in the way: the facts, what auto says, and the remedy that cuda names. */
const OBSTACLES: readonly (readonly [facts: Partial<DeviceFacts>, found: RegExp, remedy: RegExp])[] = [
  [{ platform: "darwin", arch: "arm64" }, /needs Linux on x64 and this is darwin on arm64/, /the device cpu/],
  [{ arch: "arm64" }, /this is linux on arm64/, /the device cpu/],
  [{ onnxruntimeVersion: undefined }, /onnxruntime-node is not installed/, /npm ci/],
  [{ gpus: undefined }, /no NVIDIA GPU answers/, /cpu, or a machine with an NVIDIA GPU/],
  [{ gpus: undefined, gpuFailure: "no answer in 5 s" }, /nvidia-smi: no answer in 5 s/, /its driver/],
  [{ gpus: [] }, /reports no GPU/, /NVIDIA GPU/],
  [{ visibleDevices: "" }, /shows no GPU while CUDA_VISIBLE_DEVICES is ""/, /unset that variable/],
  [{ visibleDevices: "-1" }, /CUDA_VISIBLE_DEVICES is "-1"/, /unset that variable/],
  [
    { gpus: gpus(H100.replace("580.65.06", "570.86.10")) },
    /1\.30\.0 needs driver 580 or newer for CUDA 13 and this is 570\.86\.10/,
    /driver 580 or newer; with an older one onnxruntime-node 1\.26, the last for CUDA 12/,
  ],
  [
    { cudaProviderFiles: ["libonnxruntime_providers_cuda.so"] },
    /is without libonnxruntime_providers_cuda\.so/,
    /npm rebuild onnxruntime-node --ignore-scripts=false; without internet copy both files of version 1\.30\.0 beside libonnxruntime\.so\.1/,
  ],
  [
    { cudaLibraries: ["libcudnn.so.9"] },
    /does not find libcudnn\.so\.9/,
    /install CUDA 13 and cuDNN 9, or add their folder to LD_LIBRARY_PATH/,
  ],
  [{ tf32Override: undefined }, /TF32 is not forbidden/, /NVIDIA_TF32_OVERRIDE=0 .* before the process/],
  [{ tf32Override: "1" }, /TF32 is not forbidden/, /NVIDIA_TF32_OVERRIDE=0/],
];

test("auto takes the first GPU where all is there, and cuda takes the one that is asked for", () => {
  assert.deepEqual(chooseDevice("auto", READY), {
    device: "cuda",
    index: 0,
    why: "auto: cuda:0 (NVIDIA H100 80GB HBM3)",
  });
  assert.deepEqual(chooseDevice("cuda", READY), {
    device: "cuda",
    index: 0,
    why: "cuda: cuda:0 (NVIDIA H100 80GB HBM3)",
  });
  assert.equal(chooseDevice("cuda:1", READY).why, "cuda:1: cuda:1 (NVIDIA L4)");
});

test("cpu is the CPU on every machine", () => {
  for (const facts of [READY, { ...READY, onnxruntimeVersion: undefined, gpus: undefined }])
    assert.deepEqual(chooseDevice("cpu", facts), { device: "cpu", why: "cpu: as asked" });
});

test("for each obstacle auto takes the CPU and says why, and cuda is an error with the remedy", () => {
  for (const [facts, found, remedy] of OBSTACLES) {
    const machine = { ...READY, ...facts };
    const { device, why } = chooseDevice("auto", machine);
    assert.equal(device, "cpu");
    assert.match(why, /^auto: .*, so the CPU$/);
    assert.match(why, found);
    assert.throws(
      () => chooseDevice("cuda", machine),
      (error) => {
        assert.ok(error instanceof DeviceError);
        assert.match(error.message, /^Cannot run on cuda: /);
        assert.match(error.message, found);
        assert.match(error.message, remedy);
        return true;
      },
    );
  }
});

test("a GPU beyond those there is refused with the numbers that are there", () => {
  assert.throws(() => chooseDevice("cuda:2", READY), /cuda:2: there is cuda:0 to cuda:1; choose one of/);
  const hidden = { ...READY, visibleDevices: "1" };
  assert.equal(chooseDevice("cuda", hidden).why, "cuda: cuda:0 (NVIDIA L4)");
  assert.throws(() => chooseDevice("cuda:1", hidden), /only cuda:0 while CUDA_VISIBLE_DEVICES is "1"/);
});

test("an engine for CUDA 12 is content with a driver of CUDA 12", () => {
  const older = { ...READY, gpus: gpus(H100.replace("580.65.06", "535.54.03")) };
  assert.equal(chooseDevice("auto", { ...older, onnxruntimeVersion: "1.26.0" }).device, "cuda");
  for (const version of ["1.27.0", "1.30.0", "2.0.0"])
    assert.equal(chooseDevice("auto", { ...older, onnxruntimeVersion: version }).device, "cpu", version);
  const ancient = { ...READY, onnxruntimeVersion: "1.26.0", gpus: gpus(H100.replace("580", "470")) };
  assert.throws(() => chooseDevice("cuda", ancient), /driver 525 or newer for CUDA 12/);
});

test("what cannot be told stops nothing: the engine's own error is exact", () => {
  const driver = gpus(H100.replace("580.65.06", "[N/A]"));
  assert.equal(chooseDevice("cuda", { ...READY, cudaLibraries: "unknown", gpus: driver }).device, "cuda");
});

test("any other wish is refused by name", () => {
  for (const wish of ["gpu", "cuda:-1", "cuda:1.5", "cuda:", "CUDA", "cuda:1e3", "", "cuda:99999"])
    assert.throws(() => chooseDevice(wish as DeviceWish, READY), RangeError, wish);
});

test("CUDA_VISIBLE_DEVICES hides and numbers as CUDA does", () => {
  const all = gpus(H100, L4);
  const names = (value: string | undefined) => visibleGpus(all, value).map(({ name }) => name.slice(7));
  assert.deepEqual(names(undefined), ["H100 80GB HBM3", "L4"]);
  assert.deepEqual(names("1,0"), ["L4", "H100 80GB HBM3"]);
  assert.deepEqual(names(" 1 "), ["L4"]);
  assert.deepEqual(names("GPU-bb"), ["L4"]);
  assert.deepEqual(names("0,7,1"), ["H100 80GB HBM3"]);
  assert.deepEqual(names("GPU-"), []);
  assert.equal(visibleGpus(all, "MIG-1234")[0]?.name, "a slice of NVIDIA H100 80GB HBM3");
});

test("what a driver does not report is null, and a line that is no row is none", () => {
  assert.deepEqual(
    parseGpuRow("3, [N/A], 470.1, [N/A], ERR!, [Not Supported], [Unknown Error], Tesla M4, rev 2"),
    {
      index: 3,
      uuid: "",
      driver: "470.1",
      name: "Tesla M4, rev 2",
      memoryTotalMebibytes: null,
      memoryUsedMebibytes: null,
      utilisationPercent: null,
      powerWatts: null,
    },
  );
  for (const line of [
    "",
    "No devices were found",
    "Failed to initialize NVML: Driver/library version mismatch",
    "index, uuid, driver_version, memory.total, memory.used, utilization.gpu, power.draw, name",
    "0, GPU-1, 580",
    ",,,,,,,",
    "-1, GPU-1, 580, 1, 1, 1, 1, x",
  ])
    assert.equal(parseGpuRow(line), undefined, line);
  assert.equal(parseGpuRow("0, GPU-1, 580, 1, 1, 250, -3, x")?.utilisationPercent, null);
  assert.equal(parseGpuRow("0, u, d, 1, 1, 1, 1, \u001b[2J\u202e")?.name, "?[2J?");
  assert.equal(parseGpuRows(`${H100}\r\n${L4}\r\n\r\n`)[1]?.name, "NVIDIA L4");
});

interface Made {
  readonly files?: readonly string[];
  readonly answers?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly there?: readonly string[];
}

function made({ files = [], answers = {}, environment = {}, there = [] }: Made): DeviceSurroundings {
  return {
    environment,
    platform: "linux",
    arch: "x64",
    engineFolder: () => "/lab/engine",
    readText: (file) => (file === "/lab/engine/package.json" ? '{"version":"1.30.0"}' : undefined),
    listFiles: (folder) => (folder === "/lab/engine/bin" ? files : []),
    exists: (file) => there.includes(file),
    run: async (command) => {
      const output = answers[command];
      return output === undefined ? { failure: "not there" } : { output };
    },
  };
}

const PROVIDERS = [
  "napi-v6/linux/x64/libonnxruntime_providers_shared.so",
  "napi-v6/linux/x64/libonnxruntime_providers_cuda.so",
];
const LOADER = "\tlibcublasLt.so.13 (libc6,x86-64) => /cuda/a\n\tlibcudnn.so.9 (libc6,x86-64) => /cuda/b\n";

test("facts of a whole GPU machine lead to its GPU", async () => {
  const answers = { "nvidia-smi": `${H100}\n`, ldconfig: LOADER };
  const facts = await gatherDeviceFacts(
    made({ files: PROVIDERS, answers, environment: { NVIDIA_TF32_OVERRIDE: "0" } }),
  );
  assert.deepEqual(facts, { ...READY, gpus: gpus(H100) });
});

test("libraries are found by the loader's cache, LD_LIBRARY_PATH or beside the provider, and else named", async () => {
  const look = async (changes: Made) => (await gatherDeviceFacts(made(changes))).cudaLibraries;
  assert.deepEqual(await look({ answers: { ldconfig: "\tlibcudnn.so.90 (x)\n" } }), [
    "libcublasLt.so.13",
    "libcudnn.so.9",
  ]);
  assert.equal(await look({ answers: { "/sbin/ldconfig": LOADER } }), "there");
  const there = ["/cuda/lib64/libcublasLt.so.13", "/lab/engine/bin/napi-v6/linux/x64/libcudnn.so.9"];
  const environment = { LD_LIBRARY_PATH: ":/cuda/lib64/:" };
  assert.equal(await look({ files: PROVIDERS, there, environment }), "there");
  assert.equal(await look({}), "unknown");
});

test("facts of a machine without engine, GPU or CUDA ask no program and never fail", async () => {
  const bare = await gatherDeviceFacts({
    environment: {},
    platform: "darwin",
    arch: "arm64",
    run: () => Promise.reject(new Error("asked")),
  });
  assert.equal(bare.gpus, undefined);
  assert.equal(chooseDevice("auto", bare).device, "cpu");
  const none = await gatherDeviceFacts({ ...made({}), engineFolder: () => undefined });
  assert.equal(none.onnxruntimeVersion, undefined);
  const broken = await gatherDeviceFacts({ ...made({}), readText: () => "{" });
  assert.equal(broken.onnxruntimeVersion, undefined);
  assert.equal((await gatherDeviceFacts(made({}))).gpuFailure, "not there");
});

test("the facts of this machine name the engine that is installed here", async () => {
  const facts = await gatherDeviceFacts({ environment: {} });
  assert.match(facts.onnxruntimeVersion ?? "", /^\d+\.\d+\.\d+/);
  assert.equal(chooseDevice("auto", facts).device, "cpu");
});

test("a program answers, fails with its own words, is not there, or is let go in time", async () => {
  const node = (script: string, limit?: number) => runProgram(process.execPath, ["-e", script], limit);
  assert.deepEqual(await node("console.log(6 * 7)"), { output: "42\n" });
  assert.deepEqual(await node("console.log('\\nhas failed\\nmore'); process.exitCode = 9"), {
    failure: "has failed",
  });
  assert.deepEqual(await node("console.error('\\u001b[31mno'); process.exitCode = 9"), {
    failure: "?[31mno",
  });
  assert.deepEqual(await node("process.exitCode = 9"), { failure: "ended with 9" });
  assert.deepEqual(await node("process.kill(process.pid, 'SIGTERM')"), { failure: "ended with SIGTERM" });
  assert.deepEqual(await node("setInterval(() => {}, 1e9)", 200), { failure: "no answer in 0.2 s" });
  assert.deepEqual(
    await node("(function more() { process.stdout.write('x'.repeat(65536), more); })()", 30_000),
    {
      failure: "an answer without end",
    },
  );
  assert.deepEqual(await runProgram("gpic-lab-no-such-program", []), { failure: "not there" });
});

test("nvidia-smi is asked once, or again and again", () => {
  assert.equal(nvidiaSmiArguments().length, 2);
  assert.deepEqual(nvidiaSmiArguments(500).slice(1), ["--format=csv,noheader,nounits", "--loop-ms=500"]);
});
