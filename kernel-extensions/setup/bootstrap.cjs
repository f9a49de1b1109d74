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
var LOCK = path.join(STATE, "setup.lock");
var NO_SPACE = "no disk space is left. Free about 700 MB and run the same command again.";

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
  ["lib", "kernel-extensions", "test", "bench", "data"].forEach(function (folder) {
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

/** Whether the process lives and is a set-up or one of its children: a number that the system gave to another is not. */
function isSetup(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== "EPERM") return false;
  }
  var commandLine = readOrEmpty("/proc/" + pid + "/cmdline");
  return commandLine === "" ? !fs.existsSync("/proc/self") : isSetupCommand(commandLine);
}

/**
 * Whether a command line, its words ended by NUL as in /proc, is this file's, the command line tool's, or that of
 * one of the two children; a path that merely leads through a folder with the project's name is not.
 */
function isSetupCommand(commandLine) {
  var words = commandLine.split("\0");
  if (/^npm ci( |$)/.test(words[0])) return true; // npm writes its title over its words
  var script = words.slice(1).filter(function (word) {
    return word[0] !== "-";
  })[0];
  var name = path.basename(script || "");
  if (name === "bootstrap.cjs" || name === "gpic-lab.cjs" || name === "gpic-lab") return true;
  if (/^npm(-cli\.js)?$/.test(name)) return words.indexOf("ci") > 0;
  var isCompiler = name === "tsc" || path.basename(words[0]) === "tsc";
  return isCompiler && words.indexOf("--outDir") > 0;
}

/** The lock file names the set-up and, once it runs, its child, which goes on writing when the set-up is killed. */
function lockOwners() {
  return ownersIn(LOCK);
}

function ownersIn(file) {
  return readOrEmpty(file).split(/\s+/).filter(Boolean).map(Number);
}

function pause(milliseconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** One set-up at a time: a second one waits for the first, and takes over where the first and its child have died. */
function takeLock() {
  fs.mkdirSync(STATE, { recursive: true });
  var mine = LOCK + "." + process.pid;
  fs.writeFileSync(mine, String(process.pid));
  var said = false;
  try {
    for (;;) {
      try {
        fs.linkSync(mine, LOCK); // appears with its content, or not at all
        return;
      } catch (error) {
        if (error.code !== "EEXIST") throw error;
      }
      var owners = lockOwners();
      var alive = owners.filter(isSetup);
      if (alive.length === 0) {
        clearLock(owners);
        continue;
      }
      if (!said)
        say("Another set-up of this checkout is running (process " + alive[0] + "); waiting for it.");
      said = true;
      pause(200);
    }
  } finally {
    fs.rmSync(mine, { force: true });
  }
}

/**
 * Takes away the lock of dead owners. Another may have done so and locked since: the file is moved aside, which only
 * one can do, and put back where it is not the one that was looked at.
 */
function clearLock(owners) {
  var aside = LOCK + "." + process.pid + ".dead";
  try {
    fs.renameSync(LOCK, aside);
  } catch (error) {
    if (error.code === "ENOENT") return;
    throw error;
  }
  try {
    if (ownersIn(aside).join() !== owners.join()) fs.linkSync(aside, LOCK);
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  } finally {
    fs.rmSync(aside, { force: true });
  }
}

function releaseLock() {
  if (lockOwners()[0] === process.pid) fs.rmSync(LOCK, { force: true });
}

/** Runs a child of the set-up, whose number goes into the lock while it lives. */
function runChild(command, args, options) {
  return new Promise(function (resolve, reject) {
    var child = childProcess.spawn(
      command,
      args,
      Object.assign({ cwd: root, stdio: ["ignore", "pipe", "pipe"] }, options),
    );
    if (child.pid) writeStamp(LOCK, process.pid + " " + child.pid);
    var output = "";
    var collect = function (chunk) {
      output = (output + chunk).slice(-4 * 1024 * 1024);
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.on("error", reject);
    child.on("close", function (status, signal) {
      resolve({ status: status, signal: signal, output: output });
    });
  });
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
  if (/ENOSPC|no space left/i.test(output)) return NO_SPACE;
  if (
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET|ENOTCACHED|EHOSTUNREACH|network (request|connectivity)/i.test(
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
  return runChild("npm", ["ci", "--no-audit", "--no-fund"], { shell: process.platform === "win32" }).then(
    function (npm) {
      if (npm.signal)
        fail("npm ci was stopped (" + npm.signal + "). Run the same command again; it goes on from there.");
      if (npm.status !== 0) fail(explainNpm(npm.output));
      writeStamp(PACKAGES_STAMP, packagesState());
    },
    function (error) {
      fail(
        error.code === "ENOENT"
          ? "npm was not found. Install Node with npm from https://nodejs.org and run the same command again."
          : explainNpm(String(error)),
      );
    },
  );
}

/** Compiles into a folder beside `dist` and swaps the two, so that nobody ever loads half a build. */
function build(state) {
  say("Building the library ...");
  var fresh = path.join(root, "dist.building");
  var old = path.join(root, "dist.old");
  var compiler = path.join(root, "node_modules", "typescript", "bin", "tsc");
  fs.rmSync(fresh, { recursive: true, force: true });
  return runChild(process.execPath, [compiler, "-p", root, "--outDir", fresh]).then(function (compiled) {
    if (compiled.signal)
      fail("the compiler was stopped (" + compiled.signal + "). Run the same command again.");
    if (/ENOSPC|no space left/i.test(compiled.output)) fail(NO_SPACE);
    if (compiled.status !== 0) {
      process.stderr.write(compiled.output);
      fail("the library does not compile; mend the errors above and run the same command again.");
    }
    fs.writeFileSync(path.join(fresh, ".stamp"), state);
    fs.rmSync(old, { recursive: true, force: true });
    if (fs.existsSync(DIST)) fs.renameSync(DIST, old);
    fs.renameSync(fresh, DIST);
    fs.rmSync(old, { recursive: true, force: true });
  });
}

function packagesReady() {
  return readOrEmpty(PACKAGES_STAMP) === packagesState();
}

function setUp() {
  return (packagesReady() ? Promise.resolve() : installPackages()).then(function () {
    var state = sourcesState();
    return readOrEmpty(BUILD_STAMP) === state ? undefined : build(state);
  });
}

function explainSystem(error) {
  if (error.code === "ENOSPC") fail(NO_SPACE);
  if (error.code === "EACCES" || error.code === "EROFS" || error.code === "EPERM")
    fail(
      "cannot write " +
        error.path +
        ": no permission. Make " +
        root +
        " writable and run the same command again.",
    );
  throw error;
}

/** Brings packages and build up to date; done at once where nothing changed. */
function ensureReady() {
  if (packagesReady() && readOrEmpty(BUILD_STAMP) === sourcesState()) return Promise.resolve();
  return Promise.resolve()
    .then(takeLock)
    .then(setUp)
    .then(releaseLock, function (error) {
      releaseLock();
      throw error;
    })
    .catch(explainSystem);
}

module.exports = {
  ensureReady: ensureReady,
  nodeIsNewEnough: nodeIsNewEnough,
  explainNpm: explainNpm,
  isSetupCommand: isSetupCommand,
  clearLock: clearLock,
};

if (require.main === module) {
  var task = process.argv[2];
  ensureReady()
    .then(function () {
      if (task === "build") return 0;
      return import("../../dist/kernel-extensions/setup/tasks.js").then(function (tasks) {
        return tasks.runTask(task, process.argv.slice(3));
      });
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
}
