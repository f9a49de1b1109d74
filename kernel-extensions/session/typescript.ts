/**
 * The kernel's TypeScript and tslab's converter, with the compiler options and source maps that stock tslab lacks.
 *
 * tslab 1.0.22 hard-codes its compiler options and throws source maps away. Its compiler module is handed to it
 * through require's cache, so a forwarding object in that place can answer three of the calls differently:
 * `createWatchCompilerHost` (strict checking, resolution that knows `exports`, inline source maps) and
 * `transpileModule` (the second of the two compilations of a cell: loops get their interrupt poll, dynamic imports
 * go to Node's own loader, both maps are kept). `visitEachChild` expands `{ now }` where `now` is of an earlier cell,
 * as tslab asks for the symbol of the name, which there is the property's, and leaves the name of a property that is taken
 * apart (`{ now: then } = ...`) as it is. tslab is touched nowhere else.
 */
import { createRequire } from "node:module";
import type ts from "@tslab/typescript-for-tslab";
import { cellTransformers } from "./cell-transformers.js";

/** The compiler that tslab carries: TypeScript 5.0.4. */
export type TypeScript = typeof ts;

/** The two source maps of a compiled cell, as JSON: cell to ES module, ES module to the CommonJS that runs. */
export interface CellMaps {
  readonly module: string;
  readonly script: string;
}

/** A message of the type checker; lines and characters count from 0. */
export interface Diagnostic {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
  readonly messageText: string;
  readonly fileName?: string;
}

/** What the converter makes of a cell. */
export interface Converted {
  readonly diagnostics: readonly Diagnostic[];
  readonly output?: string;
  readonly declOutput?: string;
  readonly hasToplevelAwait?: boolean;
  readonly lastExpressionVar?: string;
  readonly sideOutputs?: readonly { readonly path: string; readonly data: string }[];
}

/** tslab's converter: type-checks a cell against the declarations of those before it and compiles it. */
export interface Converter {
  convert(previousDeclarations: string, code: string): Converted;
  complete(previousDeclarations: string, code: string, position: number): CompletionInfo;
  inspect(previousDeclarations: string, code: string, position: number): ts.QuickInfo | undefined;
  close(): void;
}

/** tslab's answer to a completion request; positions count UTF-16 units. */
export interface CompletionInfo {
  readonly start: number;
  readonly end: number;
  readonly candidates: readonly string[];
  readonly original?: { readonly entries?: readonly { readonly name: string; readonly kind: string }[] };
}

/** The language engine: compiler, converter, and the maps of the cell converted last. */
export interface Language {
  readonly typescript: TypeScript;
  readonly converter: Converter;
  takeMaps(): CellMaps | undefined;
}

type CompilerHost = ts.WatchCompilerHost<ts.BuilderProgram>;

/** The file of declarations in which tslab keeps the variables of earlier cells. */
const EARLIER_CELLS = /(^|\/)__prev__\.d\.ts$/;
const INLINE_MAP = /\n?\/\/# sourceMappingURL=data:application\/json[^,]*;base64,([A-Za-z0-9+/=]+)\s*$/;

/** Loads compiler and converter. The working folder of the process is where cells resolve their imports from. */
export function loadLanguage(): Language {
  const require = createRequire(import.meta.url);
  const requireOfTslab = createRequire(require.resolve("tslab/package.json"));
  const compilerPath = requireOfTslab.resolve("@tslab/typescript-for-tslab");
  const typescript = requireOfTslab(compilerPath) as TypeScript;
  let maps: CellMaps | undefined;

  const mended: Record<string, unknown> = {};
  for (const name of Object.keys(typescript))
    Object.defineProperty(mended, name, {
      enumerable: true,
      configurable: true,
      get: () => typescript[name as keyof TypeScript],
    });
  let program: ts.Program | undefined;
  replace(
    mended,
    "createWatchCompilerHost",
    (files: string[], options: ts.CompilerOptions, ...rest: unknown[]) => {
      const host = (typescript.createWatchCompilerHost as (...args: unknown[]) => CompilerHost)(
        files,
        {
          ...options,
          moduleResolution: typescript.ModuleResolutionKind.Bundler,
          strict: true,
          inlineSourceMap: true,
        },
        ...rest,
      );
      const { createProgram } = host;
      host.createProgram = (...args) => {
        const builder = createProgram(...args);
        program = builder.getProgram();
        return builder;
      };
      return host;
    },
  );
  replace(mended, "visitEachChild", ((node, visitor, context) => {
    if (node !== undefined && typescript.isBindingElement(node) && node.propertyName !== undefined)
      return typescript.factory.updateBindingElement(
        node,
        node.dotDotDotToken,
        typescript.isComputedPropertyName(node.propertyName)
          ? (typescript.visitNode(node.propertyName, visitor) as ts.PropertyName)
          : node.propertyName,
        typescript.visitNode(node.name, visitor) as ts.BindingName,
        node.initializer && (typescript.visitNode(node.initializer, visitor) as ts.Expression),
      );
    if (node !== undefined && typescript.isShorthandPropertyAssignment(node) && isOfEarlierCell(node)) {
      const { factory } = typescript;
      const value = factory.createPropertyAccessExpression(factory.createIdentifier("exports"), node.name);
      const fallback = node.objectAssignmentInitializer;
      return factory.createPropertyAssignment(
        node.name,
        fallback === undefined
          ? value
          : factory.createAssignment(value, typescript.visitNode(fallback, visitor) as ts.Expression),
      );
    }
    return typescript.visitEachChild(node, visitor, context);
  }) as typeof typescript.visitEachChild);
  function isOfEarlierCell(node: ts.ShorthandPropertyAssignment): boolean {
    const symbol = program
      ?.getTypeChecker()
      .getShorthandAssignmentValueSymbol(typescript.getOriginalNode(node));
    return symbol?.declarations?.some((from) => EARLIER_CELLS.test(from.getSourceFile().fileName)) ?? false;
  }
  replace(mended, "transpileModule", (code: string, options: ts.TranspileOptions): ts.TranspileOutput => {
    const inline = INLINE_MAP.exec(code);
    const result = typescript.transpileModule(inline ? `${code.slice(0, inline.index)}\n` : code, {
      ...options,
      compilerOptions: { ...options.compilerOptions, sourceMap: true },
      transformers: { before: cellTransformers(typescript) },
    });
    maps =
      inline?.[1] !== undefined && result.sourceMapText !== undefined
        ? { module: Buffer.from(inline[1], "base64").toString("utf8"), script: result.sourceMapText }
        : undefined;
    return { ...result, outputText: result.outputText.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n") };
  });

  const cached = require.cache[compilerPath];
  if (cached === undefined)
    throw new Error("Cannot load the kernel's TypeScript: reinstall the packages (npm ci)");
  cached.exports = mended;
  // tslab's converter fails the next cell when a file that it watches has changed, and polls hundreds of them
  const unwatched = () => ({ close: () => {} });
  typescript.sys.watchFile = unwatched;
  typescript.sys.watchDirectory = unwatched;
  const { createConverter } = requireOfTslab("tslab/dist/converter.js") as { createConverter(): Converter };
  const converter = createConverter();
  cached.exports = typescript;
  return { typescript, converter, takeMaps: () => maps };
}

function replace(target: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(target, name, { enumerable: true, configurable: true, value });
}
