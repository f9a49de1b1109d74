/** The package as somebody gets it who installs it: packed, put into an empty folder, used. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { packageFile, packageRoot } from "../../lib/io/index.js";
import { packageExports } from "./package-exports.js";

const { explainNpm }: { explainNpm(output: string): string } = createRequire(import.meta.url)(
  packageFile("kernel-extensions", "setup", "bootstrap.cjs"),
);

function run(folder: string, command: string, ...args: string[]) {
  const options = { cwd: folder, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 } as const;
  return spawnSync(command, args, { ...options, shell: process.platform === "win32" });
}

test("the packed project, installed into an empty folder, gives a working doctor and working imports", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "gpic-lab-pack-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const packed = run(packageRoot, "npm", "pack", "--json", "--pack-destination", folder);
  assert.equal(packed.status, 0, packed.stderr);
  const [{ filename, files }]: [{ filename: string; files: { path: string }[] }] = JSON.parse(packed.stdout);
  const stray = files.filter(({ path }) => /^(?:dist\/)?(?:test|bench|\.\w+)\//.test(path));
  assert.deepEqual(stray, []);

  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
  const install = run(folder, "npm", "install", "--no-audit", "--no-fund", "--prefer-offline", filename);
  const said = install.stdout + install.stderr;
  if (install.status !== 0 && /registry could not be reached/.test(explainNpm(said)))
    return t.skip("the package registry cannot be reached");
  assert.equal(install.status, 0, said);

  const doctor = run(folder, "npx", "--no-install", "gpic-lab", "doctor", "--json");
  const rows: { what: string; state: string }[] = JSON.parse(doctor.stdout);
  assert.equal(doctor.status, rows.some(({ state }) => state === "lacking") ? 1 : 0, doctor.stderr);
  assert.equal(rows.find(({ what }) => what === "Node")?.state, "ok");

  const names = packageExports();
  const script = `for (const name of ${JSON.stringify(names)}) console.log(name, Object.keys(await import(name)).length);`;
  const imports = run(folder, process.execPath, "--input-type=module", "--eval", script);
  assert.equal(imports.status, 0, imports.stderr);
  for (const line of imports.stdout.trim().split("\n")) assert.match(line, /^gpic-lab\/\w+ [1-9]\d*$/);
  assert.equal(imports.stdout.trim().split("\n").length, names.length);
});
