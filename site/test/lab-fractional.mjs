// Does the page on fractional equations answer to its reader?
import assert from "node:assert/strict";
import { grad, mul, slice, sum, tensor } from "stillpoint";
import { solveCaputo, spectral } from "stillpoint/fractional";
import { mittagLeffler } from "stillpoint/special";
import { looks, movesByKey, textOf, tryPage, until } from "./lab-shared.mjs";

const number = async (page, id) => Number((await textOf(page, id)).replace("−", "-"));
const near = (received, expected, what) =>
  assert.ok(Math.abs(received - expected) < 1e-9, `${what}: expected ${expected}, received ${received}`);

/** What the page shows is what the library gives here. */
async function agrees(page, rate, options, exact) {
  await until("the page has computed", async () => (await textOf(page, "fr-busy")) === "Computed beside the page.");
  const end = (order) => {
    const { values } = solveCaputo((_, u) => mul(-rate, u), 1, { ...options, order, tolerance: 1e-13 });
    return sum(slice(values, [values.shape[0] - 1], [values.shape[0]]));
  };
  near(await number(page, "fr-end"), end(tensor(options.order)).item(), "u(T)");
  near(await number(page, "fr-exact"), exact, "the exact u(T)");
  near(await number(page, "fr-slope"), grad(end)(tensor(options.order)).item(), "∂u(T)/∂α");
}

await tryPage("fractional", "fr-study", async (page, url) => {
  const pictures = ["fr-trajectory", "fr-memory", "fr-slopes", "fr-errors", "fr-study"];
  await agrees(page, 1, { order: 0.6, duration: 5, steps: 32 }, mittagLeffler(0.6, -(5 ** 0.6)));
  await movesByKey(page, "fr-order", pictures);
  await movesByKey(page, "fr-duration", pictures, "ArrowLeft");
  await movesByKey(page, "fr-rate", ["fr-trajectory", "fr-slopes", "fr-errors", "fr-study"]);
  await movesByKey(page, "fr-steps", pictures);
  const options = { order: 0.65, duration: 4.5, steps: 64 };
  await agrees(page, 1.1, options, mittagLeffler(0.65, -1.1 * 4.5 ** 0.65));

  for (const name of ["rectangle", "graded", "convolution", "convolution2", "spectral"]) {
    const before = await looks(page, "fr-study");
    await page.getByTestId("fr-quadrature").selectOption(name);
    await until(`${name} is drawn`, async () => (await looks(page, "fr-study")) !== before);
  }
  const quadrature = spectral({ nodes: 17, panels: 4, exponent: 2 / 0.65 });
  await agrees(page, 1.1, { order: 0.65, duration: 4.5, quadrature }, mittagLeffler(0.65, -1.1 * 4.5 ** 0.65));

  // A start that is none: the library says so, and what was shown and typed stays.
  const before = await looks(page, "fr-trajectory");
  await page.getByTestId("fr-u0").fill("one");
  await until("a message", async () => (await page.getByTestId("fr-problem-text").count()) === 1);
  assert.match(await textOf(page, "fr-problem-text"), /expected u0 to be finite, received NaN/);
  assert.ok((await looks(page, "fr-trajectory")) === before, "the last picture stays");
  assert.equal(await page.getByTestId("fr-u0").inputValue(), "one");
  await page.getByTestId("fr-u0").fill("1");
  await until("no message", async () => (await page.getByTestId("fr-problem-text").count()) === 0);

  // A discrete equation without a solution: the library says so, too.
  await page.getByTestId("fr-problem").selectOption("logistic");
  await movesByKey(page, "fr-steps", [], "Home");
  await until("a message", async () => (await page.getByTestId("fr-problem-text").count()) === 1);
  assert.match(await textOf(page, "fr-problem-text"), /solveCaputo.*: expected a residual ≤ 1e-13 .* take more steps/);
  await movesByKey(page, "fr-steps", [], "End");
  await until("no message", async () => (await page.getByTestId("fr-problem-text").count()) === 0);

  // The page answers while the worker computes.
  await page.getByTestId("fr-problem").selectOption("oscillator");
  await page.getByTestId("fr-order").focus();
  for (let i = 0; i < 6; i++) await page.keyboard.press("ArrowLeft");
  assert.equal(await textOf(page, "fr-order-says"), "1.4");
  await until("the page has computed", async () => (await textOf(page, "fr-busy")) === "Computed beside the page.");
  near(await number(page, "fr-exact"), mittagLeffler(1.4, -4 * 8 ** 1.4), "the exact u(T)");

  const address = page.url();
  await page.goto("about:blank");
  await page.goto(address);
  await page.getByTestId("fr-study").locator("svg").first().waitFor();
  assert.equal(await textOf(page, "fr-order-says"), "1.4");
  await page.goto("about:blank");
  await page.goto(`${url}#problem=none&order=-3&power=1e9&quadrature=constructor`);
  await page.getByTestId("fr-study").locator("svg").first().waitFor();
  assert.equal(await textOf(page, "fr-order-says"), "0.05");
  assert.equal(await textOf(page, "fr-steps-says"), "512 steps");
});
