/**
 * Runs the compiled code of a cell: tslab's converter before it, vm around it.
 *
 * tslab's own executor prints what it finds, forgets what failed and knows one interrupt; all that it does besides is
 * the forty lines of `run` here, so this takes its place. The converter, where the work is, stays tslab's.
 */
import vm from "node:vm";
import { type CellModules, createCellModules } from "./cell-modules.js";
import { CELL_PARAMETERS } from "./cell-transformers.js";
import { reachedDeclarations } from "./declarations.js";
import { CellInterrupted } from "./interrupt.js";
import type { CellError } from "./messages.js";
import type { Tracebacks } from "./traceback.js";
import { type Language, loadLanguage } from "./typescript.js";

/** A cell that is ready to run, or why it is not. */
export type PreparedCell =
  | { readonly error: CellError }
  | {
      readonly error?: undefined;
      /** @param abandoned rejects when the cell is given up; what its code does later changes no variable's type */
      run(abandoned: Promise<never>): Promise<{ readonly value: unknown }>;
    };

/** What the running code calls. */
export interface EngineHooks {
  readonly flags: Int32Array;
  /** Called by a loop that finds the poll's flag: throws where the cell is to stop. */
  stop(): void;
  /** Called when vm has ended the synchronous part of a cell for a signal. */
  broken(): void;
}

/** Compiles and runs cells that see the variables of those before them. */
export class Engine {
  readonly language: Language;
  declarations = "";
  readonly #modules: CellModules;
  readonly #variables: Record<string, unknown>;
  readonly #tracebacks: Tracebacks;
  readonly #hooks: EngineHooks;

  /** @param folder where cells resolve imports from; becomes the working folder of the process */
  constructor(folder: string, tracebacks: Tracebacks, hooks: EngineHooks) {
    process.chdir(folder);
    this.language = loadLanguage();
    this.#modules = createCellModules(folder);
    this.#variables = cellVariables();
    this.#tracebacks = tracebacks;
    this.#hooks = hooks;
  }

  /** Gives later cells a variable. */
  define(name: string, value: unknown, type: string): void {
    this.#variables[name] = value;
    this.declarations += `declare let ${name}: ${type};\n`;
  }

  /**
   * Type-checks and compiles a cell.
   * @param fileName under which its script runs and errors point to it
   * @param keep whether what the cell declares stays for later cells
   */
  async prepare(code: string, fileName: string, keep: boolean): Promise<PreparedCell> {
    // TypeScript reads `await (x)` and `for await` as top-level await only behind an await that it cannot mistake
    const addedLines = /\bawait\s*\(|\bfor\s+await\b/.test(code) ? 1 : 0;
    const converted = this.language.converter.convert(
      this.declarations,
      addedLines ? `await null;\n${code}` : code,
    );
    if (converted.diagnostics.length > 0)
      return {
        error: this.#tracebacks.describeDiagnostics(converted.diagnostics, fileName, code, addedLines),
      };
    const script = converted.output ?? "";
    this.#tracebacks.addCell(fileName, { code, maps: this.language.takeMaps(), addedLines });
    if (converted.sideOutputs) this.#modules.addFiles(converted.sideOutputs);
    return {
      run: async (abandoned) => {
        await Promise.race([abandoned, this.#modules.prepare(script)]);
        const before = { ...this.#variables };
        try {
          const work = this.#run(script, fileName, converted.hasToplevelAwait === true);
          // abandoned first: where both have settled, an interrupted cell does not pass for one that ended well
          await Promise.race([abandoned, work]);
        } catch (error) {
          if (keep) this.declarations = this.#reached(converted.declOutput ?? "");
          this.#restore(before);
          throw error;
        }
        if (keep) this.declarations = converted.declOutput ?? "";
        return { value: this.#take(converted.lastExpressionVar) };
      },
    };
  }

  close(): void {
    this.language.converter.close();
  }

  #run(script: string, fileName: string, isAsync: boolean): unknown {
    const head = `(${isAsync ? "async " : ""}function(${CELL_PARAMETERS.join(", ")}) { `;
    let compiled: (...args: unknown[]) => unknown;
    try {
      compiled = vm.runInThisContext(`${head}${script}\n})`, {
        filename: fileName,
        columnOffset: -head.length,
      });
    } catch (error) {
      throw error instanceof Error ? error : new SyntaxError(String(error));
    }
    const call = () =>
      compiled(
        this.#variables,
        this.#modules.require,
        this.#hooks.flags,
        this.#hooks.stop,
        this.#modules.importModule,
      );
    // only code that vm itself runs can be stopped by a signal, so the call goes through one more script
    const throughVm = vm.runInThisContext("(call) => { globalThis.__gpicLabCall = call; }");
    throughVm(call);
    try {
      return vm.runInThisContext("__gpicLabCall()", { breakOnSigint: true, displayErrors: false });
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_INTERRUPTED") {
        this.#hooks.broken();
        throw new CellInterrupted();
      }
      throw error;
    }
  }

  /** Asked before the old values are given back, as only then it shows which names the cell had not come to. */
  #reached(declarations: string): string {
    const isSet = (name: string) => this.#variables[name] !== undefined;
    return reachedDeclarations(this.language.typescript, this.declarations, declarations, isSet);
  }

  /** A cell that failed may have reset variables of the same name that earlier cells had set: gives them back. */
  #restore(before: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(before))
      if (this.#variables[name] === undefined) this.#variables[name] = value;
  }

  #take(name: string | undefined): unknown {
    if (name === undefined) return undefined;
    const value = this.#variables[name];
    delete this.#variables[name];
    return value;
  }
}

/**
 * The object that holds the variables of all cells. TypeScript defines imported names on it as getters that cannot be
 * defined again; here they become values that the next cell may replace. The `set` trap makes assignments 30 times
 * faster than without it.
 */
function cellVariables(): Record<string, unknown> {
  return new Proxy<Record<string, unknown>>(
    {},
    {
      defineProperty(target, name, attributes) {
        if (typeof name === "string" && name !== "__esModule")
          target[name] = attributes.get ? attributes.get() : attributes.value;
        return true;
      },
      set(target, name, value) {
        target[name as string] = value;
        return true;
      },
    },
  );
}
