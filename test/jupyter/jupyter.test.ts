import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { packageFile } from "../../lib/io/index.js";
import { Place, skip } from "./python.js";

const LIMIT = { skip, timeout: 240_000 };

describe("the kernel under Jupyter's own programs", LIMIT, () => {
  let place: Place;
  before(() => {
    place = new Place();
  });
  after(() => place.remove());

  for (const [script, what] of [
    ["protocol.py", "jupyter_kernel_test passes"],
    ["interrupts.py", "interrupts, restart and shutdown do what jupyter_client expects"],
  ] as const) {
    test(what, LIMIT, async () => {
      const { status, output } = await place.run([packageFile("test", "jupyter", script)]);
      assert.equal(status, 0, output);
      assert.match(output, /^Ran [1-9]/m);
    });
  }

  test("nbconvert runs a good notebook and writes its outputs", LIMIT, async () => {
    const { status, output } = await execute("good", [
      "const x: number = 20;",
      "x + 22",
      "console.log('last')",
    ]);
    assert.equal(status, 0, output);
    const { cells } = JSON.parse(readFileSync(join(place.folder, "good.done.ipynb"), "utf8"));
    assert.deepEqual(cells[1].outputs[0].data["text/plain"], ["42"]);
    assert.deepEqual(cells[2].outputs[0].text, ["last\n"]);
  });

  for (const [name, code, shown] of [
    ["throws", "throw new RangeError('on purpose')", /^RangeError: on purpose$/m],
    ["rejects", "await Promise.reject(new TypeError('on purpose'))", /^TypeError: on purpose$/m],
    ["rejects-unheard", "void Promise.reject(new EvalError('on purpose')); 1", /^EvalError: on purpose$/m],
    [
      "does-not-type-check",
      "const wrong: number = 'text'",
      /Type 'string' is not assignable to type 'number'/,
    ],
    ["exits", "process.exit(0)", /^ExitInCell: Cannot leave the kernel from a cell/m],
  ] as const) {
    test(`nbconvert fails on a notebook whose cell ${name}, and shows why`, LIMIT, async () => {
      const { status, output } = await execute(name, ["1", code, "console.log('never')"]);
      assert.notEqual(status, 0, output);
      assert.match(stripVTControlCharacters(output), shown);
    });
  }

  /** Writes a notebook of these cells and executes it with nbconvert. */
  function execute(name: string, cells: readonly string[]) {
    const notebook = {
      nbformat: 4,
      nbformat_minor: 5,
      metadata: {
        kernelspec: { name: "gpic-lab", display_name: "TypeScript (gpic-lab)", language: "typescript" },
      },
      cells: cells.map((source, i) => ({
        id: `cell-${i}`,
        cell_type: "code",
        source,
        metadata: {},
        outputs: [],
        execution_count: null,
      })),
    };
    writeFileSync(join(place.folder, `${name}.ipynb`), JSON.stringify(notebook));
    const words = ["-m", "nbconvert", "--to", "notebook", "--execute", `${name}.ipynb`];
    return place.run([...words, "--output", `${name}.done`]);
  }
});
