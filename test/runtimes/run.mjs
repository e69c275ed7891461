// Does every runtime give the same bits? run.mjs [--only TEXT] [--fault RUNTIME]
//
// Every runtime computes the same values from the built library; the table has one line for each, and the command fails if one is
// missing or differs. --only takes the runtimes whose name begins so; --fault gives one of them a library that is wrong.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { compare } from "./compare.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "../..");
const installed = (path) => join(here, "node_modules", path);
const { values: flags } = parseArgs({
  options: { only: { type: "string", multiple: true }, fault: { type: "string" } },
});

const node = (program, ...given) => ({ program, given: [join(here, "process.mjs"), ...given] });
const own = process.execPath;
/** The file of each runtime, and what it is given. */
const processes = {
  "this Node": node(own, "node"),
  "this Node, single modules": node(own, "single"),
  "this Node, file for pages": node(own, "page"),
  "this Node, no WebAssembly": node(own, "node", "no-webassembly"),
  "this Node, two threads": node(own, "page", "threads"),
  "Node 20": node(installed("node20/bin/node"), "node"),
  "Node 22": node(installed("node22/bin/node"), "node"),
  "Node 24": node(installed("node24/bin/node"), "node"),
  Bun: node(installed("@oven/bun-linux-x64/bin/bun"), "node"),
  Deno: node(installed("@deno/linux-x64-glibc/deno"), "node"),
};
processes.Deno.given.unshift("run", "--allow-read", "--allow-env", "--no-config", "--no-lock", "--no-remote");

async function runProcess(runtime) {
  const { program, given } = processes[runtime];
  if (!existsSync(program)) {
    return {
      runtime,
      absent: "is missing",
      why: `expected ${program}, which npm ci --prefix test/runtimes installs on Linux, x64, with glibc`,
    };
  }
  const options = runtime === flags.fault ? ["fault"] : [];
  try {
    const { stdout } = await promisify(execFile)(program, [...given, ...options], {
      maxBuffer: 2 ** 30,
      timeout: 300_000,
    });
    return { runtime, webAssembly: !given.includes("no-webassembly"), ...JSON.parse(stdout) };
  } catch (error) {
    return { runtime, absent: "failed", why: error.message.slice(0, 2000) };
  }
}

const types = { ".js": "text/javascript", ".mjs": "text/javascript", ".html": "text/html", ".map": "application/json" };
const inWorker = (query) =>
  `<script type="module">
    const worker = new Worker("/test/runtimes/page.mjs${query}", { type: "module" });
    worker.onmessage = ({ data }) => { globalThis.report = data; };
    worker.onerror = ({ message }) => { throw new Error("the worker failed: " + message); };
  </script>`;
const pages = {
  "Chromium page": (query) => `<script type="module" src="/test/runtimes/page.mjs${query}"></script>`,
  "Chromium worker": inWorker,
  "Chromium worker, two threads": (query) => inWorker(query ? `${query}&threads` : "?threads"),
};

/** Only pages that are served so may have memory that threads share. */
const isolated = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

/** Serves the files of the package and of this folder to this machine, and the pages. */
async function serve() {
  const server = createServer(async ({ url }, response) => {
    const { pathname, searchParams } = new URL(url, "http://localhost");
    const page = pages[searchParams.get("runtime")];
    try {
      const query = searchParams.has("fault") ? "?fault" : "";
      const body = page ? `<!doctype html><title>values</title>${page(query)}` : await readFile(join(root, pathname));
      response.writeHead(200, {
        ...isolated,
        "content-type": page ? types[".html"] : (types[extname(pathname)] ?? "text/plain"),
      });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return server;
}

const chromium = [
  process.env.CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
].find((path) => path && existsSync(path));

async function runPages(runtimes) {
  const missing = (why) => runtimes.map((runtime) => ({ runtime, absent: "is missing", why }));
  if (!existsSync(installed("playwright-core")))
    return missing("npm ci --prefix test/runtimes installs playwright-core");
  if (!chromium) return missing("expected Chromium in /usr/bin, or its path in the variable CHROMIUM");
  const { default: playwright } = await import("playwright-core");
  const quiet = ["background-networking", "component-update", "sync"].map((what) => `--disable-${what}`);
  const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", ...quiet];
  const [server, browser] = [await serve(), await playwright.chromium.launch({ executablePath: chromium, args })];
  const reports = [];
  for (const runtime of runtimes) {
    const page = await browser.newPage();
    const failed = new Promise((_, reject) => {
      page.on("pageerror", reject);
    });
    failed.catch(() => {});
    try {
      const query = new URLSearchParams({ runtime, ...(runtime === flags.fault ? { fault: "" } : {}) });
      await page.goto(`http://127.0.0.1:${server.address().port}/?${query}`);
      await Promise.race([page.waitForFunction("globalThis.report", null, { timeout: 300_000 }), failed]);
      const report = JSON.parse(await page.evaluate("JSON.stringify(globalThis.report)"));
      reports.push({ runtime, version: browser.version(), webAssembly: true, ...report });
    } catch (error) {
      reports.push({ runtime, absent: "failed", why: error.message });
    }
    await page.close();
  }
  await browser.close();
  server.close();
  return reports;
}

const wanted = (names) => names.filter((name) => (flags.only ?? [""]).some((start) => name.startsWith(start)));
if (flags.fault !== undefined && !(flags.fault in processes) && !(flags.fault in pages)) {
  throw new Error(
    `--fault: expected one of ${Object.keys({ ...processes, ...pages }).join(", ")}, received ${flags.fault}`,
  );
}
const reports = [];
for (const runtime of wanted(Object.keys(processes))) reports.push(await runProcess(runtime));
const withPages = wanted(Object.keys(pages));
if (withPages.length > 0) reports.push(...(await runPages(withPages)));

const { table, problems } = compare(reports);
console.log(table);
for (const problem of problems) console.log(problem);
if (problems.length === 0) console.log(`the same bits in all ${reports.length}`);
const failed = Math.min(problems.length, reports.length);
console.log(`${reports.length - failed} passed, ${failed} failed`);
process.exitCode = problems.length === 0 ? 0 : 1;
