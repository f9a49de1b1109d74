/** The patterns of a history search: `*`, `?` and `[...]`, as SQLite's GLOB, which IPython's history uses. */

interface Token {
  /** Any text; otherwise exactly one character that `matches`. */
  readonly any: boolean;
  matches(character: string): boolean;
}

/**
 * Whether a pattern matches a whole text. Takes time in proportion to pattern x text at most, whatever the pattern.
 * @example matchesGlob("const ?*", "const x = 1") // true
 */
export function matchesGlob(pattern: string, text: string): boolean {
  const tokens = tokenize([...pattern]);
  const characters = [...text];
  let at = 0;
  let token = 0;
  let star = -1;
  let resume = 0;
  while (at < characters.length) {
    const next = tokens[token];
    if (next?.any) {
      star = token++;
      resume = at;
    } else if (next?.matches(characters[at]!)) {
      token++;
      at++;
    } else if (star >= 0) {
      token = star + 1;
      at = ++resume;
    } else return false;
  }
  return tokens.slice(token).every((rest) => rest.any);
}

function tokenize(pattern: readonly string[]): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at]!;
    // The first character of a class may be a closing bracket itself.
    const close = character === "[" ? pattern.indexOf("]", at + (pattern[at + 1] === "^" ? 3 : 2)) : -1;
    if (character === "*") tokens.push({ any: true, matches: () => true });
    else if (character === "?") tokens.push({ any: false, matches: () => true });
    else if (close > 0) {
      tokens.push({ any: false, matches: classOf(pattern.slice(at + 1, close)) });
      at = close;
    } else tokens.push({ any: false, matches: (other) => other === character });
  }
  return tokens;
}

function classOf(body: readonly string[]): (character: string) => boolean {
  const negated = body[0] === "^";
  const set = negated ? body.slice(1) : body;
  return (character) => {
    for (let at = 0; at < set.length; at++) {
      const isRange = set[at + 1] === "-" && at + 2 < set.length;
      const last = isRange ? set[at + 2]! : set[at]!;
      if (set[at]! <= character && character <= last) return !negated;
      if (isRange) at += 2;
    }
    return negated;
  };
}
