/**
 * Whether a file of weights is a certain encoder's, by the names and shapes of its tensors.
 *
 * A hash tells that a file is still the one that came; only its tensors tell that the right one came.
 */
import { protocolById } from "../images/index.js";
import { openFileSource, openTensors, TensorFileError } from "../io/index.js";
import { architectureOf } from "./architecture.js";
import { type EncoderId, modelEntry } from "./manifest.js";
import { WeightsError } from "./weights-check.js";

/**
 * Opens a file as tensors and looks whether an encoder's graph can be built over them; reads its directory and the few
 * tensors that a graph is computed from.
 * @param what names the file in the message
 * @throws WeightsError where the file cannot be read as weights, or is another network's, saying which
 * @example await checkIsEncoder("dinov2-vits14", path, path);
 */
export async function checkIsEncoder(id: EncoderId, path: string, what: string): Promise<void> {
  const { pixelType: type, normalisation, size } = protocolById(modelEntry(id).protocol);
  const input = { type, normalisation: normalisation!, height: size!.height, width: size!.width };
  const source = await openFileSource(path);
  try {
    const found = await architectureOf(id).build(await openTensors(source), input);
    if (found.id !== id)
      throw new WeightsError(
        `Cannot use ${what}: the tensors of ${id} are needed, got by their shapes those of ${found.id}`,
      );
  } catch (error) {
    if (error instanceof TensorFileError)
      throw new WeightsError(error.message.replace(`Cannot read weights ${path}`, `Cannot use ${what}`));
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    throw new WeightsError(error.message.replace(/^Cannot [^:]*/, () => `Cannot use ${what}`));
  } finally {
    await source.close();
  }
}
