// What would a user get: the package as it is published, installed in a project that has nothing else?
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const consumer = fileURLToPath(new URL("consumer", import.meta.url));
const npm = (cwd, ...given) => execFileSync("npm", given, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

/** The package as npm publishes it: its archive, how large it is, and a folder that holds what is in it. */
export function pack() {
  if (!existsSync(join(root, "dist/node/index.js"))) throw new Error("expected a built package: npm run build");
  const work = mkdtempSync(join(tmpdir(), "stillpoint-packed-"));
  const said = npm(root, "pack", "--ignore-scripts", "--json", "--pack-destination", work);
  const [{ filename, size, unpackedSize }] = JSON.parse(said);
  const archive = join(work, filename);
  execFileSync("tar", ["xzf", archive, "-C", work]);
  return { work, archive, size, unpackedSize, unpacked: join(work, "package") };
}

/** The paths of all files below a folder, relative to it. */
export const filesBelow = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll("\\", "/"),
    )
    .sort();

/** A project in a folder of its own. */
function makeProject(work, name, type) {
  const project = join(work, name);
  mkdirSync(join(project, "node_modules"), { recursive: true });
  writeFileSync(join(project, "package.json"), JSON.stringify({ name, version: "1.0.0", private: true, type }));
  return project;
}

/** The folder of a package that the library's own development installs. */
function installedPackage(name) {
  const folder = join(root, "node_modules", name);
  if (!existsSync(folder)) throw new Error(`expected ${name} in node_modules: npm ci installs it`);
  return folder;
}

/** A field that is computed when it is read first. */
function lazily(target, name, compute) {
  let value;
  Object.defineProperty(target, name, {
    get() {
      value ??= compute();
      return value;
    },
  });
}

/**
 * Two projects that have the package: `empty` of ES modules with nothing else, into which npm installs the archive, and `tested` of
 * CommonJS with fast-check beside it. With a fault, a function that changes the package, its files are laid there in place of npm.
 */
export function publish(packed, fault) {
  const work = mkdtempSync(join(tmpdir(), "stillpoint-package-"));
  const empty = makeProject(work, "empty", "module");
  const folder = join(empty, "node_modules/stillpoint");
  if (fault === undefined) {
    npm(empty, "install", "--no-audit", "--no-fund", "--offline", packed.archive);
  } else {
    cpSync(packed.unpacked, folder, { recursive: true });
    fault(folder);
  }
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const { size, unpackedSize } = packed;
  const context = { size, unpackedSize, work, empty, folder, manifest, consumer };
  lazily(context, "tested", () => {
    const tested = makeProject(work, "tested", "commonjs");
    cpSync(folder, join(tested, "node_modules/stillpoint"), { recursive: true });
    symlinkSync(installedPackage("fast-check"), join(tested, "node_modules/fast-check"));
    return tested;
  });
  lazily(context, "archive", () => {
    if (fault === undefined) return packed.archive;
    const archive = join(work, "planted.tgz");
    const renamed = ["--transform", "s,^stillpoint,package,"];
    execFileSync("tar", ["czf", archive, ...renamed, "-C", join(folder, ".."), "stillpoint"]);
    return archive;
  });
  return context;
}
