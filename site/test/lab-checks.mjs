// Would the checks of the lab's pages notice a page that is wrong?
import assert from "node:assert/strict";
import { launch } from "./browser.mjs";
import { checkControls, movesByKey } from "./lab-shared.mjs";

const slider = (attributes = "", label = "order") =>
  `<label for="a">${label}</label><output data-testid="a-says">1</output>
   <input id="a" type="range" min="0" max="9" value="1" data-testid="a" ${attributes}
    oninput="document.querySelector('output').textContent = this.value; window.moved?.(this.value)">`;
const picture =
  '<figure data-testid="picture"><svg class="plot-1"><path d="M0,0"/></svg><figcaption>0</figcaption></figure>';
const page = (content, script = "") => `<div class="lab">${content}</div><script>${script}</script>`;

const browser = await launch();
try {
  let shown = await browser.newPage();
  const refuses = async (what, html, check, says) => {
    shown = await browser.newPage();
    await shown.setContent(html);
    await assert.rejects(check, says, what);
  };
  const moves = () => movesByKey(shown, "a", ["picture"], "ArrowRight", 1, 300);
  const draws = "window.moved = (d) => document.querySelector('path').setAttribute('d', 'M0,' + d)";
  await shown.setContent(page(slider() + picture, draws));
  await moves();
  await checkControls(shown);

  await refuses("a picture that stays", page(slider() + picture), moves, /changes picture/);
  const caption = "window.moved = (d) => { document.querySelector('figcaption').textContent = d }";
  await refuses("a caption alone", page(slider() + picture, caption), moves, /changes picture/);
  const renamed = "window.moved = (d) => document.querySelector('svg').setAttribute('class', 'plot-' + d)";
  await refuses("a name of Plot's alone", page(slider() + picture, renamed), moves, /changes picture/);
  const silent = `${draws}; document.querySelector('input').oninput = (e) => window.moved(e.target.value)`;
  await refuses("a value that is not said", page(slider() + picture, silent), moves, /its value in words/);

  const controls = () => checkControls(shown);
  await refuses("no label", page('<input data-testid="a">'), controls, /has a label/);
  await refuses("no test id", page('<input aria-label="a">'), controls, /data-testid/);
  await refuses(
    "not reached by Tab",
    page(`${slider()}<input aria-label="b" data-testid="b" tabindex="-1">`),
    controls,
    /reaches every/,
  );
  await refuses("no focus to be seen", page(slider('style="outline: none"')), controls, /focus is seen/);
  console.log("checks of the lab: passed");
} finally {
  await browser.close();
}
