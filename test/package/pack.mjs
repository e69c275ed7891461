// What would a user get: the package as it is published, installed in a project that has nothing else?
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const npm = (cwd, ...given) => execFileSync("npm", given, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

/** Packs a folder into another one: the path of the archive, and how large it is. */
function pack(from, to) {
  const [{ filename, size, unpackedSize }] = JSON.parse(
    npm(from, "pack", "--ignore-scripts", "--json", "--pack-destination", to),
  );
  return { archive: join(to, filename), size, unpackedSize };
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

/** A project in a folder of its own, into which the archive is installed. */
function install(work, name, archive, manifest) {
  const project = join(work, name);
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), JSON.stringify({ name, version: "1.0.0", private: true, ...manifest }));
  npm(project, "install", "--no-audit", "--no-fund", "--offline", archive);
  return project;
}

/** The folder of a package that the library's own development installs. */
function installedPackage(name) {
  const folder = join(root, "node_modules", name);
  if (!existsSync(folder)) throw new Error(`expected ${name} in node_modules: npm ci installs it`);
  return folder;
}

/**
 * Packs the built package, with a fault on request: a function that changes the unpacked package. Gives two projects that have
 * installed it: one of ES modules with nothing else, and one of CommonJS with fast-check beside it.
 */
export function publish(fault) {
  if (!existsSync(join(root, "dist/node/index.js"))) throw new Error("expected a built package: npm run build");
  const work = mkdtempSync(join(tmpdir(), "stillpoint-package-"));
  let packed = pack(root, work);
  if (fault !== undefined) {
    execFileSync("tar", ["xzf", packed.archive, "-C", work]);
    fault(join(work, "package"));
    packed = pack(join(work, "package"), work);
  }
  const empty = install(work, "empty", packed.archive, { type: "module" });
  const tested = install(work, "tested", packed.archive, { type: "commonjs" });
  symlinkSync(installedPackage("fast-check"), join(tested, "node_modules/fast-check"));
  const folder = join(empty, "node_modules/stillpoint");
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return {
    ...packed,
    work,
    empty,
    tested,
    folder,
    manifest,
    consumer: join(dirname(fileURLToPath(import.meta.url)), "consumer"),
  };
}
