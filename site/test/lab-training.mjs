// Does the page of training answer to its reader, and lose nothing?
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { saveTraining } from "stillpoint/io";
import { watch } from "./browser.mjs";
import { looks, movesByKey, textOf, tryPage, until } from "./lab-shared.mjs";

const site = fileURLToPath(new URL("..", import.meta.url));
const lynxHare = readFileSync(join(site, "..", "examples", "data", "lynx-hare.csv"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "lab-training-"));

/** What the page computes with, for Node. */
async function load(name) {
  const outfile = join(site, ".vitepress", "cache", `test-${name}.mjs`);
  mkdirSync(join(site, ".vitepress", "cache"), { recursive: true });
  await build({
    entryPoints: [join(site, ".vitepress", "theme", "lab", "training", `${name}.ts`)],
    ...{ outfile, bundle: true, format: "esm", platform: "node", packages: "external", tsconfigRaw: {} },
  });
  return import(outfile);
}
const { makeFit, defaults, restoreFit } = await load("fit");
const { readObservations } = await load("observations");

const status = (page) => textOf(page, "training-status");
const done = (page) => until("training is done", async () => /^Done/.test(await status(page)), 120_000);

/** The numbers of the page are those of the same training here. */
async function agrees(page, settings) {
  const fit = makeFit(readObservations(lynxHare), { ...defaults, ...settings });
  let state = fit.begin;
  while (state.step < state.settings.updates) state = fit.step(state);
  const { fitted, heldBack } = fit.errors(state);
  const order = state.history.data.at(-1);
  for (const [id, expected] of [
    ["training-alpha", order],
    ["training-off-fitted", fitted],
    ["training-off-held", heldBack],
  ]) {
    const received = Number(await textOf(page, id));
    assert.ok(Math.abs(received - expected) <= 1e-5 * expected, `${id}: expected ${expected}, received ${received}`);
  }
}

/** What a button gives as a file. */
async function saved(page, button) {
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByTestId(button).click()]);
  const path = join(folder, file.suggestedFilename());
  await file.saveAs(path);
  return path;
}

await tryPage("training", "training-fit-0", async (page, url) => {
  const fits = ["training-fit-0", "training-fit-1"];
  const curves = [...fits, "training-loss", "training-orders"];
  assert.match(await textOf(page, "training-taken"), /^21 samples of lynx, hare; .* equidistant, 1 apart\.$/);

  // Before training, settings show where it will begin.
  await page.waitForTimeout(1000);
  for (const slider of ["width", "steps", "seed", "held"]) await movesByKey(page, `training-${slider}`, fits);
  await movesByKey(page, "training-value", [...fits, "training-orders"], "ArrowLeft");
  await movesByKey(page, "training-updates", ["training-loss", "training-orders"], "Home");
  const logarithms = await looks(page, fits[0]);
  await page.getByTestId("training-scale").selectOption("plain");
  await until("another beginning", async () => (await looks(page, fits[0])) !== logarithms);
  await page.getByTestId("training-scale").selectOption("logarithms");

  // Two trainings, and their numbers in Node.
  const common = { width: 18, stepsPerSample: 3, seed: 2, heldBack: 5, order: 0.85, updates: 100 };
  await page.getByTestId("training-start").click();
  await done(page);
  await agrees(page, common);
  await assert.rejects(agrees(page, { ...common, seed: 3 }), "another training has other numbers");
  const before = await Promise.all(curves.map((picture) => looks(page, picture)));
  await movesByKey(page, "training-rate", []);
  await page.getByTestId("training-order").selectOption("fixed");
  await page.getByTestId("training-start").click();
  await done(page);
  await agrees(page, { ...common, rate: 0.05, learned: 0 });
  for (const [i, picture] of curves.entries()) assert.notEqual(await looks(page, picture), before[i], picture);

  // Pause, and go on; stop, and go on from what is kept.
  await page.getByTestId("training-order").selectOption("learned");
  await movesByKey(page, "training-updates", [], "PageUp", 2);
  await page.getByTestId("training-start").click();
  await until("it runs", async () => /^[1-9]\d* of \d+ updates/.test(await status(page)));
  assert.ok(await page.getByTestId("training-width").isDisabled(), "settings stay as they are while it runs");
  await page.getByTestId("training-pause").click();
  await until("it pauses", async () => /^Paused/.test(await status(page)));
  const paused = await looks(page, "training-loss");
  await page.waitForTimeout(500);
  assert.equal(await looks(page, "training-loss"), paused);
  const half = await saved(page, "training-save");
  await page.getByTestId("training-resume").click();
  await until("it goes on", async () => (await looks(page, "training-loss")) !== paused);
  await page.getByTestId("training-stop").click();
  await until("it is kept", async () => (await page.getByTestId("training-offer").count()) === 1);
  assert.match(await status(page), /^Stopped after/);

  // A reload loses nothing.
  const told = await textOf(page, "training-offer");
  await page.goto("about:blank");
  await page.goto(url);
  await until("it is offered", async () => (await page.getByTestId("training-offer").count()) === 1);
  assert.equal(await textOf(page, "training-offer"), told);
  await page.getByTestId("training-go-on").click();
  await done(page);
  const whole = await saved(page, "training-save");

  // The file that was saved in between leads to the same end, bit for bit.
  const restored = restoreFit(new Uint8Array(readFileSync(half)));
  let { state } = restored;
  while (state.step < state.settings.updates) state = restored.fit.step(state);
  const end = restoreFit(new Uint8Array(readFileSync(whole)));
  assert.ok(readFileSync(whole).equals(saveTraining(state)), "the same bytes");
  const table = readFileSync(await saved(page, "training-csv"), "utf8")
    .trim()
    .split("\n");
  assert.equal(table[0], "year,lynx,hare");
  const rows = end.fit.trajectory(end.state);
  assert.deepEqual(
    table.slice(1).map((line) => line.split(",").map(Number)),
    rows.times.map((t, i) => [t, ...rows.values[i]]),
  );

  // The page of the equation opens as a file, and finds its own gradients right.
  const model = await page.context().newPage();
  const seen = watch(model);
  await model.goto(pathToFileURL(await saved(page, "training-page")).href);
  await model.locator(".picture svg, svg.picture").first().waitFor();
  await model.locator("#check").press("Enter");
  await model.locator("#verdict.pass, #verdict.fail").waitFor({ timeout: 60_000 });
  assert.match(await model.locator("#verdict").textContent(), /^PASS/);
  assert.deepEqual(seen.errors, []);
  await model.close();

  await page.getByTestId("training-load").setInputFiles(half);
  await until("the half is back", async () => /^Paused/.test(await status(page)));
  await page.getByTestId("training-stop").click();
  const damaged = join(folder, "damaged.safetensors");
  writeFileSync(damaged, readFileSync(half).subarray(0, 5000));
  const shown = await looks(page, "training-fit-0");
  await page.getByTestId("training-load").setInputFiles(damaged);
  await until("a message", async () => (await page.getByTestId("training-problem").count()) === 1);
  assert.match(await textOf(page, "training-problem"), /DomainError: loadSafetensors: .* the file is damaged/);
  assert.equal(await looks(page, "training-fit-0"), shown);

  // Observations of the reader's own: what is wrong is named with its line, and the text stays.
  await page.getByTestId("training-data").selectOption("own");
  const field = page.getByTestId("training-text");
  const broken = "day;cells\n0;1.5\n1;2.5\n2.5;x\n4;4\n5;3\n6;2\n";
  await field.fill(broken);
  assert.match(
    await textOf(page, "training-data-problem"),
    /line 4, column 2 \(cells\): expected a number such as 4.5, received "x"/,
  );
  assert.equal(await field.inputValue(), broken);
  assert.ok(await page.getByTestId("training-start").isDisabled());
  await field.fill(broken.replace("x", "3.5"));
  assert.match(
    await textOf(page, "training-taken"),
    /^6 samples of cells; day from 0 to 6, not equidistant, 1 to 1.5 apart/,
  );
  assert.equal(await page.getByTestId("training-data-problem").count(), 0);
  await until("one picture", async () => (await page.getByTestId("training-fit-1").count()) === 0);
  await movesByKey(page, "training-updates", [], "Home");
  await page.getByTestId("training-start").click();
  await done(page);
  const file = join(folder, "mine.csv");
  writeFileSync(file, "0,1\n1,2\n2,3\n3,5\n4,8\n");
  await page.getByTestId("training-file").setInputFiles(file);
  await until("the file is read", async () => /^5 samples of value 1/.test(await textOf(page, "training-taken")));
  await page.getByTestId("training-text-back").click();
  assert.equal(await field.inputValue(), broken.replace("x", "3.5"));
  await page.goto("about:blank");
  await page.goto(`${url}#data=own`);
  await until("the text is kept", async () => (await field.inputValue()) === broken.replace("x", "3.5"));
  await page.getByTestId("training-forget").click();
  await page.reload();
  await page.waitForTimeout(500);
  assert.equal(await page.getByTestId("training-offer").count(), 0, "what was forgotten is not offered");
});
rmSync(folder, { recursive: true });
