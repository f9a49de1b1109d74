/** Whether a value out of JSON has a form: checks that are put together like the types that they prove. */

/** Proves that a value has a type, or throws a TypeError that says where it has not: `at` is the place in words. */
export type Check<T> = (value: unknown, at: string) => T;

/** Longest piece of a wrong value that a message repeats. */
const MAX_SHOWN = 60;

/**
 * A text, of a form where one is given.
 * @param needed what the form is, for the message
 */
export function text(form: RegExp = /\S/, needed: string = "a text"): Check<string> {
  return (value, at) => {
    if (typeof value === "string" && form.test(value)) return value;
    throw wrong(at, needed, value);
  };
}

/** A whole number above 0. */
export const count: Check<number> = (value, at) => {
  if (typeof value === "number" && Number.isSafeInteger(value) && value > 0) return value;
  throw wrong(at, "a whole number above 0", value);
};

/** One of some words. */
export function oneOf<T extends string>(words: readonly T[]): Check<T> {
  return (value, at) => {
    const found = words.find((word) => word === value);
    if (found !== undefined) return found;
    throw wrong(at, `one of ${words.join(", ")}`, value);
  };
}

/** What another check proves, or null: known to be unknown. */
export function orNull<T>(check: Check<T>): Check<T | null> {
  return (value, at) => (value === null ? null : check(value, at));
}

/** A list of at least one. */
export function listOf<T>(check: Check<T>): Check<readonly T[]> {
  return (value, at) => {
    if (!Array.isArray(value) || value.length === 0) throw wrong(at, "a list of at least one", value);
    return value.map((one, i) => check(one, `${at}[${i}]`));
  };
}

/**
 * An object with these fields, and no other: a field with a slip in its name would else be one that is left out.
 * @example object({ id: text() })({ id: "sscd" }, "encoders[0]") // { id: "sscd" }
 */
export function object<T extends object>(fields: { readonly [K in keyof T]: Check<T[K]> }): Check<T> {
  return (value, at) => {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw wrong(at, "an object", value);
    for (const name of Object.keys(value))
      if (!Object.hasOwn(fields, name))
        throw wrong(`${at}.${name}`, `none but ${Object.keys(fields).join(", ")}`, name);
    const checked: Partial<T> = {};
    for (const name of Object.keys(fields) as (keyof T & string)[])
      checked[name] = fields[name]((value as Record<string, unknown>)[name], `${at}.${name}`);
    return checked as T;
  };
}

/** One of two forms of an object, told apart by its `kind`. */
export function byKind<A extends { readonly kind: string }, B extends { readonly kind: string }>(
  forms: readonly [kind: A["kind"], check: Check<A>],
  others: readonly [kind: B["kind"], check: Check<B>],
): Check<A | B> {
  return (value, at) => {
    const kind = (value as { kind?: unknown } | null)?.kind;
    if (kind === forms[0]) return forms[1](value, at);
    if (kind === others[0]) return others[1](value, at);
    throw wrong(`${at}.kind`, `one of ${forms[0]}, ${others[0]}`, kind);
  };
}

function wrong(at: string, needed: string, got: unknown): TypeError {
  const shown = (JSON.stringify(got) ?? "nothing").slice(0, MAX_SHOWN);
  return new TypeError(`Cannot read the manifest of models: ${at} is ${needed}, got ${shown}`);
}
