// How is the whole site built?
import { spawn } from "node:child_process";
import { cpSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { built, pages, site } from "./places.mjs";
import { writeSourcePages } from "./source-pages.mjs";

const run = (command, args) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: site, stdio: "inherit" });
    child.on("error", reject);
    child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`${command} ended with code ${code}`))));
  });

const start = performance.now();
await run(process.execPath, ["stage.mjs"]);
// The book takes one core, the pages of the sources another.
const book = run(join(site, "node_modules", ".bin", "vitepress"), ["build"]);
const aside = join(site, ".vitepress", "source-pages");
const sources = writeSourcePages(JSON.parse(readFileSync(join(pages, "shown.json"), "utf8")), aside);
const [{ files }] = await Promise.all([sources, book]);
cpSync(aside, built, { recursive: true });
rmSync(aside, { recursive: true });
console.log(`site: ${files} pages of source beside the book, ${Math.round((performance.now() - start) / 1000)} s`);
