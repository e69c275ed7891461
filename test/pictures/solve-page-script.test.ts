// Does the slider of the page move the cursor through all panels?
import { drawSolves } from "stillpoint/pictures";
import { describe, expect, test } from "vitest";
import { type Element, readPage } from "./read-solve-page.js";
import { asDerivative, makeSolve, makeStep, recordTanh } from "./solve-records.js";

const solves = [recordTanh(2, 8, 10, 3, 4), asDerivative(recordTanh(2, 8, 6, 0, 4))];

/** The page with its script run, and a clock that the test moves. */
function open(html: string) {
  const { document, sections } = readPage(html);
  const [record, script] = document.querySelectorAll("script");
  expect(record.getAttribute("type")).toBe("application/json");
  let tick: (() => void) | undefined;
  const start = (f: () => void): number => {
    tick = f;
    return 1;
  };
  const stop = (): void => {
    tick = undefined;
  };
  new Function("document", "setInterval", "clearInterval", `"use strict";${script.textContent}`)(document, start, stop);
  const slider = document.getElementById("time") as Element;
  const button = document.getElementById("play") as Element;
  const { Event } = document.defaultView;
  return {
    document,
    sections,
    slider,
    button,
    move(position: number) {
      slider.value = String(position);
      slider.dispatchEvent(new Event("input"));
    },
    press: () => button.dispatchEvent(new Event("click")),
    tick: () => tick?.(),
    isRunning: () => tick !== undefined,
    readout: (i: number) => [...sections[i].element.querySelectorAll("dd")].map(({ textContent }) => textContent),
    cursors: (i: number) =>
      [...sections[i].element.querySelectorAll(".cursor")].map((cursor) => cursor.getAttribute("transform")),
  };
}

describe("the script", () => {
  test("is hidden from who has none: the controls appear with it, and the page begins at the end", () => {
    const html = drawSolves(solves);
    expect(readPage(html).document.getElementById("controls")?.hasAttribute("hidden")).toBe(true);
    const still = readPage(html).sections.map(({ element }) => element.querySelector("dl")?.textContent);
    const page = open(html);
    expect(page.document.getElementById("controls")?.hasAttribute("hidden")).toBe(false);
    expect(page.sections.map(({ element }) => element.querySelector("dl")?.textContent)).toEqual(still);
    expect(page.slider.getAttribute("max")).toBe("17");
  });
  test("moves the cursors, the rings, the veils and the readout", () => {
    const page = open(drawSolves(solves));
    for (const k of [0, 4, 10]) {
      page.move(k);
      const [first, second] = page.cursors(0);
      expect(first).toBe(second);
      const column = page.sections[0].columns[0];
      const [x, y] = [/translate\((.*) 0\)/.exec(first ?? "")?.[1], column.querySelector(".ring")?.getAttribute("cy")];
      const points = [...column.querySelectorAll(".dots.residual")].map((path) => path.getAttribute("d")).join("");
      expect(points).toContain(`M${x} ${y}h0`);
      expect(column.querySelector(".ring + .ring")?.getAttribute("visibility")).toBe(k === 0 ? "hidden" : "visible");
      expect(Number(column.querySelector(".veil")?.getAttribute("x"))).toBeGreaterThan(Number(x));
      expect(page.readout(0)[0]).toBe(String(k));
      expect(page.readout(0)[1]).toBe(solves[0].steps[k].method);
      expect(page.slider.getAttribute("aria-valuetext")).toMatch(new RegExp(`^step ${k}, residual .*: fixedPoint`));
      expect(page.sections[1].element.classList.contains("later")).toBe(true);
    }
  });
  test("goes on into the solve of the derivative, while the first stays at its end", () => {
    const page = open(drawSolves(solves));
    page.move(13);
    expect(page.readout(0)[0]).toBe("10");
    expect(page.readout(1)[0]).toBe("2");
    expect(page.sections[1].element.classList.contains("later")).toBe(false);
    expect(page.document.getElementById("now")?.textContent).toMatch(/^step 2, .*\(derivative\)$/);
  });
  test("plays from the start to the end, pauses, and stops when the slider is touched", () => {
    const page = open(drawSolves(solves));
    page.press();
    expect(page.button.textContent).toBe("Pause");
    expect(page.readout(0)[0]).toBe("0");
    page.tick();
    page.tick();
    expect(page.readout(0)[0]).toBe("2");
    page.press();
    expect([page.button.textContent, page.isRunning()]).toEqual(["Play", false]);
    page.press();
    page.tick();
    expect(page.readout(0)[0]).toBe("3");
    page.move(8);
    expect([page.button.textContent, page.isRunning()]).toEqual(["Play", false]);
    page.press();
    for (let i = 0; i < 30; i++) page.tick();
    expect([page.slider.value, page.isRunning()]).toEqual(["17", false]);
  });
  test("runs on solves without a step, and with one that is not finite", () => {
    expect(
      open(drawSolves([makeSolve([])]))
        .document.getElementById("controls")
        ?.hasAttribute("hidden"),
    ).toBe(true);
    const page = open(drawSolves([makeSolve([makeStep(0, 1), makeStep(1, NaN)]), makeSolve([])]));
    expect(page.readout(0)[2]).toBe("NaN");
    page.move(0);
    expect(page.readout(0)[2]).toBe("1.00e0");
  });
});
