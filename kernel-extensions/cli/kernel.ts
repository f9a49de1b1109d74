/** `gpic-lab kernel`: adds the kernel to a Jupyter that is already there, and takes it away. */
import { parseArgs } from "node:util";
import { installKernel, type KernelPlace, uninstallKernel } from "../jupyter/kernelspec.js";
import { type Command, printJson, UsageError } from "./command.js";

export const command: Command = {
  help: `
gpic-lab kernel install|uninstall (--user | --prefix DIR) [--json]

Adds the TypeScript kernel of this package to a Jupyter that is already there, or takes it away.
(npm run lab sets up a JupyterLab of the project's own and needs none of this.)

  --user         for you alone: Jupyter's data folder in your home
  --prefix DIR   into an environment: DIR/share/jupyter/kernels/gpic-lab
  --json         the result for programs

uninstall removes exactly what install put there; a kernel that gpic-lab did not write is left alone.

example:
  $ gpic-lab kernel install --prefix ~/my-venv
  installed in ~/my-venv/share/jupyter/kernels/gpic-lab
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { user: { type: "boolean" }, prefix: { type: "string" }, json: { type: "boolean" } },
    });
    const [action] = positionals;
    if (positionals.length !== 1 || (action !== "install" && action !== "uninstall"))
      throw new UsageError(`"install" or "uninstall" is needed, got "${positionals.join(" ")}"`);
    const place = chosenPlace(values.user, values.prefix);
    if (action === "install") {
      const result = installKernel(place);
      if (values.json) printJson(result);
      else process.stdout.write(`installed in ${result.folder}\n`);
    } else {
      const result = uninstallKernel(place);
      if (values.json) printJson(result);
      else
        process.stdout.write(
          `removed from ${result.folder}${result.left.length > 0 ? `; left, as it is not ours: ${result.left.join(", ")}` : ""}\n`,
        );
    }
    return 0;
  },
};

function chosenPlace(user: boolean | undefined, prefix: string | undefined): KernelPlace {
  if (user === true && prefix === undefined) return { user: true };
  if (prefix !== undefined && prefix !== "" && user !== true) return { prefix };
  throw new UsageError("either --user or --prefix DIR is needed");
}
