// What does a reader do with the site, beside reading?
import { rewrite, runSnippet } from "./checks.mjs";

const expect = (what, received, pattern) =>
  pattern.test(received) ? [] : [`${what}: expected ${pattern}, received ${JSON.stringify(received)}`];

const firstOf = async (page, url) => {
  await page.goto(url, { waitUntil: "networkidle" });
  return page.locator(".snippet").first();
};

async function breakAndReset(page, site) {
  const snippet = await firstOf(page, `${site}/`);
  const before = await snippet.locator("pre code").innerText();
  await rewrite(snippet, 'import { add, tensor } from "stillpoint";\n\nadd(tensor([1, 2]), tensor([1, 2, 3]));');
  const { wrong, status } = await runSnippet(snippet);
  await snippet.locator(".reset").click();
  return [
    ...expect("the message", wrong.join(), /ShapeError: add: expected .*received \[2\] and \[3\]/),
    ...expect("the status", status, /An error in line 3/),
    ...((await snippet.locator("pre code").innerText()) === before ? [] : ["Reset does not bring the text back"]),
    ...expect("the state after Reset", (await snippet.getAttribute("data-state")) ?? "", /idle/),
    ...(await runSnippet(snippet)).wrong,
  ];
}

async function everyAnswer(page, site) {
  const snippet = await firstOf(page, `${site}/02-tensor`);
  const text = [
    'import { type Tensor, tensor } from "stillpoint";',
    "const x: Tensor = tensor([[1, 2], [3, 4]]);",
    "console.log('shape', x.shape, { of: x });",
    "x.shape; // → [2, 2]",
    "x.shape; // → [2, 3]",
    "Math.PI; // → 3.1416",
    "x",
  ];
  await rewrite(snippet, text.join("\n"));
  await snippet.locator(".cm-content").press("Control+Enter");
  await snippet.and(page.locator("[data-state=done]")).waitFor();
  const texts = async (selector) => (await snippet.locator(selector).allInnerTexts()).join("|").replaceAll("\n", "");
  return [
    ...expect("the console", await texts(".logs"), /shape \[2, 2\] \{ of: tensor \[2, 2\] \[\[1, 2\], \[3, 4\]\] \}/),
    ...expect("what agrees", await texts(".result.agrees"), /^✓\s*\[2, 2\]\|✓\s*3\.141592653589793$/),
    ...expect("what disagrees", await texts(".result.disagrees"), /^✗\s*\[2, 2\]: the value\[1\] is 2, not 3$/),
    ...expect("the last value", await texts(".result.value"), /^→\s*tensor \[2, 2\] \[\[1, 2\], \[3, 4\]\]$/),
    ...expect("the status", await texts(".status"), /1 of 3 disagree/),
  ];
}

async function brokenTexts(page, site) {
  const snippet = await firstOf(page, `${site}/02-tensor`);
  const broken = [
    ["const x = ;", /SyntaxError: Unexpected token/, /line 1/],
    ['1;\nimport { nothing } from "stillpoint";\nnothing;', /stillpoint: it does not export nothing/, /An error/],
    [
      'import { readFileSync } from "node:fs";\nreadFileSync("x");',
      /node:fs: expected one of stillpoint, /,
      /An error/,
    ],
    ["1;\n\n1; // → one", /SyntaxError: → one: expected numbers/, /line 3/],
    ["function f() {\n  1; // → 2\n}", /behind no expression at the top level/, /line 2/],
    ["1;\n\nthrow new RangeError('mine');", /RangeError: mine/, /line 3/],
  ];
  const faults = [];
  for (const [text, message, place] of broken) {
    await rewrite(snippet, text);
    const { wrong, status } = await runSnippet(snippet);
    faults.push(...expect(text, wrong.join(), message), ...expect(`the status of ${text}`, status, place));
    await snippet.locator(".reset").click();
  }
  return faults;
}

async function stopEndless(page, site) {
  const snippet = await firstOf(page, `${site}/02-tensor`);
  const text = "1 + 1; // → 2\nconsole.log('so far');\nfor (;;) {}";
  await rewrite(snippet, text);
  await snippet.locator(".run").click();
  await snippet.locator(".result.agrees").waitFor();
  await snippet.locator(".stop").click();
  return [
    ...expect("the status", await snippet.locator(".status").innerText(), /^Stopped after \d+ s/),
    ...expect("the result so far", await snippet.locator(".result.agrees").innerText(), /2/),
    ...expect("the console so far", await snippet.locator(".logs").innerText(), /so far/),
    ...expect("the text", await snippet.locator(".cm-content").innerText(), /for \(;;\) \{\}/),
  ];
}

async function editByClicking(page, site) {
  const snippet = await firstOf(page, `${site}/02-tensor`);
  const line = snippet.locator("pre .line").first();
  await line.click({ position: { x: 2, y: 10 } });
  await snippet.locator(".cm-content:focus").waitFor();
  await page.keyboard.type("0; ");
  const text = await snippet.locator(".cm-line").first().innerText();
  return expect("the text where it was clicked", text, /^0; \w/);
}

async function useKeys(page, site) {
  const snippet = await firstOf(page, `${site}/02-tensor`);
  const done = snippet.and(page.locator("[data-state=done]"));
  await snippet.locator("pre").focus();
  await page.keyboard.press("Control+Enter");
  await done.waitFor();
  await page.keyboard.press("Enter");
  await snippet.locator(".cm-content:focus").waitFor();
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("7; // → 7\n");
  await page.keyboard.press("Control+Enter");
  await done.waitFor();
  const first = await snippet.locator(".result").first().innerText();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await snippet.locator("pre:focus").waitFor();
  return [...expect("the first result", first, /^✓\s*7$/)];
}

async function goOnByLinks(page, site) {
  await page.goto(`${site}/`, { waitUntil: "networkidle" });
  await page.locator(".vp-doc table a").nth(1).click();
  await page.waitForURL(`${site}/02-tensor`);
  await page.locator("h1", { hasText: "Tensor" }).waitFor();
  const { wrong } = await runSnippet(page.locator(".snippet").first());
  await page.locator(".vp-doc a[href^='/source/']").first().click();
  await page.waitForURL(`${site}/source/**`);
  return [
    ...wrong,
    ...expect("the page of a source", await page.locator("h1").innerText(), /^(src|test|examples|bench)\//),
  ];
}

async function search(page, site) {
  await page.goto(`${site}/`, { waitUntil: "networkidle" });
  await page.keyboard.press("Control+k");
  await page.locator("#localsearch-input").fill("solveCaputo");
  await page.locator(".result").first().waitFor();
  const found = (await page.locator(".results .result").allInnerTexts()).join("|");
  return expect("what is found", found, /solveCaputo/i);
}

async function darkness(page, site) {
  await page.goto(`${site}/`, { waitUntil: "networkidle" });
  await page.locator(".VPNavBar .VPSwitchAppearance:visible").first().click();
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const book = await background();
  await page.goto(`${site}/source/src/index.ts.html`);
  const source = await background();
  await page.getByRole("button").click();
  return [
    ...expect("the book in the dark", book, /^rgb\(27, 27, 31\)$/),
    ...expect("a source in the dark", source, /^rgb\(27, 27, 31\)$/),
    ...expect("a source in the light", await background(), /^rgb\(255, 255, 255\)$/),
  ];
}

/** Each tells what went wrong. */
export const uses = [
  ["a broken snippet shows the message of the library, and Reset brings its text back", breakAndReset],
  ["a snippet shows claims, the console and its last value", everyAnswer],
  ["mistakes in the text of a snippet are explained", brokenTexts],
  ["an endless snippet can be stopped, and loses nothing", stopEndless],
  ["a click into a snippet edits it there", editByClicking],
  ["the keyboard alone runs, edits and resets a snippet", useKeys],
  ["links lead from page to page, and snippets run there", goOnByLinks],
  ["the search finds a name", search],
  ["dark and light are kept from the book to the sources", darkness],
];
