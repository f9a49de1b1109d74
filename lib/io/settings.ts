/**
 * Where things outside the package lie: the Hub, its cache, the cache of what was computed.
 *
 * The library reads no environment. Whoever starts it (the kernel, the command line, a program of yours) passes the
 * environment in once; until then the public defaults hold.
 */
import { homedir } from "node:os";
import { join } from "node:path";

/** What the environment says of the Hub and of caches. */
export interface Settings {
  /** Address of the Hub, without a slash at the end. */
  readonly hubEndpoint: string;
  /** The token that the environment names; the token file is looked at only where it names none. */
  readonly hubToken?: string;
  /** Where Python's `hf auth login` leaves a token. */
  readonly hubTokenFile: string;
  /** The Hub's cache in the layout of Python's huggingface_hub. */
  readonly hubCache: string;
  /** Where indexes and other computed things are kept. */
  readonly cache: string;
  /** What of the environment decides whether CUDA can be used, and which GPUs it shows. */
  readonly gpuEnvironment: { readonly [name: string]: string | undefined };
}

const GPU_VARIABLES = ["NVIDIA_TF32_OVERRIDE", "CUDA_VISIBLE_DEVICES", "LD_LIBRARY_PATH"];

/**
 * Reads settings from an environment; the names mean what they mean to Python's huggingface_hub.
 * @param environment such as `process.env`: HF_ENDPOINT, HF_TOKEN, HF_TOKEN_PATH, HF_HOME, HF_HUB_CACHE,
 *   XDG_CACHE_HOME, GPIC_LAB_CACHE for what is computed here, and what
 *   CUDA heeds
 * @param home the user's home folder
 * @example settingsFrom({ HF_HOME: "/data/hf" }).hubCache // "/data/hf/hub"
 */
export function settingsFrom(
  environment: { readonly [name: string]: string | undefined },
  home: string = homedir(),
): Settings {
  const caches = environment.XDG_CACHE_HOME || join(home, ".cache");
  const hubHome = environment.HF_HOME || join(caches, "huggingface");
  const token = (environment.HF_TOKEN || environment.HUGGING_FACE_HUB_TOKEN)?.trim();
  return {
    hubEndpoint: (environment.HF_ENDPOINT || "https://huggingface.co").replace(/\/+$/, ""),
    ...(token ? { hubToken: token } : {}),
    hubTokenFile: environment.HF_TOKEN_PATH || join(hubHome, "token"),
    hubCache: environment.HF_HUB_CACHE || environment.HUGGINGFACE_HUB_CACHE || join(hubHome, "hub"),
    cache: environment.GPIC_LAB_CACHE || join(caches, "gpic-lab"),
    gpuEnvironment: Object.fromEntries(GPU_VARIABLES.map((name) => [name, environment[name]])),
  };
}

let read: () => Settings = () => settingsFrom({});

/**
 * Says where settings come from, from now on in this process; asked anew each time, so that a variable that a cell
 * sets counts at once.
 * @example installSettings(() => settingsFrom(process.env));
 */
export function installSettings(settings: () => Settings): void {
  read = settings;
}

/** The settings in use; the public defaults where nobody installed any. */
export function currentSettings(): Settings {
  return read();
}
