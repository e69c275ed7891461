// How does a reader use a page of the lab?
import assert from "node:assert/strict";
import { launch, watch } from "./browser.mjs";
import { openSite } from "./serve.mjs";

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
export async function movesByKey(page, slider, pictures, key = "ArrowRight", times = 1, patience = 20_000) {
  const before = await Promise.all(pictures.map((picture) => looks(page, picture)));
  const said = await textOf(page, `${slider}-says`);
  await page.getByTestId(slider).focus();
  for (let i = 0; i < times; i++) await page.keyboard.press(key);
  for (const [i, picture] of pictures.entries()) {
    const changed = async () => (await looks(page, picture)) !== before[i];
    await until(`${slider} by ${key} changes ${picture}`, changed, patience);
  }
  assert.notEqual(await textOf(page, `${slider}-says`), said, `${slider}: its value in words`);
}

/** Every control has a label, is reached by Tab, and is then seen to have the focus. */
export async function checkControls(page) {
  const controls = page.locator(".lab :is(input, select, textarea, button):visible:enabled");
  const nameless = await controls.evaluateAll((all) =>
    all.filter((one) => !one.labels?.length && !one.ariaLabel && !one.textContent.trim()).map((one) => one.outerHTML),
  );
  assert.deepEqual(nameless, [], "every control has a label");
  const ids = await controls.evaluateAll((all) => all.map((one) => one.dataset.testid));
  assert.ok(ids.length > 0 && ids.every(Boolean), `every control has a data-testid, received ${ids}`);
  await controls.first().focus();
  await page.keyboard.press("Shift+Tab");
  const reached = new Set();
  for (let i = 0; i < 3 * ids.length && reached.size < ids.length; i++) {
    await page.keyboard.press("Tab");
    const [id, outline] = await page.evaluate(() => {
      const { dataset, tagName } = document.activeElement;
      return [dataset.testid, tagName && getComputedStyle(document.activeElement).outlineStyle];
    });
    if (!ids.includes(id)) continue;
    assert.notEqual(outline, "none", `${id}: the focus is seen`);
    reached.add(id);
  }
  assert.deepEqual([...reached].sort(), [...ids].sort(), "Tab reaches every control");
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
