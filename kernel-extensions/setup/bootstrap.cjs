// The set-up that every command of a checkout begins with: Node's version, the packages, the built library.
// Only Node's built-in modules, and old syntax, so that an old Node can still run it far enough to say that it is old.
// Each step looks whether it is needed, and leaves its stamp only when it is done: what was interrupted is done again.
"use strict";

var path = require("path");
var root = path.resolve(__dirname, "..", "..");
var MINIMUM_NODE = "20.19";

function fail(message) {
  process.stderr.write("gpic-lab: " + message + "\n");
  process.exit(1);
}

function nodeIsNewEnough(version) {
  var parts = version.split(".").map(Number);
  if (parts[0] === 20) return parts[1] >= 19;
  if (parts[0] === 22) return parts[1] >= 12; // the first 22 that can require() an ES module, as 20.19 can
  return parts[0] > 22;
}

if (!nodeIsNewEnough(process.versions.node)) {
  fail(
    "Node " +
      MINIMUM_NODE +
      " or newer is needed (22.12 or newer of the 22 line), this is " +
      process.versions.node +
      ". Install a current Node from https://nodejs.org and run the same command again.",
  );
}

var fs = require("fs");
var crypto = require("crypto");
var childProcess = require("child_process");

var NEEDED_BYTES = 700 * 1024 * 1024; // node_modules 300 MB, npm's cache of the same, the build
var STATE = path.join(root, ".gpic-lab");
var PACKAGES_STAMP = path.join(root, "node_modules", ".gpic-lab-stamp");
var DIST = path.join(root, "dist");
var BUILD_STAMP = path.join(DIST, ".stamp");

function sha256(text) {
  return crypto.createHash("sha256").update(text).digest("hex");
}

function readOrEmpty(file) {
  try {
    return fs.readFileSync(file, "utf8");
  } catch (_) {
    return "";
  }
}

function writeStamp(file, text) {
  fs.writeFileSync(file + ".new", text);
  fs.renameSync(file + ".new", file);
}

function say(text) {
  process.stderr.write(text + "\n");
}

/** What the installed packages depend on: the lock file, the install rules, and this Node's binary interface. */
function packagesState() {
  return sha256(
    ["package-lock.json", ".npmrc"]
      .map(function (name) {
        return readOrEmpty(path.join(root, name));
      })
      .concat([process.versions.modules, process.platform, process.arch])
      .join("\0"),
  );
}

/** What the build depends on: each TypeScript source, the compiler's options and version. */
function sourcesState() {
  var hash = crypto.createHash("sha256");
  hash.update(readOrEmpty(path.join(root, "tsconfig.json")));
  hash.update(readOrEmpty(path.join(root, "node_modules", "typescript", "package.json")));
  ["lib", "kernel-extensions", "test", "data"].forEach(function (folder) {
    listSources(path.join(root, folder)).forEach(function (file) {
      hash.update(path.relative(root, file)).update("\0").update(fs.readFileSync(file)).update("\0");
    });
  });
  return hash.digest("hex");
}

function listSources(folder) {
  var found = [];
  var entries;
  try {
    entries = fs.readdirSync(folder, { withFileTypes: true });
  } catch (_) {
    return found;
  }
  entries.sort(function (a, b) {
    return a.name < b.name ? -1 : 1;
  });
  entries.forEach(function (entry) {
    var full = path.join(folder, entry.name);
    if (entry.isDirectory()) found = found.concat(listSources(full));
    else if (/\.ts$/.test(entry.name)) found.push(full);
  });
  return found;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** One set-up at a time: a second one waits for the first, and takes over where the first has died. */
function withLock(work) {
  var lock = path.join(STATE, "setup.lock");
  fs.mkdirSync(STATE, { recursive: true });
  var said = false;
  for (;;) {
    try {
      fs.writeFileSync(lock, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      var owner = Number(readOrEmpty(lock));
      if (!owner || !isAlive(owner)) {
        fs.rmSync(lock, { force: true });
        continue;
      }
      if (!said) say("Another set-up of this checkout is running (process " + owner + "); waiting for it.");
      said = true;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
  try {
    return work();
  } finally {
    fs.rmSync(lock, { force: true });
  }
}

function checkDisk() {
  if (!fs.statfsSync) return;
  var disk = fs.statfsSync(root);
  var free = disk.bavail * disk.bsize;
  if (free < NEEDED_BYTES) {
    fail(
      "not enough disk space: set-up needs about " +
        Math.round(NEEDED_BYTES / 1e6) +
        " MB, " +
        Math.round(free / 1e6) +
        " MB are free on the disk of " +
        root +
        ". Free some and run the same command again.",
    );
  }
}

/** One line for what npm said: the cause where it is known, and what to do next. */
function explainNpm(output) {
  if (/ENOSPC/.test(output))
    return "no disk space was left while the packages were installed. Free about 700 MB and run the same command again.";
  if (
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET|ENOTCACHED|network/i.test(
      output,
    )
  )
    return "the package registry could not be reached. Connect to the network, or name a mirror with `npm config set registry ADDRESS`, and run the same command again.";
  if (/EINTEGRITY/.test(output))
    return "a downloaded package is damaged (its hash is not the lock file's). Run `npm cache verify`, then the same command again.";
  if (/EACCES|EPERM|EROFS/.test(output))
    return (
      "the packages could not be written into " +
      root +
      ": no permission. Make the folder writable and run the same command again."
    );
  var lines = output.split("\n").filter(function (line) {
    return /error/i.test(line);
  });
  return (
    "npm ci failed: " +
    (lines[0] || "no reason given").replace(/^npm (error|ERR!)\s*/, "") +
    ". Run `npm ci` to see all that it says."
  );
}

function installPackages() {
  checkDisk();
  say("Installing the packages that package-lock.json names (once; about 10 s with a full npm cache) ...");
  var npm = childProcess.spawnSync("npm", ["ci", "--no-audit", "--no-fund"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === "win32",
  });
  if (npm.error)
    fail(
      npm.error.code === "ENOENT"
        ? "npm was not found beside node. Install Node with npm and run the same command again."
        : explainNpm(String(npm.error)),
    );
  if (npm.signal) process.exit(1);
  if (npm.status !== 0) fail(explainNpm(npm.stdout + npm.stderr));
  writeStamp(PACKAGES_STAMP, packagesState());
}

/** Compiles into a folder beside `dist` and swaps the two, so that nobody ever loads half a build. */
function build(state) {
  say("Building the library ...");
  var fresh = path.join(root, "dist.building");
  fs.rmSync(fresh, { recursive: true, force: true });
  var compiler = childProcess.spawnSync(
    process.execPath,
    [path.join(root, "node_modules", "typescript", "bin", "tsc"), "-p", root, "--outDir", fresh],
    { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
  );
  if (compiler.error) fail("the compiler could not be started: " + compiler.error.message);
  if (compiler.signal) process.exit(1);
  if (compiler.status !== 0) {
    process.stderr.write(compiler.stdout + compiler.stderr);
    fail("the library does not compile; mend the errors above and run the same command again.");
  }
  fs.writeFileSync(path.join(fresh, ".stamp"), state);
  fs.rmSync(DIST, { recursive: true, force: true });
  fs.renameSync(fresh, DIST);
}

/** Brings packages and build up to date; returns at once where nothing changed. */
function ensureReady() {
  var packagesOk = function () {
    return readOrEmpty(PACKAGES_STAMP) === packagesState();
  };
  var buildOk = function () {
    return readOrEmpty(BUILD_STAMP) === sourcesState();
  };
  if (packagesOk() && buildOk()) return;
  withLock(function () {
    try {
      if (!packagesOk()) installPackages();
      var state = sourcesState();
      if (readOrEmpty(BUILD_STAMP) !== state) build(state);
    } catch (error) {
      if (error && error.code === "ENOSPC")
        fail("no disk space left while setting up. Free about 700 MB and run the same command again.");
      if (error && (error.code === "EACCES" || error.code === "EROFS"))
        fail(
          "cannot write " +
            error.path +
            ": no permission. Make " +
            root +
            " writable and run the same command again.",
        );
      throw error;
    }
  });
}

module.exports = { ensureReady: ensureReady, nodeIsNewEnough: nodeIsNewEnough, explainNpm: explainNpm };

if (require.main === module) {
  var task = process.argv[2];
  ensureReady();
  if (task !== "build") {
    import("../../dist/kernel-extensions/setup/tasks.js")
      .then(function (tasks) {
        return tasks.runTask(task, process.argv.slice(3));
      })
      .then(
        function (code) {
          process.exitCode = code;
        },
        function (error) {
          process.stderr.write(
            "gpic-lab: " +
              (process.argv.includes("--verbose") && error.stack ? error.stack : error.message) +
              "\n",
          );
          process.exitCode = 1;
        },
      );
  }
}
