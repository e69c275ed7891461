// Does the built site do what it should, as a person would see it in a browser?
//
//     node site/test/run.mjs                    all pages, then every planted fault has to be noticed
//     node site/test/run.mjs --plant snippet    the home page with a planted fault: it fails

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { launch, watch } from "./browser.mjs";
import { chapters, pageAddresses } from "./built-pages.mjs";
import {
  brokenFormulas,
  deadLinks,
  desk,
  faultsOfLoading,
  faultsOfSnippets,
  overflow,
  phone,
  weightOf,
} from "./checks.mjs";
import { plants } from "./plants.mjs";
import { openSite } from "./serve.mjs";
import { uses } from "./uses.mjs";

const tabs = 3;
const heaviest = 300_000;
const chapterAt = new Map(chapters().map((chapter) => [chapter.address, chapter]));

let passed = 0;
let failed = 0;
const totals = { pages: 0, snippets: 0, claims: 0, needNode: 0 };
function report(name, faults) {
  if (faults.length === 0) passed++;
  else {
    failed++;
    console.log(`✗ ${name}\n${[...new Set(faults)].map((fault) => `    ${fault}`).join("\n")}`);
  }
}

/** Every check of one page. */
async function faultsOf(page, noted, site, address) {
  noted.errors.length = 0;
  noted.requests.length = 0;
  const isSource = address.startsWith("/source/");
  await page.goto(site + address, { waitUntil: isSource ? "load" : "networkidle" });
  const chapter = chapterAt.get(address);
  const faults = chapter ? await faultsOfSnippets(page, chapter.claims) : [];
  faults.push(...(await deadLinks(page, site)), ...(await brokenFormulas(page)), ...(await overflow(page)));
  faults.push(...faultsOfLoading(site, noted));
  totals.pages++;
  for (const claims of chapter?.claims ?? []) {
    if (claims === undefined) totals.needNode++;
    else totals.snippets++;
    totals.claims += claims ?? 0;
  }
  return faults;
}

async function visit(browser, site, addresses, viewport, tell) {
  const queue = [...addresses];
  const tab = async () => {
    const context = await browser.newContext({ viewport });
    const page = await context.newPage();
    const noted = watch(page);
    for (let address = queue.shift(); address !== undefined; address = queue.shift()) {
      try {
        tell(address, await faultsOf(page, noted, site, address));
      } catch (error) {
        tell(address, [error.message]);
      }
    }
    await context.close();
  };
  await Promise.all(Array.from({ length: Math.min(tabs, addresses.length) }, tab));
}

async function faultsOfWeight(browser, site, say = () => {}) {
  const page = await browser.newPage();
  const bytes = await weightOf(page, `${site}/`);
  await page.close();
  const kilobytes = Math.round(bytes / 1000);
  say(`the first page weighs ${kilobytes} kB`);
  return bytes < heaviest ? [] : [`the first page weighs ${kilobytes} kB, not below ${heaviest / 1000}`];
}

/** Programs that use a page as its reader would: the lab, whether its checks notice faults, and models on a page of their own. */
const programs = ["fixed-point", "fractional", "training", "digits", "tape"].map((page) => `lab-${page}.mjs`);
programs.push("lab-checks.mjs", "export.mjs");

async function faultsOfProgram(program) {
  try {
    await promisify(execFile)(process.execPath, [new URL(program, import.meta.url).pathname], { timeout: 300_000 });
    return [];
  } catch (error) {
    return [String(error.stderr || error.message).slice(0, 2000)];
  }
}

/** The home page with a planted fault. */
async function faultsOfPlanted(browser, name) {
  const { url, close } = await openSite({ alter: (text, path) => (path === "/" ? plants[name].alter(text) : text) });
  const faults = name === "weight" ? await faultsOfWeight(browser, url) : [];
  await visit(browser, url, ["/"], desk, (_, found) => faults.push(...found));
  await close();
  return faults;
}

async function testAll(browser) {
  const { url, close } = await openSite();
  const addresses = pageAddresses();
  // The longest come first, so that the tabs end together.
  const weight = (address) => chapterAt.get(address)?.claims.length ?? -1;
  addresses.sort((a, b) => weight(b) - weight(a));
  const isSource = (address) => address.startsWith("/source/");
  await visit(
    browser,
    url,
    addresses.filter((address) => !isSource(address)),
    desk,
    report,
  );
  await visit(browser, url, addresses.filter(isSource), phone, report);
  report(
    "every chapter has a page",
    [...chapterAt.keys()].filter((address) => !addresses.includes(address)),
  );
  report("the weight of the first page", await faultsOfWeight(browser, url, console.log));
  for (const [name, use] of uses) {
    const context = await browser.newContext({ viewport: desk });
    const page = await context.newPage();
    const noted = watch(page);
    const faults = await use(page, url).catch((error) => [error.message]);
    report(name, [...faults, ...faultsOfLoading(url, noted)]);
    await context.close();
  }
  await close();
  for (const program of programs) report(program, await faultsOfProgram(program));
  const { pages, snippets, claims, needNode } = totals;
  console.log(
    `${pages} pages; ${snippets} snippets with ${claims} claims ran, ${needNode} need Node; ${programs.length} programs used the lab and models`,
  );
  for (const [name, plant] of Object.entries(plants)) {
    const faults = await faultsOfPlanted(browser, name);
    const noticed = faults.some((fault) => plant.report.test(fault));
    report(`a planted fault is noticed: ${name}`, noticed ? [] : [`it was not: ${faults.join("; ") || "all passed"}`]);
  }
}

const [flag, planted] = process.argv.slice(2);
if (flag !== undefined && (flag !== "--plant" || !(planted in plants))) {
  console.error(`expected nothing, or --plant and one of ${Object.keys(plants).join(", ")}`);
  process.exit(2);
}
const start = performance.now();
const browser = await launch();
try {
  if (planted) report(`the home page with a planted fault: ${planted}`, await faultsOfPlanted(browser, planted));
  else await testAll(browser);
} finally {
  await browser.close();
}
console.log(`${passed} passed, ${failed} failed, ${Math.round((performance.now() - start) / 1000)} s`);
process.exitCode = failed === 0 ? 0 : 1;
