// Which faults do the checks have to notice? Each changes the unpacked package, and names the checks that must fail.
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const edit = (file, change) => (folder) => {
  const path = join(folder, file);
  const before = readFileSync(path, "utf8");
  const after = change(before);
  if (after === before) throw new Error(`the fault changes nothing in ${file}`);
  writeFileSync(path, after);
};
const editManifest = (change) =>
  edit("package.json", (text) => {
    const manifest = JSON.parse(text);
    change(manifest);
    return JSON.stringify(manifest, null, 2);
  });

/** By name: the groups of checks that run, the checks that fail, and the fault. */
export const plants = {
  "a test in the package": [
    "files",
    /^holds/,
    (folder) => {
      mkdirSync(join(folder, "dist/test"));
      writeFileSync(join(folder, "dist/test/planted.js"), "");
    },
  ],
  "no licence": ["files", /^holds/, (folder) => rmSync(join(folder, "LICENSE"))],
  "maps whose sources are left out": [
    "files",
    /^has maps/,
    (folder) => rmSync(join(folder, "src/tape"), { recursive: true }),
  ],
  "a file for pages that is not there": [
    "files",
    /^has every file/,
    editManifest((m) => {
      m.unpkg = "./dist/browser/nothing.js";
    }),
  ],
  "a script that runs at install": [
    "files",
    /^installs nothing/,
    editManifest((m) => {
      m.scripts.postinstall = "node -e 0";
    }),
  ],
  "an entry point that leads nowhere": [
    "modules",
    /^import of stillpoint\/nn$/,
    editManifest((m) => {
      m.exports["./nn"].node = "./dist/node/none.js";
    }),
  ],
  "exports for import alone": [
    "modules",
    /^require of stillpoint,/,
    editManifest((m) => {
      m.exports["."] = { types: m.exports["."].types, import: m.exports["."].default };
    }),
  ],
  "another module for require": [
    "modules",
    /^require of stillpoint,/,
    editManifest((m) => {
      m.exports["."] = { types: m.exports["."].types, require: m.exports["."].default, node: m.exports["."].node };
    }),
  ],
  "a declaration that needs the DOM": [
    "types",
    /without DOM/,
    (folder) => appendFileSync(join(folder, "dist/index.d.ts"), "\nexport declare const canvas: HTMLCanvasElement;\n"),
  ],
  "a declaration that is any": [
    "types",
    /^types by/,
    edit("dist/tensor/tensor.d.ts", (text) =>
      text.replace(/export declare function tensor\([^)]*\)/, "export declare function tensor(...given: any[])"),
    ),
  ],
  "a package for bundlers that computes otherwise": [
    "bundles",
    /^bundle by/,
    edit("dist/tensor/random.js", (text) => text.replace(/(export function random\(seed\) \{)/, "$1 seed += 1;")),
  ],
  "a file for pages that computes otherwise": [
    "bundles",
    /^the file for pages/,
    edit("dist/browser/stillpoint.js", (text) =>
      text.replaceAll("2654435769", "2654435768").replaceAll("466688986", "466688985"),
    ),
  ],
  "an effect at import": [
    "sizes",
    /^what is not imported/,
    (folder) => {
      editManifest((m) => {
        m.sideEffects = true;
      })(folder);
      appendFileSync(
        join(folder, "dist/index.js"),
        '\nimport * as all from "./primitives/index.js"; globalThis.stillpoint = { ...all };\n',
      );
    },
  ],
  "types that no condition reaches": [
    "linters",
    /^publint/,
    editManifest((m) => {
      m.exports["./nn"] = { default: m.exports["./nn"].default, types: m.exports["./nn"].types };
    }),
  ],
  "types that are not there": [
    "linters",
    /^attw/,
    editManifest((m) => {
      m.exports["./nn"].types = "./dist/nn/none.d.ts";
    }),
  ],
};
