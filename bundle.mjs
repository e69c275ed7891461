// How does Node load the package from a few files instead of hundreds?
//
// Opening a file takes Node longer than the code in it. The modules that `stillpoint` uses are joined in core.js; the other
// entry points import from there, so that all share one state, and add what they alone need. Everybody else is given the
// single modules, of which a bundler drops those that are not used.
import { readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { rolldown } from "rolldown";

const { exports } = JSON.parse(readFileSync("package.json", "utf8"));
const source = ({ types }) => types.replace("/dist/", "/src/").replace(/\.d\.ts$/, ".ts");
const entries = Object.values(exports).filter(({ node }) => node !== undefined);
/** The texts that engines.mjs wrote stand in place of the module that is to hold them. */
const written = {
  name: "written texts",
  resolveId: (id) => (id === "./engines.js" ? resolve("dist/export/engines.js") : null),
};
const options = {
  plugins: [written],
  external: ["fast-check", "node:worker_threads"],
  resolve: { extensionAlias: { ".js": [".ts"] } },
  tsconfig: false,
};

const alone = await rolldown({ ...options, input: source(exports["."]) });
const { output } = await alone.generate();
const used = new Set(
  output.flatMap(({ modules }) => Object.keys(modules).filter((name) => modules[name].renderedLength > 0)),
);

const all = await rolldown({
  ...options,
  input: {
    ...Object.fromEntries(entries.map((entry) => [basename(entry.node, ".js"), source(entry)])),
    // What a thread runs is looked for beside the module that starts it.
    worker: "src/workers/worker.ts",
  },
  // Only the chunk of the core may export more than the sources do: entry points stay apart from what they share.
  preserveEntrySignatures: "allow-extension",
  experimental: { chunkOptimization: false },
});
// Neither bundler option that shortens names or turns const into var: compiled code reads constants of a module directly.
await all.write({
  dir: "dist/node",
  cleanDir: true,
  chunkFileNames: "shared-[name].js",
  codeSplitting: {
    groups: [{ name: "core", test: (id) => used.has(id) }],
    includeDependenciesRecursively: false,
  },
  comments: false,
  minifyInternalExports: false,
  sourcemap: true,
  sourcemapExcludeSources: true,
});

// A page is given one file, and what a thread runs beside it. Names and white space are shortened, and nothing is rewritten.
for (const [name, input] of [
  ["stillpoint", "src/browser/index.ts"],
  ["worker", "src/workers/worker.ts"],
]) {
  const bundle = await rolldown({ ...options, input: { [name]: input } });
  await bundle.write({
    dir: "dist/browser",
    codeSplitting: false,
    comments: false,
    minify: { compress: false, mangle: { toplevel: true }, codegen: { removeWhitespace: true } },
    sourcemap: true,
    sourcemapExcludeSources: true,
  });
}
