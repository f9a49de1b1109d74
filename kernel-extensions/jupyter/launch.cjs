// What the kernelspec starts: node launch.cjs CONNECTION_FILE. In a checkout it first brings packages and build up to date.
// Nothing is ever printed to standard output: Jupyter would show it in its own log, or read it as a result.
"use strict";

var fs = require("fs");
var path = require("path");
var root = path.resolve(__dirname, "..", "..");

if (fs.existsSync(path.join(root, "tsconfig.json"))) require("../setup/bootstrap.cjs").ensureReady();

import("../../dist/kernel-extensions/jupyter/kernel.js")
  .then(function (kernel) {
    if (process.argv.length !== 3)
      throw new TypeError("Cannot start the kernel: the path of a connection file is needed, got none");
    return kernel.runKernel(process.argv[2]);
  })
  .catch(function (error) {
    process.stderr.write("gpic-lab kernel: " + error.message + "\n");
    process.exitCode = 1;
  });
