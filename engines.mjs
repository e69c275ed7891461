// How does the library get into the pages that exportHtml writes?
//
// For each kind of model, what its page runs is joined and minified into one script, as text, together with its hash. A page
// leaves out what it cannot use: WebAssembly, which its policy forbids, and solvers for equations larger than it takes. An
// operation that is left out is a function that gives nothing.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { rolldown } from "rolldown";
import { minify } from "terser";
import { pageStyle } from "./dist/export/page-style.js";

const webAssembly = /[/\\]webassembly[/\\][\w-]+\.ts$/;
/** Transforms serve long trajectories, iterations many states, polygamma second derivatives; explicit rules are not offered. */
const ofLargeEquations =
  /[/\\](fourier|lag-spectra|solver-window|window-plans|explicit-sweep|dense-output|probe|anderson|newton-krylov|gmres|line-search|auto|broyden|newton|polygamma)\.ts$/;
const longHistory = /[/\\]causal-history\.ts$/;

const pages = {
  function: [webAssembly],
  equilibrium: [webAssembly],
  fractional: [webAssembly, ofLargeEquations],
};

/** A module that exports the names of another one, as functions that give nothing. */
const emptied = (path) =>
  [...readFileSync(path, "utf8").matchAll(/^export (?:const|function) (\w+)/gm)]
    .map(([, name]) => `export const ${name} = () => undefined;`)
    .join("\n");

const leaveOut = (kind) => ({
  name: "leave out",
  load(id) {
    if (kind === "fractional" && longHistory.test(id)) {
      return { code: 'export { directHistory as makeHistory } from "./direct-history.ts";', moduleType: "js" };
    }
    return pages[kind].some((left) => left.test(id)) ? { code: emptied(id), moduleType: "js" } : null;
  },
});

function textOf(text) {
  if (/<\/script|<\/style|<!--|\r/i.test(text))
    throw new Error("engines: a text of the page would end its own element");
  return { text, hash: createHash("sha256").update(text, "utf8").digest("base64") };
}

const scripts = {};
for (const kind of Object.keys(pages)) {
  const bundle = await rolldown({
    input: `src/export/page/start-${kind}.ts`,
    resolve: { extensionAlias: { ".js": [".ts"] } },
    tsconfig: false,
    plugins: [leaveOut(kind)],
  });
  const { output } = await bundle.generate({ format: "iife", minify: true, comments: false });
  const { code } = await minify(output[0].code, {
    toplevel: true,
    ecma: 2020,
    compress: { passes: 3, keep_fargs: false },
  });
  scripts[kind] = textOf(code.trim());
}
const style = textOf(pageStyle);
writeFileSync(
  "dist/export/engines.js",
  `export const scripts = ${JSON.stringify(scripts)};\nexport const style = ${JSON.stringify(style)};\n`,
);
