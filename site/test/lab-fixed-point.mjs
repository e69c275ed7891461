// Does the page on fixed points answer to its reader?
import assert from "node:assert/strict";
import { add, fixedPoint, grad, mul, sub, tanh, tensor } from "stillpoint";
import { looks, movesByKey, textOf, tryPage, until } from "./lab-shared.mjs";

const number = async (page, id) => Number((await textOf(page, id)).replace("−", "-"));
const near = (received, expected, what) =>
  assert.ok(Math.abs(received - expected) < 1e-8, `${what}: expected ${expected}, received ${received}`);

/** What the page shows is what the library gives here. */
async function agrees(page, f, { a, b }) {
  const solve = (p) => fixedPoint((z) => f(z, p.a, p.b), 0.6, { tolerance: 1e-13 });
  const at = { a: tensor(a), b: tensor(b) };
  near(await number(page, "fp-solution"), solve(at).item(), "z*");
  const gradient = grad(solve)(at);
  near(await number(page, "fp-gradient-a"), gradient.a.item(), "∂z*/∂a");
  if (await page.getByTestId("fp-b").count()) near(await number(page, "fp-gradient-b"), gradient.b.item(), "∂z*/∂b");
}

await tryPage("fixed-point", "fp-adjoint", async (page, url) => {
  const pictures = ["fp-cobweb", "fp-residuals", "fp-adjoint"];
  const curve = (z, a, b) => mul(a, tanh(add(z, b)));
  await agrees(page, curve, { a: 0.9, b: 0.2 });
  await movesByKey(page, "fp-a", pictures);
  await agrees(page, curve, { a: 0.95, b: 0.2 });
  await movesByKey(page, "fp-b", pictures, "ArrowLeft");
  await movesByKey(page, "fp-start", ["fp-cobweb", "fp-residuals"]);
  await movesByKey(page, "fp-damping", pictures, "ArrowLeft");
  await movesByKey(page, "fp-shown", ["fp-cobweb"], "ArrowLeft", 28);
  for (const solver of ["anderson", "broyden", "newton", "newtonKrylov", "auto"]) {
    const before = await looks(page, "fp-residuals");
    await page.getByTestId("fp-solver").selectOption(solver);
    await until(`${solver} is drawn`, async () => (await looks(page, "fp-residuals")) !== before);
  }

  // Settings that are none: the library says so, and what was shown and typed stays.
  const before = await looks(page, "fp-cobweb");
  await page.getByTestId("fp-tolerance").fill("a little");
  await until("a message", async () => (await page.getByTestId("fp-problem").count()) === 1);
  assert.match(await textOf(page, "fp-problem"), /fixedPoint: expected tolerance .* received NaN/);
  assert.ok((await looks(page, "fp-cobweb")) === before, "the last picture stays");
  assert.equal(await page.getByTestId("fp-tolerance").inputValue(), "a little");
  await page.getByTestId("fp-tolerance").fill("1e-12");
  await until("no message", async () => (await page.getByTestId("fp-problem").count()) === 0);

  // A fixed point that repels: Picard fails in the library's words, Newton finds it.
  await page.getByTestId("fp-map").selectOption("logistic");
  await page.getByTestId("fp-solver").selectOption("picard");
  await movesByKey(page, "fp-damping", [], "End");
  await movesByKey(page, "fp-a", pictures, "ArrowRight", 12);
  assert.match(await textOf(page, "fp-failure"), /fixedPoint: expected ‖f\(z\) − z‖₂ ≤ 1e-12, received residual/);
  assert.ok((await number(page, "fp-radius")) > 1);
  await page.getByTestId("fp-solver").selectOption("newton");
  await until("Newton finds it", async () => (await page.getByTestId("fp-failure").count()) === 0);
  await agrees(page, (z, a) => mul(a, mul(z, sub(1, z))), { a: 3.4, b: 0 });

  // The address keeps the settings, and nonsense in it does no harm.
  const address = page.url();
  assert.match(address, /map=logistic.*solver=newton/);
  await page.goto("about:blank");
  await page.goto(address);
  await page.getByTestId("fp-cobweb").locator("svg").first().waitFor();
  assert.equal(await page.getByTestId("fp-map").inputValue(), "logistic");
  assert.equal(await textOf(page, "fp-a-says"), "3.4");
  await page.goto("about:blank");
  await page.goto(`${url}#map=constructor&a=x&b=1e99&solver=0`);
  await page.getByTestId("fp-cobweb").locator("svg").first().waitFor();
  assert.equal(await textOf(page, "fp-b-says"), "2");

  await page.getByTestId("fp-map").selectOption("rotation");
  await movesByKey(page, "fp-b", pictures);
  await page.getByTestId("fp-solver").selectOption("anderson");
  await movesByKey(page, "fp-memory", pictures, "ArrowLeft", 2);
});
