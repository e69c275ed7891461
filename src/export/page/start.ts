// How do sliders, picture and self-test work together?
import { scientific, short } from "../../pictures/scales.js";
import type { Primitive } from "../../tape/index.js";
import type { Payload, Slider } from "../payload.js";
import { drawBars, drawChart } from "./chart.js";
import { type Decoded, decode } from "./decode.js";
import { byId, html, type PageElement } from "./dom.js";
import type { Machine } from "./machine.js";
import { checkRows, judge, type Row } from "./self-test.js";

declare const addEventListener: (name: string, listener: () => void) => void;
declare const requestAnimationFrame: (f: () => void) => void;
declare const setTimeout: (f: () => void, milliseconds: number) => void;

/** Positions of a slider. */
const POSITIONS = 200;

export function start(machineOf: (decoded: Decoded) => Machine, operations: readonly Primitive[]): void {
  const payload = JSON.parse(byId("payload").textContent as string) as Payload;
  const machine = machineOf(decode(payload, byId("numbers").textContent as string, operations));
  const values = payload.inputs.map(({ value }) => value);
  let over = 0;

  const picture = html("div", { class: "picture" });
  const outputs = html("dl", { class: "outputs" });
  const note = html("p", { class: "faint", role: "status" });
  let asked = false;
  const ask = (): void => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      draw();
    });
  };

  function draw(): void {
    try {
      const seen = machine.look(values, over);
      const width = Math.max(260, picture.clientWidth);
      const wide = seen.charts.length > 1 && width > 720 ? (width - 32) / 2 : width;
      const bars = payload.outputs.length > 6 && payload.kind !== "fractional";
      picture.replaceChildren(
        ...(bars ? [drawBars(payload.outputs, seen.outputs, wide)] : []),
        ...seen.charts.map((chart) => drawChart(chart, wide)),
      );
      outputs.replaceChildren(
        ...(bars ? [] : payload.outputs).map(({ label, unit = "" }, k) =>
          html("div", {}, html("dt", {}, label), html("dd", {}, `${short(seen.outputs[k], 6)} ${unit}`.trim())),
        ),
      );
      note.textContent = seen.note;
      note.setAttribute("class", "faint");
    } catch (error) {
      picture.replaceChildren();
      outputs.replaceChildren();
      note.textContent = `Nothing to draw here. ${(error as Error).message}`;
      note.setAttribute("class", "alarm");
    }
  }

  const sliders = payload.inputs.map((slider, i) =>
    control(slider, i, (value) => {
      values[i] = value;
      ask();
    }),
  );
  const choice = html(
    "select",
    { id: "over" },
    ...payload.inputs.map((input, i) => html("option", { value: i }, input.label)),
  );
  choice.addEventListener("change", () => {
    over = Number(choice.value);
    ask();
  });
  const axis = html("p", { class: "control" }, html("label", { for: "over" }, "horizontal axis"), choice);
  byId("model").replaceChildren(
    html(
      "section",
      { class: "controls", "aria-label": "inputs" },
      ...sliders,
      ...(machine.hasAxis && payload.inputs.length > 1 ? [axis] : []),
    ),
    html("section", { "aria-label": "outputs" }, picture, outputs, note),
    selfTest(machine, values),
  );
  addEventListener("resize", ask);
  draw();
}

/** A slider with its name and its value; it begins exactly at the value it was given, wherever its positions are. */
function control({ label, unit, from, to, value }: Slider, i: number, onMove: (value: number) => void): PageElement {
  const id = `input${i}`;
  const shown = html("output", { for: id });
  const input = html("input", { id, type: "range", min: 0, max: POSITIONS, step: "any" });
  const show = (x: number): void => {
    const text = `${short(x, 4)}${unit === undefined ? "" : ` ${unit}`}`;
    shown.textContent = text;
    input.setAttribute("aria-valuetext", text);
  };
  input.value = String(((value - from) / (to - from)) * POSITIONS);
  input.addEventListener("input", () => {
    const x = from + ((to - from) * Number(input.value)) / POSITIONS;
    show(x);
    onMove(x);
  });
  show(value);
  return html("p", { class: "control" }, html("label", { for: id }, label), shown, input);
}

const columns = ["along", "relative error", "reverse mode", "forward mode", "differences"];

function selfTest(machine: Machine, values: readonly number[]): PageElement {
  const button = html("button", { type: "button", id: "check" }, "Check the gradients");
  const verdict = html("p", { id: "verdict", role: "status" });
  const table = html("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "derivatives" });
  table.hidden = true;
  const show = (rows: readonly Row[]): void => {
    table.hidden = false;
    table.replaceChildren(
      html(
        "table",
        {},
        html("thead", {}, html("tr", {}, ...columns.map((name) => html("th", { scope: "col" }, name)))),
        html("tbody", {}, ...rows.map(rowOf)),
      ),
    );
  };
  button.addEventListener("click", () => {
    button.disabled = true;
    verdict.setAttribute("class", "");
    verdict.textContent = "Computing …";
    const rows: Row[] = [];
    const pending = checkRows(machine, [...values]);
    const finish = (passed: boolean, text: string): void => {
      verdict.setAttribute("class", passed ? "pass" : "fail");
      verdict.textContent = text;
      button.disabled = false;
    };
    const step = (): void => {
      try {
        const next = pending.next();
        if (!next.done) {
          rows.push(next.value);
          show(rows);
          setTimeout(step, 0);
          return;
        }
        const { passed, text } = judge(rows, machine.intact, scientific);
        finish(passed, text);
      } catch (error) {
        finish(false, `FAIL: the gradient could not be computed here. ${(error as Error).message}`);
      }
    };
    setTimeout(step, 0);
  });
  return html(
    "section",
    { class: "check", "aria-labelledby": "check-title" },
    html("h2", { id: "check-title" }, "Are the gradients right?"),
    html(
      "p",
      { class: "faint" },
      "At the sliders’ place, a weighted sum of the outputs is differentiated along every slider (per range) and along a direction in " +
        "every tensor of weights: backwards, forwards, and by differences, which use no rule of differentiation.",
    ),
    button,
    verdict,
    table,
  );
}

function rowOf({ name, reverse, forward, differences, errors, decided }: Row): PageElement {
  const error = decided ? scientific(Math.max(errors.forward, errors.differences)) : "differences cannot tell";
  const cells = [error, ...[reverse, forward, differences].map((x) => short(x, 10))];
  return html("tr", {}, html("th", { scope: "row" }, name), ...cells.map((text) => html("td", {}, text)));
}
