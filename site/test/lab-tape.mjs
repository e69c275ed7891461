// Does the page on the tape answer to its reader?
import assert from "node:assert/strict";
import { add, grad, mul, sin, tensor } from "stillpoint";
import { looks, movesByKey, textOf, tryPage, until } from "./lab-shared.mjs";

const f = ([x, y]) => add(mul(x, sin(y)), x);

/** What the page shows is what the library gives here, bit for bit. */
async function agrees(page, x, y) {
  const at = [tensor(x), tensor(y)];
  const [byX, byY] = grad(f)(at);
  assert.equal(Number(await textOf(page, "tape-value")), f(at).item());
  assert.equal(Number(await textOf(page, "tape-gradient-x")), byX.item());
  assert.equal(Number(await textOf(page, "tape-gradient-y")), byY.item());
}

/** Types something that cannot be read: the message says what and where, and what was drawn and typed stays. */
async function refuses(page, text, says, caret) {
  const before = await looks(page, "tape-drawing");
  await page.getByTestId("tape-expression").fill(text);
  await until(`a message about ${text}`, async () => (await page.getByTestId("tape-problem").count()) === 1);
  const message = await page.getByTestId("tape-problem").locator("pre").textContent();
  assert.match(message, says);
  if (caret !== undefined) assert.equal(message.split("\n")[1], `${" ".repeat(caret)}^`);
  assert.ok((await looks(page, "tape-drawing")) === before, "the last drawing stays");
  assert.equal(await page.getByTestId("tape-expression").inputValue(), text);
}

const readable = (page) => until("no message", async () => (await page.getByTestId("tape-problem").count()) === 0);

await tryPage("tape", "tape-drawing", async (page, url) => {
  await agrees(page, 2, 1);
  await movesByKey(page, "tape-x", ["tape-drawing"]);
  await movesByKey(page, "tape-y", ["tape-drawing"], "ArrowLeft", 3);
  await agrees(page, 2.1, 0.7);
  const before = await looks(page, "tape-drawing");
  await page.getByTestId("tape-x-typed").fill("-17.25");
  await until("a typed value is drawn", async () => (await looks(page, "tape-drawing")) !== before);
  await agrees(page, -17.25, 0.7);
  assert.ok(Number(await textOf(page, "tape-digits-x")) > 14);
  assert.match(await textOf(page, "tape-check"), /every entry agrees/);
  assert.match(await textOf(page, "tape-program"), /mul\(x, v0\)/);

  await refuses(page, "x * sinn(y)", /did you mean sin\?/, 4);
  await refuses(page, "x * ", /received the end/, 4);
  await refuses(page, "alert(1)", /expected a function that is there, received alert/, 0);
  await refuses(page, "x); import('x')", /expected/);
  await page.getByTestId("tape-expression").fill("x * sin(y) + x");
  await readable(page);
  await agrees(page, -17.25, 0.7);
  await page.getByTestId("tape-y-typed").fill("one");
  await until("a message", async () => (await page.getByTestId("tape-problem").count()) === 1);
  assert.match(await textOf(page, "tape-problem"), /y: expected a finite number, received "one"/);
  assert.equal(await page.getByTestId("tape-y-typed").inputValue(), "one");
  await page.getByTestId("tape-y-typed").fill("0.7");
  await readable(page);

  // Another expression: its variables get fields, and those that stay keep their values.
  await page.getByTestId("tape-expression").fill("sqrt(z + 1) - sqrt(z) + 0 * x");
  await page.getByTestId("tape-z-typed").fill("1e9");
  await until("digits are lost", async () => Number(await textOf(page, "tape-digits-z")) < 10);
  assert.equal(await page.getByTestId("tape-x-typed").inputValue(), "-17.25");
  const address = page.url();
  await page.goto("about:blank");
  await page.goto(address);
  await page.getByTestId("tape-drawing").locator("svg").waitFor();
  assert.equal(await page.getByTestId("tape-z-typed").inputValue(), "1e9");
  await page.goto("about:blank");
  await page.goto(`${url}#f=%3Cimg+src%3Dx%3E&at=nonsense`);
  await until("a message", async () => (await page.getByTestId("tape-problem").count()) === 1);
  assert.match(await textOf(page, "tape-problem"), /received "<"/);

  for (const example of await page.getByTestId("tape-example").locator("option").allTextContents()) {
    if (example === "your own") continue;
    await page.getByTestId("tape-example").selectOption(example);
    await readable(page);
    assert.match(await textOf(page, "tape-check"), /every entry agrees/, example);
  }
});
