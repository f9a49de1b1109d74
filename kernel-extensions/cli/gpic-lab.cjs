#!/usr/bin/env node
// The `gpic-lab` command. In a checkout it first brings packages and build up to date; an installed package is ready as it is.
"use strict";

var fs = require("fs");
var path = require("path");
var root = path.resolve(__dirname, "..", "..");

if (fs.existsSync(path.join(root, "tsconfig.json"))) require("../setup/bootstrap.cjs").ensureReady();

import("../../dist/kernel-extensions/cli/main.js")
  .then(function (cli) {
    return cli.main(process.argv.slice(2));
  })
  .then(function (code) {
    process.exitCode = code;
  });
