/** What the names of a shard's entries say: which record they belong to, and which half of it they are. */

/** Longest name, as Linux' longest path: a key has 64 characters. */
export const MAX_NAME_BYTES = 4096;

/** The name of a record that a stem is: without the folders before it. */
export function keyOf(stem: string): string {
  const key = stem.slice(stem.lastIndexOf("/") + 1);
  return key.length > MAX_NAME_BYTES ? key.slice(0, MAX_NAME_BYTES) : key;
}

/** The name up to its last dot. */
export function stemOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot === -1 ? name : name.slice(0, dot);
}

/** What a name's extension says; undefined where it is another. */
export function kindOf(name: string): "json" | "jpg" | "png" | undefined {
  switch (name.slice(name.lastIndexOf(".")).toLowerCase()) {
    case ".json":
      return "json";
    case ".jpg":
    case ".jpeg":
      return "jpg";
    case ".png":
      return "png";
    default:
      return undefined;
  }
}
