/**
 * The Python literal in the header of a .npy file, read without evaluating anything.
 *
 * Grammar: strings without escapes, True, False, None, whole numbers (with Python 2's `L`), tuples, lists and dicts.
 * numpy itself uses ast.literal_eval; what that knows beyond this no writer of arrays of numbers or text puts there.
 */

/** A value of the literal; tuples and lists are both arrays, dicts are maps. */
export type Literal = string | number | boolean | null | readonly Literal[] | LiteralDict;

/** A dict of the literal: its keys are strings. */
export interface LiteralDict {
  readonly dict: ReadonlyMap<string, Literal>;
}

/** Brackets within brackets: a structured type nests a few deep, and the reader descends by calls. */
const MAX_DEPTH = 16;
const TOKEN = /\s*(?:('[^'\\\n]*'|"[^"\\\n]*")|(-?\d+)L?(?![\w.])|(True|False|None)(?!\w)|([()[\]{},:]))/y;

/**
 * Reads one literal that fills the text.
 * @param name what messages call the file
 * @throws SyntaxError where the text is no such literal
 * @example parseLiteral("{'shape': (3, 4)}", "a.npy") // { dict: Map { "shape" => [3, 4] } }
 */
export function parseLiteral(text: string, name: string): Literal {
  const tokens = tokenize(text, name);
  let at = 0;
  const wrong = (needed: string): SyntaxError =>
    new SyntaxError(
      `Cannot read ${name}: ${needed} is needed in its header, got ${tokens[at]?.text ?? "the end"}`,
    );
  const take = (mark: string): boolean => {
    if (tokens[at]?.text !== mark || tokens[at]?.kind !== "mark") return false;
    at++;
    return true;
  };

  function value(depth: number): Literal {
    if (depth > MAX_DEPTH) throw wrong(`nesting of at most ${MAX_DEPTH}`);
    if (take("(")) return tuple(depth);
    if (take("[")) return items("]", depth).list;
    if (take("{")) return entries(depth);
    const token = tokens[at];
    if (token === undefined || token.kind === "mark") throw wrong("a value");
    at++;
    return token.value;
  }

  function tuple(depth: number): Literal {
    const { list, commas } = items(")", depth);
    // a value in brackets without a comma is that value
    return list.length === 1 && commas === 0 ? list[0]! : list;
  }

  function items(close: string, depth: number): { list: Literal[]; commas: number } {
    const list: Literal[] = [];
    let commas = 0;
    while (!take(close)) {
      if (list.length > commas) throw wrong(`"," or "${close}"`);
      list.push(value(depth + 1));
      if (take(",")) commas++;
    }
    return { list, commas };
  }

  function entries(depth: number): LiteralDict {
    const dict = new Map<string, Literal>();
    for (let isFirst = true; !take("}"); isFirst = false) {
      if (!isFirst && tokens[at - 1]?.text !== ",") throw wrong('"," or "}"');
      const key = value(depth + 1);
      if (typeof key !== "string" || dict.has(key)) throw wrong("a name that is not there yet");
      if (!take(":")) throw wrong('":"');
      dict.set(key, value(depth + 1));
      take(",");
    }
    return { dict };
  }

  const whole = value(0);
  if (at < tokens.length) throw wrong("nothing after the literal");
  return whole;
}

interface Token {
  readonly kind: "mark" | "value";
  readonly text: string;
  readonly value: string | number | boolean | null;
}

function tokenize(text: string, name: string): Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const from = TOKEN.lastIndex;
    const [, string, number, word, mark] = TOKEN.exec(text) ?? [];
    if (mark !== undefined) tokens.push({ kind: "mark", text: mark, value: null });
    else if (string !== undefined) tokens.push({ kind: "value", text: string, value: string.slice(1, -1) });
    else if (number !== undefined) tokens.push({ kind: "value", text: number, value: Number(number) });
    else if (word !== undefined)
      tokens.push({ kind: "value", text: word, value: word === "None" ? null : word === "True" });
    else
      throw new SyntaxError(
        `Cannot read ${name}: a Python literal is needed in its header, got ${JSON.stringify(text.slice(from, from + 20))}`,
      );
  }
  return tokens;
}
