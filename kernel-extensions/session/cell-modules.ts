/**
 * How a cell reaches modules: `require` for CommonJS, Node's own loader for ES modules.
 *
 * The compiled cell is CommonJS, and `require` of an ES module fails where that module awaits at its top level (vega
 * and all that imports it) or is exported for `import` only. So before a cell runs, the modules that it names are
 * looked at, and those that are ES modules are imported natively and handed out by the cell's `require`.
 */
import Module, { createRequire, isBuiltin } from "node:module";
import { join } from "node:path";

/** A cell's `require`, and the import that fills it. */
export interface CellModules {
  readonly require: NodeJS.Require;
  /** Node's `import()` as if called from a file in the working folder. */
  importModule(specifier: string): Promise<object>;
  /** Imports the ES modules that the compiled cell will require. */
  prepare(script: string): Promise<void>;
  /** Adds compiled TypeScript files that cells import by relative path. */
  addFiles(files: readonly { readonly path: string; readonly data: string }[]): void;
}

const REQUIRED = /\brequire\(("(?:[^"\\]|\\.)*")\)/g;

/** @param folder where relative and package names are resolved from */
export function createCellModules(folder: string): CellModules {
  const origin = join(folder, "cell.js");
  const nodeRequire = createRequire(origin);
  const importModule = importFrom(origin);
  const imported = new Map<string, object>();
  const sources = new Map<string, string>();
  const compiled = new Map<string, { exports: object }>();

  function requireFrom(base: string, resolve: NodeJS.Require): NodeJS.Require {
    const cellRequire = (id: string): unknown => {
      const path = id.startsWith(".") ? join(base, id.endsWith(".js") ? id : `${id}.js`) : undefined;
      if (path !== undefined && sources.has(path)) return requireCompiled(path);
      return imported.get(id) ?? resolve(id);
    };
    return Object.assign(cellRequire, {
      resolve: resolve.resolve,
      cache: resolve.cache,
      extensions: resolve.extensions,
      main: resolve.main,
    });
  }

  function requireCompiled(path: string): object {
    const done = compiled.get(path);
    if (done !== undefined) return done.exports;
    const module = new Module(path);
    compiled.set(path, module);
    module.require = requireFrom(join(path, ".."), createRequire(path));
    compile(module, `const __cellFlags = [];\n${sources.get(path)}`, path);
    return module.exports;
  }

  return {
    require: requireFrom(folder, nodeRequire),
    importModule,
    async prepare(script) {
      for (const [, literal] of script.matchAll(REQUIRED)) {
        const id = JSON.parse(literal as string) as string;
        if (imported.has(id) || isBuiltin(id) || id.startsWith(".") || isCommonJs(nodeRequire, id)) continue;
        imported.set(id, forRequire(await importModule(id)));
      }
    },
    addFiles(files) {
      for (const { path, data } of files) {
        sources.set(path, data);
        compiled.delete(path);
      }
    },
  };
}

/** Node's `import()` as a CommonJS module at that path would call it; vm's own way is still experimental in Node 20. */
function importFrom(path: string): (specifier: string) => Promise<object> {
  const module = new Module(path);
  compile(module, "module.exports = (specifier) => import(specifier);", path);
  return module.exports;
}

function compile(module: Module, code: string, path: string): void {
  (module as Module & { _compile(code: string, path: string): void })._compile(code, path);
}

function isCommonJs(nodeRequire: NodeJS.Require, id: string): boolean {
  try {
    nodeRequire(id);
    return true;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    return !["ERR_REQUIRE_ASYNC_MODULE", "ERR_PACKAGE_PATH_NOT_EXPORTED", "ERR_REQUIRE_ESM"].includes(
      String(code),
    );
  }
}

/** A namespace as TypeScript's CommonJS expects it: marked, so that its `default` is taken as the default import. */
function forRequire(namespace: object): object {
  if (!("default" in namespace)) return namespace;
  const marked = Object.create(null, { __esModule: { value: true } });
  for (const name of Object.keys(namespace))
    Object.defineProperty(marked, name, {
      enumerable: true,
      get: () => namespace[name as keyof typeof namespace],
    });
  return marked;
}
