import assert from "node:assert/strict";
import { test } from "node:test";
import { doctorTable } from "../../../kernel-extensions/cli/doctor.js";
import { forbidTf32, numberGpusByBus } from "../../../kernel-extensions/setup/cuda-environment.js";
import { doctor } from "../../../kernel-extensions/setup/doctor.js";
import type { DoctorRow } from "../../../kernel-extensions/setup/doctor-row.js";
import { gpu } from "../../../kernel-extensions/setup/gpu.js";
import { type Machine, thisMachine } from "../../../kernel-extensions/setup/machine.js";

const bare: Machine = {
  platform: "linux",
  nodeVersion: "20.19.0",
  environment: {},
  home: "/home/someone",
  root: "/lab",
  cpuModel: "Example CPU",
  cpuCount: 2,
  memoryBytes: 8e9,
  diskFreeBytes: () => 10e9,
  readText: () => undefined,
  exists: () => false,
  listFiles: () => [],
  run: async () => undefined,
  packageJson: () => undefined,
};

/** A bare machine with these files and these programs (by the command line they are called with). */
function machine(
  changes: Partial<Machine>,
  files: Record<string, string> = {},
  programs: Record<string, string> = {},
): Machine {
  return {
    ...bare,
    readText: (file) => files[file],
    exists: (file) => file in files,
    run: async (command, args) => {
      const call = [command, ...args].join(" ");
      return Object.entries(programs).find(([start]) => call.startsWith(start))?.[1];
    },
    ...changes,
  };
}

async function row(what: string, of: Machine): Promise<DoctorRow> {
  const found = (await doctor(of)).find((one) => one.what === what);
  assert.ok(found, `no row ${what}`);
  return found;
}

const H100 = "0, GPU-1, 570.86.10, 81559, 512, 3, 71.29, NVIDIA H100 80GB HBM3\n";

test("a bare machine with a current Node lacks nothing that the sample needs", async () => {
  const rows = await doctor(bare);
  assert.deepEqual(
    rows.filter(({ state }) => state === "lacking"),
    [],
  );
  for (const { what, state, remedy } of rows) assert.equal(remedy !== undefined, state !== "ok", what);
});

test("an old Node, a full disk and little memory are lacking, each with its remedy", async () => {
  const poor = machine({ nodeVersion: "20.18.1", diskFreeBytes: () => 50e6, memoryBytes: 5e8 });
  const lacking = (await doctor(poor)).filter(({ state }) => state === "lacking");
  assert.deepEqual(
    lacking.map(({ what }) => what),
    ["Node", "disk", "memory"],
  );
  assert.match(lacking[1]?.remedy ?? "", /free about 150 MB/);
});

test("Node 22 counts from 22.12 on, and 21 never", async () => {
  const states = ["21.9.0", "22.11.0", "22.12.0", "24.0.0"].map(
    async (nodeVersion) => (await row("Node", machine({ nodeVersion }))).state,
  );
  assert.deepEqual(await Promise.all(states), ["lacking", "lacking", "ok", "ok"]);
});

test("CPU features come from /proc/cpuinfo on Linux and from sysctl on a Mac", async () => {
  const x86 = machine({}, { "/proc/cpuinfo": "model name\t: x\nflags\t\t: fpu sse2 avx avx2 avx512f\n" });
  assert.match((await row("CPU", x86)).found, /2 cores, avx avx2 avx512f$/);
  const arm = machine({}, { "/proc/cpuinfo": "Features\t: fp asimd\n" });
  assert.equal((await row("CPU", arm)).state, "ok");
  const old = machine({}, { "/proc/cpuinfo": "flags\t\t: fpu avx\n" });
  assert.equal((await row("CPU", old)).state, "optional");
  const mac = machine({ platform: "darwin" }, {}, { "sysctl -n machdep": "FPU AVX1.0 FMA\nAVX2 BMI1\n" });
  assert.match((await row("CPU", mac)).found, /fma avx2$/);
});

test("a GPU is described by what its driver says, and what the driver leaves out is null", async () => {
  const { gpus, summary } = await gpu(
    machine({}, {}, { "nvidia-smi": `${H100}1, GPU-2, 570.86.10, 4096, [N/A], [N/A], [N/A], Tesla M4\n` }),
  );
  assert.deepEqual(gpus[0], {
    index: 0,
    uuid: "GPU-1",
    driver: "570.86.10",
    name: "NVIDIA H100 80GB HBM3",
    memoryTotalMebibytes: 81559,
    memoryUsedMebibytes: 512,
    utilisationPercent: 3,
    powerWatts: 71.29,
  });
  assert.equal(gpus[1]?.utilisationPercent, null);
  assert.match(summary, /512 of 81559 MiB used, 3 % busy, driver 570\.86\.10; Tesla M4/);
});

test("without nvidia-smi, and with a driver that knows no device, it says plainly that there is no GPU", async () => {
  assert.match((await gpu(bare)).summary, /^no NVIDIA GPU: nvidia-smi is not there/);
  assert.match(
    (await gpu(machine({}, {}, { "nvidia-smi": "\n" }))).summary,
    /^no NVIDIA GPU: the driver is there/,
  );
});

test("ONNX Runtime's provider libraries, driver and CUDA libraries are each named where they lack", async () => {
  const packageJson = "/lab/node_modules/onnxruntime-node/package.json";
  const changes: Partial<Machine> = {
    packageJson: () => packageJson,
    listFiles: () => ["napi-v6/linux/x64/libonnxruntime_providers_shared.so"],
    environment: { LD_LIBRARY_PATH: "/cuda/lib64" },
  };
  const files = { [packageJson]: '{"version":"1.30.0"}', "/cuda/lib64/libcudnn.so.9": "" };
  const rows = await doctor(machine(changes, files, { "nvidia-smi": H100, "ldconfig -p": "libc.so.6" }));
  const provider = rows.find(({ what }) => what.startsWith("CUDA libraries"));
  assert.match(provider?.found ?? "", /1\.30\.0 without libonnxruntime_providers_cuda\.so/);
  assert.match(provider?.remedy ?? "", /ignore-scripts=false/);
  assert.equal(rows.find(({ what }) => what === "driver for CUDA 13")?.state, "optional");
  assert.equal(rows.find(({ what }) => what === "libcublasLt.so.13")?.state, "optional");
  assert.equal(rows.find(({ what }) => what === "libcudnn.so.9")?.state, "ok");
});

test("encoders run on the CPU where the engine loads, and where it does not the row says for whom it is built", async () => {
  const packageJson = thisMachine().packageJson("onnxruntime-node");
  assert.ok(packageJson);
  const here = thisMachine();
  const ready = await row("encoders on the CPU", {
    ...machine({}),
    packageJson: here.packageJson,
    run: here.run,
    readText: here.readText,
  });
  assert.equal(ready.state, "ok");
  assert.match(ready.found, /^onnxruntime-node \d+\.\d+\.\d+$/);
  const alien = await row("encoders on the CPU", machine({ packageJson: () => packageJson }));
  assert.match(alien.found, /does not load/);
  assert.match(alien.remedy ?? "", /glibc/);
  assert.match((await row("encoders on the CPU", bare)).remedy ?? "", /npm ci/);
});

test("libraries are not called lacking where the loader cannot be asked", async () => {
  const changes: Partial<Machine> = { packageJson: () => "/lab/engine/package.json" };
  const files = { "/lab/engine/package.json": '{"version":"1.26.0"}' };
  const unasked = await row("libcublasLt.so.12", machine(changes, files, { "nvidia-smi": H100 }));
  assert.match(unasked.found, /not looked for/);
  const programs = { "nvidia-smi": H100, "/sbin/ldconfig -p": "\tlibcublasLt.so.12 (libc6) => /a\n" };
  assert.equal((await row("libcublasLt.so.12", machine(changes, files, programs))).state, "ok");
});

test("TF32 is forbidden whatever was set, and GPUs are numbered by the bus unless something was", () => {
  const environment: Record<string, string | undefined> = { NVIDIA_TF32_OVERRIDE: "1" };
  forbidTf32(environment);
  numberGpusByBus(environment);
  assert.deepEqual(environment, { NVIDIA_TF32_OVERRIDE: "0", CUDA_DEVICE_ORDER: "PCI_BUS_ID" });
  const chosen = { CUDA_DEVICE_ORDER: "FASTEST_FIRST" };
  numberGpusByBus(chosen);
  assert.equal(chosen.CUDA_DEVICE_ORDER, "FASTEST_FIRST");
});

test("a token is found where huggingface_hub finds it, and is never shown", async () => {
  const secret = "hf_averysecretword";
  const places: [Machine, RegExp][] = [
    [machine({ environment: { HF_TOKEN: secret } }), /variable HF_TOKEN$/],
    [machine({}, { "/home/someone/.cache/huggingface/token": secret }), /\.cache\/huggingface\/token$/],
    [
      machine({ environment: { XDG_CACHE_HOME: "/x" } }, { "/x/huggingface/token": secret }),
      /\/x\/huggingface\/token$/,
    ],
    [machine({ environment: { HF_HOME: "/hf" } }, { "/hf/token": `${secret}\n` }), /\/hf\/token$/],
    [machine({ environment: { HF_TOKEN_PATH: "/t" } }, { "/t": secret }), /in \/t$/],
  ];
  for (const [place, found] of places) {
    const rows = await doctor(place);
    assert.match(rows.find(({ what }) => what === "token")?.found ?? "", found);
    assert.ok(!JSON.stringify(rows).includes(secret));
    assert.ok(!doctorTable(rows).includes(secret));
  }
  for (const nothing of [{ HF_TOKEN: " \n" }, {}])
    assert.equal((await row("token", machine({ environment: nothing }))).state, "optional");
});

test("a Python without its venv module is told apart from none and from one that is too old", async () => {
  const without = await row("Python", machine({}, {}, { "python3 --version": "Python 3.11.2\n" }));
  assert.match(without.found, /3\.11\.2 without its venv module/);
  assert.equal((await row("Python", bare)).found, "none");
  assert.equal((await row("Python", machine({}, {}, { "python3 -c": "3.9.2\n" }))).state, "optional");
  assert.equal((await row("Python", machine({}, {}, { "python3 -c": "3.10.0\n" }))).state, "ok");
});

test("the project's own JupyterLab is preferred to one on the path", async () => {
  const both = machine(
    {},
    {},
    { "/lab/.venv/bin/jupyter-lab --version": "4.6.6\n", "jupyter-lab --version": "4.2.0\n" },
  );
  assert.equal((await row("JupyterLab", both)).found, "4.6.6 in .venv");
  assert.equal(
    (await row("JupyterLab", machine({}, {}, { "jupyter-lab --version": "4.2.0\n" }))).found,
    "4.2.0 on PATH",
  );
});

test("an installed kernel whose launcher is gone is reported, not counted as there", async () => {
  const file = "/lab/.venv/share/jupyter/kernels/gpic-lab/kernel.json";
  const spec = JSON.stringify({ argv: ["/node", "/gone/launch.cjs", "{connection_file}"] });
  const stale = await row("kernel", machine({}, { [file]: spec, "/node": "" }));
  assert.match(stale.found, /launch\.cjs, which is gone/);
  const whole = await row("kernel", machine({}, { [file]: spec, "/node": "", "/gone/launch.cjs": "" }));
  assert.equal(whole.state, "ok");
});

test("control and direction marks from outside never reach the terminal", () => {
  const text = doctorTable([{ what: "GPU", state: "ok", found: "a\u001b[2Jb\u202ec\u0000" }]);
  assert.equal(text, "ok        GPU  a\\u{1b}[2Jb\\u{202e}c\\u{0}\n");
});

test("a program that is not there or fails gives no answer, and one that works gives its output", async () => {
  const here = thisMachine();
  assert.equal(await here.run("gpic-lab-no-such-program", []), undefined);
  assert.equal(await here.run(process.execPath, ["-e", "process.exit(3)"]), undefined);
  assert.equal(await here.run(process.execPath, ["-p", "6 * 7"]), "42\n");
  assert.equal(here.readText("/no/such/file"), undefined);
  assert.ok(here.packageJson("apache-arrow")?.endsWith("package.json"));
  assert.equal(here.packageJson("gpic-lab-no-such-package"), undefined);
});
