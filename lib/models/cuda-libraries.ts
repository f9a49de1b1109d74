/**
 * What onnxruntime-node needs to run on CUDA, and how its lack is mended.
 *
 * Its CUDA provider is two libraries that the npm package does not carry, for Linux on x64 alone; they link CUDA's and
 * cuDNN's own. Up to 1.26 they were built for CUDA 12, since 1.27 for CUDA 13, which wants a newer driver.
 */

/** The npm package of the engine. */
export const ENGINE = "onnxruntime-node";

const PROVIDERS = ["libonnxruntime_providers_shared.so", "libonnxruntime_providers_cuda.so"];
const FIRST_CUDA_13 = [1, 27] as const;
// the oldest drivers that NVIDIA's table of CUDA's minor version compatibility allows
const DRIVERS = { 12: 525, 13: 580 } as const;

/** What a version of the engine was built for. */
export interface CudaNeeds {
  /** CUDA's major version. */
  readonly cuda: 12 | 13;
  /** The oldest major version of the driver. */
  readonly driver: number;
  /** The libraries that the loader has to find, one of each install: CUDA's and cuDNN's. */
  readonly libraries: readonly string[];
}

/**
 * What a version of onnxruntime-node needs.
 * @example cudaNeeds("1.30.0").driver // 580
 */
export function cudaNeeds(version: string): CudaNeeds {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const cuda =
    major > FIRST_CUDA_13[0] || (major === FIRST_CUDA_13[0] && minor >= FIRST_CUDA_13[1]) ? 13 : 12;
  return { cuda, driver: DRIVERS[cuda], libraries: [`libcublasLt.so.${cuda}`, "libcudnn.so.9"] };
}

/**
 * The libraries of the CUDA provider that are not among an installed engine's files.
 * @param files paths with either slash
 */
export function missingProviders(files: readonly string[]): string[] {
  return PROVIDERS.filter((name) => !files.some((file) => file.split(/[\\/]/).at(-1) === name));
}

/** Whether a driver is old: undefined where its version is not known. */
export function isDriverOld(driver: string, needs: CudaNeeds): boolean | undefined {
  const major = Number.parseInt(driver, 10);
  return Number.isNaN(major) ? undefined : major < needs.driver;
}

/** Where the loader looks for libraries, as far as it can be asked. */
export interface LoaderPlaces {
  /** What `ldconfig -p` prints; undefined where it does not answer. */
  readonly known: string | undefined;
  /** Folders that are looked at first: LD_LIBRARY_PATH's, and the provider's own. */
  readonly folders: readonly string[];
  exists(file: string): boolean;
}

/**
 * Whether the loader finds a library.
 * @returns undefined where it cannot be told: `ldconfig` does not answer and no folder holds it
 */
export function isFound(library: string, { known, folders, exists }: LoaderPlaces): boolean | undefined {
  if (folders.some((folder) => exists(`${folder.replace(/\/+$/, "")}/${library}`))) return true;
  if (known === undefined) return undefined;
  return known.split("\n").some((line) => line.trim().split(/\s/, 1)[0] === library);
}

/** How each lack is mended: the same words in `doctor` and in errors. */
export const REMEDIES: {
  readonly engine: string;
  readonly driver: (needs: CudaNeeds) => string;
  readonly providers: (version: string) => string;
  readonly libraries: (needs: CudaNeeds) => string;
} = {
  engine: "run npm ci in the project's folder",
  driver: ({ cuda, driver }) =>
    `install NVIDIA's driver ${driver} or newer${cuda === 13 ? `; with an older one ${ENGINE} 1.26, the last for CUDA 12, runs` : ""}`,
  providers: (version) =>
    `on a machine with internet: npm rebuild ${ENGINE} --ignore-scripts=false; without internet copy both files of version ${version} beside libonnxruntime.so.1`,
  libraries: ({ cuda }) => `install CUDA ${cuda} and cuDNN 9, or add their folder to LD_LIBRARY_PATH`,
};
