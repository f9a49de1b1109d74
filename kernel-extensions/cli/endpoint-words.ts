/** The endpoint of a vision-language model, as the environment names it for the commands that ask one. */
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
