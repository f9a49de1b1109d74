import assert from "node:assert/strict";
import { test } from "node:test";
import { settingsFrom } from "gpic-lab/io";

test("without any variable the Hub's public address and the home folder's caches hold, and there is no token", () => {
  assert.deepEqual(settingsFrom({}, "/home/ada"), {
    hubEndpoint: "https://huggingface.co",
    hubTokenFile: "/home/ada/.cache/huggingface/token",
    hubCache: "/home/ada/.cache/huggingface/hub",
    cache: "/home/ada/.cache/gpic-lab",
    gpuEnvironment: {
      NVIDIA_TF32_OVERRIDE: undefined,
      CUDA_VISIBLE_DEVICES: undefined,
      LD_LIBRARY_PATH: undefined,
    },
  });
});

test("what CUDA heeds is passed on, and nothing else of the environment", () => {
  const { gpuEnvironment } = settingsFrom(
    { CUDA_VISIBLE_DEVICES: "1", NVIDIA_TF32_OVERRIDE: "0", PATH: "/bin" },
    "/h",
  );
  assert.equal(gpuEnvironment.CUDA_VISIBLE_DEVICES, "1");
  assert.equal(gpuEnvironment.NVIDIA_TF32_OVERRIDE, "0");
  assert.equal(gpuEnvironment.PATH, undefined);
});

test("HF_HOME moves token file and cache, HF_HUB_CACHE the cache alone, and an empty variable is none", () => {
  const moved = settingsFrom(
    { HF_HOME: "/data/hf", HF_TOKEN: "", HF_ENDPOINT: "http://127.0.0.1:8080//" },
    "/h",
  );
  assert.equal(moved.hubTokenFile, "/data/hf/token");
  assert.equal(moved.hubCache, "/data/hf/hub");
  assert.equal(moved.hubEndpoint, "http://127.0.0.1:8080");
  assert.equal(moved.hubToken, undefined);
  const own = settingsFrom({ HF_HOME: "/data/hf", HF_HUB_CACHE: "/fast", HF_TOKEN: " hf_x\n" }, "/h");
  assert.equal(own.hubCache, "/fast");
  assert.equal(own.hubToken, "hf_x");
  assert.equal(settingsFrom({ XDG_CACHE_HOME: "/c" }, "/h").cache, "/c/gpic-lab");
  assert.equal(settingsFrom({ GPIC_LAB_CACHE: "/i" }, "/h").cache, "/i");
});
