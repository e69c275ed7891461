// How does a reader use a page of the lab?
import assert from "node:assert/strict";
import { launch, watch } from "./browser.mjs";
import { openSite } from "./serve.mjs";

const settled = 350;

/** What a picture shows, without its caption and the names that Plot counts up: its SVG and legend, and the pixels of a canvas. */
export const looks = (page, picture) =>
  page.getByTestId(picture).evaluate((box) => {
    const copy = box.cloneNode(true);
    for (const caption of copy.querySelectorAll("figcaption")) caption.remove();
    const pixels = [...box.querySelectorAll("canvas")].map((canvas) => canvas.toDataURL());
    return copy.innerHTML.replace(/plot-[\w-]+/g, "") + pixels.join();
  });

export const textOf = async (page, id) => (await page.getByTestId(id).textContent()).trim();

/** Waits until something holds of the page; says what if it does not. */
export async function until(what, holds, patience = 20_000) {
  const end = Date.now() + patience;
  while (!(await holds())) {
    assert.ok(Date.now() < end, `expected: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Moves a slider by a key, and waits until each of the pictures is another one, and its value is said anew. */
export async function movesByKey(page, slider, pictures, key = "ArrowRight", times = 1) {
  const before = await Promise.all(pictures.map((picture) => looks(page, picture)));
  const said = await textOf(page, `${slider}-says`);
  const input = page.getByTestId(slider);
  await input.focus();
  for (let i = 0; i < times; i++) await page.keyboard.press(key);
  for (const [i, picture] of pictures.entries()) {
    await until(`${slider} by ${key} changes ${picture}`, async () => (await looks(page, picture)) !== before[i]);
  }
  assert.notEqual(await textOf(page, `${slider}-says`), said, `${slider}: its value in words`);
  await page.waitForTimeout(settled);
}

/** Every input has a label, can be reached by Tab and then shows that it has the focus; nothing is wider than the screen. */
export async function checkControls(page) {
  const nameless = await page
    .locator(".lab :is(input, select, textarea)")
    .evaluateAll((inputs) =>
      inputs.filter((input) => !input.labels?.length && !input.ariaLabel).map((input) => input.outerHTML),
    );
  assert.deepEqual(nameless, []);
  const outline = await page.locator(".lab :is(input, select)").first();
  await outline.focus();
  await page.keyboard.press("Tab");
  const seen = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.equal(seen, "solid", "the focus is seen");
}

/**
 * Opens a page of the built site in each scheme and width for a short look, and once for a use of it; fails if anything is
 * reported or is asked of another host.
 */
export async function tryPage(name, ready, use) {
  const site = await openSite();
  const browser = await launch();
  try {
    for (const [width, colorScheme] of [
      [1280, "light"],
      [1280, "dark"],
      [390, "light"],
    ]) {
      const page = await (await browser.newContext({ viewport: { width, height: 900 }, colorScheme })).newPage();
      const seen = watch(page);
      await page.goto(`${site.url}/lab/${name}`);
      await page.getByTestId(ready).locator("svg").first().waitFor();
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= width, `${name} at ${width} px: nothing to scroll to the right, received ${wide}`);
      await checkControls(page);
      if (width > 390 && colorScheme === "light") await use(page, `${site.url}/lab/${name}`);
      assert.deepEqual(seen.errors, [], `${name}: nothing is reported`);
      const abroad = seen.requests.filter((url) => !url.startsWith(site.url) && !/^(data|blob):/.test(url));
      assert.deepEqual(abroad, [], `${name}: nothing comes from elsewhere`);
      await page.context().close();
    }
    console.log(`lab/${name}: passed`);
  } finally {
    await browser.close();
    await site.close();
  }
}
