/** The endpoint of a vision-language model, as the environment names it for the commands that ask one, and their options. */
import { endpointFrom, type VlmEndpoint } from "../../lib/vlm/index.js";
import { UsageError } from "./command.js";

/**
 * The endpoint of GPIC_LAB_VLM_URL and the variables beside it; undefined where none is named.
 * @throws UsageError where they name none that can be asked
 */
export function endpointOf(): VlmEndpoint | undefined {
  try {
    return endpointFrom(process.env);
  } catch (error) {
    throw error instanceof TypeError || error instanceof RangeError ? new UsageError(error.message) : error;
  }
}

/**
 * Refuses options that would be ignored.
 * @param given the options of the call
 * @param names those that have no use in it
 * @param why "with --estimate, which asks nothing"
 * @throws UsageError for the first one that is given
 */
export function refuseOptions(
  given: { readonly [name: string]: unknown },
  names: readonly string[],
  why: string,
): void {
  const name = names.find((one) => given[one] !== undefined && given[one] !== false);
  if (name !== undefined) throw new UsageError(`--${name} has no use ${why}: leave it out`);
}

/** Why there is nobody to ask, for messages. */
export const NO_ENDPOINT_WORDS = "no endpoint: GPIC_LAB_VLM_URL and GPIC_LAB_VLM_MODEL are not set";

/** What a stop leaves, of work that asks a model and of work that asks nobody: the words behind "stopped". */
export function afterStop(asks: boolean): string {
  return asks
    ? "answers so far are kept, and the same call asks only for the others"
    : "nothing is kept, and the same call begins anew";
}
