/** Persistent ids of torch's pickles: the storages that tensors lie in. */
import { PickleFault } from "./pickle-bytes.js";
import { PickleImport, PickleTuple, type PickleValue, pickleKind } from "./pickle-values.js";
import { MORE_THAN_WEIGHTS, TORCH_NAMES } from "./torch-names.js";
import { sizeOf, TorchStorage } from "./torch-tensors.js";

/**
 * The storage that a persistent id names: `("storage", type, key, device, size)`, in legacy files with a view
 * `(key, start, size)` or None behind.
 * @throws PickleFault where it has any other form
 */
export function storageFrom(id: PickleValue): TorchStorage {
  const items = id instanceof PickleTuple ? id.items : [];
  const [word, type, key, device, size, view = null] = items;
  const meaning = type instanceof PickleImport ? TORCH_NAMES.get(type.path) : undefined;
  if (word === "module")
    throw new PickleFault(`it holds a whole model with its code; ${MORE_THAN_WEIGHTS}`, "hostile");
  if (
    items.length < 5 ||
    items.length > 6 ||
    word !== "storage" ||
    !(type instanceof PickleImport) ||
    meaning?.kind !== "storage" ||
    typeof key !== "string" ||
    typeof device !== "string"
  )
    throw new PickleFault(
      `a persistent id must be ("storage", type, key, device, size), got ${pickleKind(id)} of another form`,
      "hostile",
    );
  const start = view === null ? 0 : viewStart(view);
  return new TorchStorage(key, type.path, meaning.type, sizeOf(size, "a storage's size"), start);
}

function viewStart(view: PickleValue): number {
  if (!(view instanceof PickleTuple) || view.items.length !== 3)
    throw new PickleFault(`a view of a storage is a tuple of three, got ${pickleKind(view)}`);
  return sizeOf(view.items[1], "the start of a view");
}
