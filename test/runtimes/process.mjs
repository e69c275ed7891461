// What does this process make of the values? Node, Bun and Deno run this file: process.mjs LIBRARY [OPTION …].
import process from "node:process";
import { evaluate, withFault } from "./evaluate.mjs";

const built = (path) => import(new URL(`../../dist/${path}`, import.meta.url).href);

/** The entry points of the package, laid out as in the file for pages; `at` leads to the file of each. */
async function joined(at) {
  const [core, random] = [await built(at("index")), await built(at("random"))];
  const rooms = ["fractional", "io", "nn", "optim", "special", "typed-array-ops", "verify", "workers"];
  const [fractional, io, nn, optim, special, typedArrayOps, verify, workers] = await Promise.all(
    rooms.map((room) => built(at(room))),
  );
  return { ...core, ...random, fractional, io, nn, optim, special, typedArrayOps, verify, workers };
}

const libraries = {
  node: () => joined((room) => `node/${room}.js`),
  single: () => joined((room) => (room === "index" ? "index.js" : `${room}/index.js`)),
  page: () => built("browser/stillpoint.js"),
};

const [name, ...options] = process.argv.slice(2);
const library = await libraries[name]();
if (options.includes("no-webassembly")) library.typedArrayOps.setWebAssembly(false);
if (options.includes("threads")) await library.workers.startThreads(2);
const { bun, deno, node } = process.versions;
const report = evaluate(options.includes("fault") ? withFault(library) : library);
process.stdout.write(JSON.stringify({ version: bun ?? deno ?? node, ...report }));
