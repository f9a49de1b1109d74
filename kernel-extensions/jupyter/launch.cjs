// What the kernelspec starts: `node launch.cjs CONNECTION_FILE`. In a checkout it first brings the build up to date.
"use strict";

var fs = require("fs");
var path = require("path");
var root = path.resolve(__dirname, "..", "..");

(fs.existsSync(path.join(root, "tsconfig.json"))
  ? require("../setup/bootstrap.cjs").ensureReady()
  : Promise.resolve()
)
  .then(() => import("../../dist/kernel-extensions/jupyter/kernel.js"))
  .then((kernel) => kernel.runKernel(process.argv[2]));
