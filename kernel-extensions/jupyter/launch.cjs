// What the kernelspec starts: node launch.cjs CONNECTION_FILE. In a checkout it first brings packages and build up to date.
// Nothing is printed to standard output, which belongs to the cells once the session is there.
"use strict";

var fs = require("fs");
var path = require("path");
var root = path.resolve(__dirname, "..", "..");

(fs.existsSync(path.join(root, "tsconfig.json"))
  ? require("../setup/bootstrap.cjs").ensureReady()
  : Promise.resolve()
)
  .then(function () {
    return import("../../dist/kernel-extensions/jupyter/kernel.js");
  })
  .then(function (kernel) {
    if (process.argv.length !== 3)
      throw new TypeError(
        "Cannot start: the path of a connection file is needed; Jupyter starts the kernel with one (see npm run lab)",
      );
    return kernel.runKernel(process.argv[2]);
  })
  .catch(function (error) {
    process.stderr.write("gpic-lab kernel: " + error.message + "\n");
    process.exitCode = 1;
  });
