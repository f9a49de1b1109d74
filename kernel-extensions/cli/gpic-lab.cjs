#!/usr/bin/env node
// The `gpic-lab` command. In a checkout it first brings packages and build up to date; an installed package is ready as it is.
"use strict";

var os = require("os");
// decoding goes through libuv's threads, four unless somebody says so before the first one starts
process.env.UV_THREADPOOL_SIZE = process.env.UV_THREADPOOL_SIZE || String(Math.max(4, os.cpus().length));

var fs = require("fs");
var path = require("path");
var bootstrap = require("../setup/bootstrap.cjs"); // refuses an old Node in one line
var root = path.resolve(__dirname, "..", "..");

// `gpic-lab claims | head`: a reader that has seen enough is no error.
process.stdout.on("error", function (error) {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

(fs.existsSync(path.join(root, "tsconfig.json")) ? bootstrap.ensureReady() : Promise.resolve())
  .then(function () {
    return import("../../dist/kernel-extensions/cli/main.js");
  })
  .then(function (cli) {
    return cli.main(process.argv.slice(2));
  })
  .then(
    function (code) {
      process.exitCode = code;
    },
    function (error) {
      var verbose = process.argv.includes("--verbose") && error.stack;
      process.stderr.write("gpic-lab: " + (verbose || String(error.message).split("\n")[0]) + "\n");
      process.exitCode = 1;
    },
  );
