// Does the page of the digits answer to its reader?
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fixedPoint, grad, matmul, picard, random, slice, sum, tensor, zeros } from "stillpoint";
import { loadSafetensors } from "stillpoint/io";
import { contractingCell } from "stillpoint/nn";
import { looks, movesByKey, textOf, tryPage, until } from "./lab-shared.mjs";

const folder = new URL("../.vitepress/theme/lab/digits/", import.meta.url);
const weights = loadSafetensors(new Uint8Array(readFileSync(new URL("weights.safetensors", folder))));
const heldOut = JSON.parse(readFileSync(new URL("held-out.json", folder), "utf8"));
const part = (name) => weights[`cell.${name}`];
const params = { recurrent: part("recurrent"), input: part("input"), bias: part("bias") };
const { apply } = contractingCell(36, 64, { random: random(0) });

/** The largest slope of the score of a class, as the library has it here. */
function steepest({ ink }, digit, tolerance) {
  const x = tensor([[...ink].map((mark) => Number.parseInt(mark, 17) / 16)]);
  const column = slice(weights["output.weight"], [0, digit], [36, digit + 1]);
  const options = { solver: picard(), tolerance, adjoint: { solver: picard() } };
  const score = (pixels) => {
    const z = fixedPoint((state) => apply(params, state, pixels), zeros([1, 36]), options);
    return sum(matmul(z, column));
  };
  return Math.max(...grad(score)(x).data.map(Math.abs));
}

async function agrees(page, example, tolerance) {
  const { digit, read } = heldOut.examples[example];
  await page.getByTestId(`digits-example-${example}`).click();
  await until("the digit is read", async () => (await textOf(page, "digits-verdict")).startsWith(`This is ${read}`));
  assert.match(await textOf(page, "digits-verdict"), digit === read ? /right/ : new RegExp(`meant as ${digit}`));
  const expected = steepest(heldOut.examples[example], read, tolerance);
  const received = Number(await textOf(page, "digits-steepest"));
  assert.ok(Math.abs(received - expected) < 1e-5 * expected, `slope: expected ${expected}, received ${received}`);
}

const strokes = (page) => page.locator("[data-testid=digits-pad] path.stroke").count();

await tryPage("digits", "digits-residuals", async (page) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  const all = ["picture", "state", "bars", "residuals", "probabilities", "gradient"].map((name) => `digits-${name}`);
  assert.equal(await textOf(page, "digits-right"), `${heldOut.right} of ${heldOut.tested}`);
  const mistaken = heldOut.examples.findIndex(({ digit, read }) => digit !== read);
  await agrees(page, 0, 1e-10);
  await agrees(page, mistaken, 1e-10);
  await assert.rejects(agrees(page, mistaken, 1e-1), "at another tolerance the gradient is another");

  // Every control changes what is seen.
  await movesByKey(page, "digits-tolerance", ["digits-residuals"], "ArrowLeft", 6);
  await agrees(page, 3, 1e-4);
  await movesByKey(page, "digits-tolerance", ["digits-residuals"], "ArrowRight", 6);
  await movesByKey(page, "digits-shown", ["digits-state", "digits-bars", "digits-residuals"], "Home");
  await movesByKey(page, "digits-shown", ["digits-state", "digits-bars", "digits-residuals"], "ArrowRight");
  await page.getByTestId("digits-play").click();
  const says = () => textOf(page, "digits-shown-says");
  await until("it plays to the end", async () => /^(\d+) of \1$/.test(await says()));
  for (const solver of ["damped", "anderson", "broyden", "newton", "auto", "picard"]) {
    const before = await looks(page, "digits-residuals");
    await page.getByTestId("digits-solver").selectOption(solver);
    await until(`${solver} is drawn`, async () => (await looks(page, "digits-residuals")) !== before);
  }

  // Where the solver does not arrive, the library says so, the steps stay, and nothing is lost.
  await movesByKey(page, "digits-steps", ["digits-residuals", "digits-gradient"], "Home");
  assert.match(await textOf(page, "digits-failure"), /ConvergenceError: fixedPoint: expected .* received residual/);
  assert.match(await textOf(page, "digits-verdict"), /has not settled/);
  await movesByKey(page, "digits-steps", ["digits-residuals", "digits-gradient"], "End");
  assert.equal(await page.getByTestId("digits-failure").count(), 0);
  await movesByKey(page, "digits-tolerance", ["digits-residuals"], "End");
  await movesByKey(page, "digits-tolerance", ["digits-residuals"], "ArrowLeft", 3);
  assert.match(page.url(), /#/, "the address keeps the settings");

  // A one, by keys alone: a flag and a stem.
  await page.getByTestId("digits-clear").click();
  await until("an empty pad", async () => /empty/.test(await textOf(page, "digits-verdict")));
  const blank = await Promise.all(all.map((picture) => looks(page, picture)));
  await page.getByTestId("digits-pad").focus();
  for (const key of ["ArrowUp", " ", ...Array(7).fill("ArrowDown"), " "]) await page.keyboard.press(key);
  await until("a one by keys", async () => /^This is 1/.test(await textOf(page, "digits-verdict")));
  assert.match(await textOf(page, "digits-pen"), /^Pen up at column 4 of 8, row 8 of 8$/);
  for (const [i, picture] of all.entries()) assert.notEqual(await looks(page, picture), blank[i], picture);
  assert.equal(await strokes(page), 1);

  // A seven, by a finger.
  const pad = await page.getByTestId("digits-pad").boundingBox();
  const finger = await page.context().newCDPSession(page);
  const touch = (type, ...places) =>
    finger.send("Input.dispatchTouchEvent", {
      type,
      touchPoints: places.map(([x, y]) => ({ x: pad.x + pad.width * x, y: pad.y + pad.height * y })),
    });
  await page.getByTestId("digits-clear").click();
  await touch("touchStart", [0.2, 0.15]);
  for (const place of [
    [0.5, 0.15],
    [0.75, 0.15],
    [0.6, 0.5],
    [0.45, 0.9],
  ])
    await touch("touchMove", place);
  await touch("touchEnd");
  await until("a seven by touch", async () => /^This is 7/.test(await textOf(page, "digits-verdict")));

  // A zero, by mouse, over a digit of the data; undo brings back what was there before.
  await page.getByTestId("digits-example-0").click();
  const box = await page.getByTestId("digits-pad").boundingBox();
  const at = (angle) => [
    box.x + box.width * (0.5 + 0.3 * Math.sin(angle)),
    box.y + box.height * (0.5 - 0.4 * Math.cos(angle)),
  ];
  await page.mouse.move(...at(0));
  await page.mouse.down();
  for (let i = 1; i <= 40; i++) await page.mouse.move(...at((2 * Math.PI * i) / 40));
  await page.mouse.up();
  await until("a zero by mouse", async () =>
    /^This is 0, with a probability of [^.]*\.?[^.]*%\.$/.test(await textOf(page, "digits-verdict")),
  );
  assert.equal(await strokes(page), 1);
  for (let i = 0; i < 4; i++) await page.getByTestId("digits-undo").click();
  await until("the one is back", async () => /^This is 1/.test(await textOf(page, "digits-verdict")));
  await page.getByTestId("digits-clear").click();
  await page.getByTestId("digits-pad").focus();
  await page.keyboard.press("Backspace");
  await until("the one is back again", async () => /^This is 1/.test(await textOf(page, "digits-verdict")));
});
