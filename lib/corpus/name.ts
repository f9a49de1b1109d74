/** The names by which corpora on the Hub are called: hf://ORGANISATION/NAME, at a revision or at "main". */

/** A dataset on the Hub, and which state of it. */
export interface HubCorpusName {
  /** "stanford-vision-lab/gpic". */
  readonly repository: string;
  /** A branch, a tag, a ref with slashes, or a commit. */
  readonly revision: string;
}

/** Whether a corpus' name means the Hub. */
export function isHubName(name: string): boolean {
  return name.startsWith("hf://");
}

/**
 * Takes a name apart.
 * @throws SyntaxError where it is no such name
 * @example parseHubName("hf://stanford-vision-lab/gpic@refs/convert/parquet").revision // "refs/convert/parquet"
 */
export function parseHubName(name: string): HubCorpusName {
  const match = /^hf:\/\/(?:datasets\/)?([\w-][\w.-]*\/[\w-][\w.-]*)(?:@([\w.-]+(?:\/[\w.-]+)*))?$/.exec(
    name,
  );
  const revision = match?.[2] ?? "main";
  if (match === null || revision.split("/").some((part) => /^\.+$/.test(part)))
    throw new SyntaxError(
      `Cannot open the corpus ${JSON.stringify(name)}: hf://ORGANISATION/NAME or hf://ORGANISATION/NAME@REVISION is needed`,
    );
  return { repository: match[1]!, revision };
}
