// What is right on a page, as a person would see it?
import { leadsSomewhere } from "./built-pages.mjs";

const seconds = 1000;

/** What is wrong with a page as it was loaded: what it noted, and what it asks for elsewhere. */
export function faultsOfLoading(site, { errors, requests }) {
  const elsewhere = requests.filter((address) => !address.startsWith(site) && !/^(data|blob):/.test(address));
  return [...errors, ...elsewhere.map((address) => `a request to ${address}`)];
}

/** Links of a page that lead nowhere on this site. */
export async function deadLinks(page, site) {
  const links = await page.$$eval("a[href]", (elements) => elements.map(({ href }) => href));
  const inner = [...new Set(links)].filter((href) => href.startsWith(site));
  return inner.filter((href) => !leadsSomewhere(href)).map((href) => `a link to ${href.slice(site.length)}`);
}

/** Formulas that could not be set. */
export async function brokenFormulas(page) {
  const broken = await page.locator(".katex-error").allInnerTexts();
  const raw = await page.$$eval(".vp-doc p", (paragraphs) =>
    paragraphs.map((paragraph) => paragraph.textContent).filter((text) => text.includes("$$")),
  );
  return [...broken, ...raw].map((text) => `a formula that is not set: ${text.slice(0, 80)}`);
}

/** What sticks out of a page of the width of a phone. */
export async function overflow(page) {
  const size = page.viewportSize();
  await page.setViewportSize({ width: 390, height: 844 });
  const [wide, seen] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  await page.setViewportSize(size);
  return wide > seen ? [`on a phone it is ${wide} px wide, of which ${seen} are seen`] : [];
}

/** Runs a snippet, and tells what it shows. */
export async function runSnippet(snippet) {
  await snippet.locator(".run").click();
  await snippet.and(snippet.page().locator("[data-state=done]")).waitFor({ timeout: 60 * seconds });
  return {
    status: await snippet.locator(".status").innerText(),
    agreeing: await snippet.locator(".result.agrees").count(),
    wrong: await snippet.locator(".result.disagrees, .result.error").allInnerTexts(),
  };
}

/** What is wrong with the snippets of a page, of which each should make so many claims; undefined stands for one that needs Node. */
export async function faultsOfSnippets(page, claims) {
  const snippets = page.locator(".snippet");
  const count = await snippets.count();
  const faults = [];
  if (count !== claims.length) faults.push(`${count} snippets, not ${claims.length}`);
  for (let i = 0; i < Math.min(count, claims.length); i++) {
    const snippet = snippets.nth(i);
    if (claims[i] === undefined) {
      if ((await snippet.locator(".needs").count()) !== 1)
        faults.push(`snippet ${i + 1} does not say that it needs Node`);
      continue;
    }
    const { agreeing, wrong, status } = await runSnippet(snippet);
    faults.push(...wrong.map((text) => `snippet ${i + 1}: ${text}`));
    if (agreeing !== claims[i]) faults.push(`snippet ${i + 1}: ${agreeing} of ${claims[i]} claims agree (${status})`);
  }
  return faults;
}

/** The bytes that come over the wire until the first page is at rest. */
export async function weightOf(page, address) {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  let bytes = 0;
  session.on("Network.loadingFinished", ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await page.goto(address, { waitUntil: "networkidle" });
  await session.detach();
  return bytes;
}

/** Opens the editor of a snippet and puts another text in place of its own. */
export async function rewrite(snippet, text) {
  await snippet.locator(".edit").click();
  const editor = snippet.locator(".cm-content");
  await editor.waitFor();
  await editor.press("Control+a");
  await snippet.page().keyboard.insertText(text);
}
