// Do exported pages work in a browser, opened as files, by keyboard alone, and sealed from the network?
//
//     npm run build && npm ci --prefix site && node site/test/export.mjs [FOLDER FOR PICTURES]
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { exportHtml } from "../../dist/node/export.js";
import { add, matmul, mul, random, softmax, stopGradient, tensor } from "../../dist/node/index.js";
import { contractingCell, linear, mlp } from "../../dist/node/nn.js";

const slider = (label, value = 0.4) => ({ label, from: -2, to: 2, value });

function pages() {
  const net = mlp([2, 16, 2], { random: random(1) });
  const network = exportHtml(
    { kind: "function", f: (x) => net.apply(net.params, x) },
    {
      title: "A small network",
      description: "Two inputs, sixteen hidden units, two outputs.",
      inputs: [{ ...slider("temperature"), unit: "°C" }, slider("pressure")],
      outputs: ["yield", "purity"].map((label) => ({ label, unit: "%" })),
    },
  );
  const classes = mlp([3, 16, 10], { random: random(2) });
  const bars = exportHtml(
    { kind: "function", f: (x) => softmax(classes.apply(classes.params, mul(3, x))) },
    { title: "Ten classes", inputs: ["a", "b", "c"].map((label) => slider(label)) },
  );
  const cell = contractingCell(8, 2, { random: random(3) });
  const head = linear(8, 2, { random: random(9) });
  const equilibrium = exportHtml(
    {
      kind: "equilibrium",
      cell: (z, x) => cell.apply(cell.params, z, x),
      size: 8,
      readout: (z) => head.apply(head.params, z),
    },
    { title: "An equilibrium", description: "z = tanh(z W + x U + b).", inputs: [slider("x₁"), slider("x₂", -1)] },
  );
  const rotation = tensor([
    [-0.1, -1],
    [1, -0.1],
  ]);
  const range = { from: -2, to: 2, value: 1 };
  const at = Array.from({ length: 21 }, (_, i) => i / 2);
  const fractional = exportHtml(
    {
      kind: "fractional",
      field: (_, u) => add(matmul(u, rotation), mul(0.1, net.apply(net.params, u))),
      ...{ order: { from: 0.3, to: 1, value: 0.9 }, duration: { from: 1, to: 20, value: 10 } },
      ...{ initial: [range, { ...range, value: 0 }], steps: 100, time: { label: "time", unit: "years" } },
    },
    {
      title: "Lynx and hare, as a <fractional> equation & a network",
      outputs: ["hare", "lynx"].map((label) => ({ label, unit: "thousand" })),
      data: { at, values: at.map((t) => [Math.cos(t), Math.sin(t)]) },
    },
  );
  const wrong = exportHtml(
    { kind: "function", f: (x) => mul(x, stopGradient(mul(tensor([1.5]), x))) },
    { title: "A gradient that is wrong", inputs: [slider("x", 1)] },
  );
  const changed = network.replace(
    /(id="numbers">.{40})(.)/,
    (_, before, digit) => before + (digit === "A" ? "B" : "A"),
  );
  const broken = network.replace("</script>\n</body>", ";document.title='run'</script>\n</body>");
  const injected = network.replace(
    "<footer>",
    "<script>document.title='run'</script><img src='https://example.org/x.png' onerror=\"document.title='run'\"><footer>",
  );
  return { right: { network, bars, equilibrium, fractional }, wrong, changed, broken, injected };
}

const folder = mkdtempSync(join(tmpdir(), "stillpoint-export-"));
const pictures = process.argv[2];
if (pictures && !existsSync(pictures)) mkdirSync(pictures, { recursive: true });
const flags = ["no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking"];
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [...flags, "disable-component-update", "disable-sync"].map((flag) => `--${flag}`),
});

/** Opens a page from its file; what it asked for and what it complained of is kept. */
async function open(name, html, { width = 1000, colorScheme = "light" } = {}) {
  const file = join(folder, `${name}.html`);
  writeFileSync(file, html);
  const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
  const page = await context.newPage();
  const requests = [];
  const refused = [];
  const complaints = [];
  page.on("requestfailed", (request) => refused.push(`${request.url()} ${request.failure()?.errorText}`));
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  const { href } = pathToFileURL(file);
  await page.goto(href);
  return { page, href, requests, refused, complaints, end: () => context.close() };
}

/** Presses the button by keyboard and reads the verdict. */
async function check(page) {
  await page.focus("#check");
  await page.keyboard.press("Enter");
  const verdict = page.locator("#verdict.pass, #verdict.fail");
  await verdict.waitFor({ timeout: 60_000 });
  return verdict.textContent();
}

const drawn = (page) => page.locator(".picture").innerHTML();

/** Reaches every slider by the tabulator and moves it by an arrow. */
async function moveEverySlider(page) {
  const count = await page.locator("input[type=range]").count();
  assert.ok(count > 0);
  for (let i = 0; i < count; i++) {
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.id), `input${i}`);
    const before = await drawn(page);
    for (let k = 0; k < 3; k++) await page.keyboard.press("ArrowLeft");
    await page.waitForFunction((old) => document.querySelector(".picture").innerHTML !== old, before, {
      timeout: 10_000,
    });
  }
  return count;
}

try {
  const { right, wrong, changed, broken, injected } = pages();
  for (const [name, html] of Object.entries(right)) {
    for (const colorScheme of ["light", "dark"]) {
      const width = colorScheme === "light" ? 1000 : 390;
      const { page, href, requests, complaints, end } = await open(name, html, { width, colorScheme });
      const moved = await moveEverySlider(page);
      const verdict = await check(page);
      assert.match(verdict, /^PASS: the largest relative error is \d/);
      assert.equal(
        await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
        true,
        "wider than the screen",
      );
      const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      assert.equal(paper === "rgb(255, 255, 255)", colorScheme === "light");
      assert.deepEqual(requests, [href]);
      assert.deepEqual(complaints, []);
      if (pictures) await page.screenshot({ path: join(pictures, `${name}-${colorScheme}.png`), fullPage: true });
      await end();
      console.log(`${name}, ${colorScheme}, ${width} px: ${moved} sliders moved. ${verdict}`);
    }
  }
  for (const [name, html, expected] of [
    ["wrong", wrong, /^FAIL: reverse mode and differences differ by 5\.00e−1 along x/],
    ["changed", changed, /^FAIL: the numbers are not those that were exported/],
  ]) {
    const { page, end } = await open(name, html);
    const verdict = await check(page);
    assert.match(verdict, expected);
    await end();
    console.log(`${name}: ${verdict}`);
  }
  for (const [name, html, runs] of [
    ["broken", broken, false],
    ["injected", injected, true],
  ]) {
    const { page, href, requests, refused, complaints, end } = await open(name, html);
    assert.equal(await page.title(), "A small network");
    assert.equal((await page.locator("#check").count()) === 1, runs);
    assert.deepEqual(
      refused,
      requests.slice(1).map((url) => `${url} csp`),
    );
    assert.equal(requests[0], href);
    assert.ok(
      complaints.length > 0 && complaints.every((text) => text.includes("Content Security Policy")),
      complaints.join(),
    );
    await end();
    console.log(`${name}: the policy refused what does not belong there (${complaints.length} complaints)`);
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}
