/** How text becomes part of a page without ever becoming markup. */

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * Text as HTML, inside an element or a quoted attribute. Control characters, which HTML does not allow, are replaced.
 * @example escapeHtml("<b>") // "&lt;b&gt;"
 */
export function escapeHtml(text: string): string {
  return withoutControls(text).replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/**
 * Text whose control characters (but tab and line feed) are replaced by U+FFFD; lines end in a line feed.
 * @example withoutControls("a\r\nb") // "a\nb"
 */
export function withoutControls(text: string): string {
  return (
    text
      .replace(/\r\n?/g, "\n")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, "\ufffd")
  );
}

/**
 * A value as JSON that can stand in a script element: nothing in it ends the element or opens a comment.
 * @throws TypeError where the value cannot be written as JSON
 * @example scriptJson("</script>") // "\"\\u003c/script>\""
 */
export function scriptJson(value: unknown): string {
  const json = JSON.stringify(value);
  if (json === undefined) throw new TypeError(`Cannot write JSON: a value is needed, got ${typeof value}`);
  return json
    .replace(/</g, "\\u003c")
    .replace(/\u2028/g, "\\u2028")
    .replace(/\u2029/g, "\\u2029");
}
