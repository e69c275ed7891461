// Does the page of a solve show every step where it belongs, and nothing that is not escaped?
import fc from "fast-check";
import { DomainError } from "stillpoint";
import { drawSolves, type RecordedSolve } from "stillpoint/pictures";
import { describe, expect, test } from "vitest";
import {
  type Element,
  logScale,
  malformed,
  misplaced,
  oddAttributes,
  readPage,
  startsOf,
  stepScale,
  valueScale,
} from "./read-solve-page.js";
import { asDerivative, makeSolve, makeStep, recordTanh, withResiduals } from "./solve-records.js";

const typical = [recordTanh(64, 64, 30, 5, 10), asDerivative(recordTanh(64, 64, 30, 0, 10))];
const page = drawSolves(typical);
const bytesOf = (html: string): number => new TextEncoder().encode(html).length;
const textsOf = (element: Element, selector: string): string[] =>
  [...element.querySelectorAll(selector)].map(({ textContent }) => textContent ?? "");
const section = (solve: RecordedSolve, entries = 24) => readPage(drawSolves([solve], { entries })).sections[0];
const plainNumber = (label: string): number => Number(label.replace("−", "-"));

describe("the residuals", () => {
  test("of a typical solve stand where its ticks say, as do rates and switches", () => {
    const { sections } = readPage(page);
    typical.forEach((solve, i) => {
      expect(misplaced(sections[i], solve)).toEqual([]);
    });
    expect(textsOf(sections[0].element, ".switch-name")).toEqual(["→ anderson"]);
  });
  test("a bent residual, a lost step and a hidden switch are seen", () => {
    const { sections } = readPage(page);
    const bend = (change: (step: RecordedSolve["steps"][number]) => object): RecordedSolve => ({
      ...typical[0],
      steps: typical[0].steps.map((step) => (step.step === 17 ? { ...step, ...change(step) } : step)),
    });
    expect(
      misplaced(
        sections[0],
        bend(() => ({})),
      ).length,
    ).toBe(0);
    expect(
      misplaced(
        sections[0],
        bend(({ residual }) => ({ residual: residual * 1.2 })),
      ).join(),
    ).toMatch(/residual 17 at .*rate 16 at .*rate 17 at/);
    expect(
      misplaced(
        sections[0],
        bend(() => ({ method: "newton" })),
      ).join(),
    ).toMatch(/1 switch, expected 3/);
    const short = { ...typical[0], steps: typical[0].steps.slice(0, -1) };
    expect(misplaced(sections[0], short).join()).toMatch(/31 residual, expected 30/);
  });
  test("of any size and methods stand where the ticks say", () => {
    const steps = fc.array(
      fc.tuple(fc.double({ min: -30, max: 8, noNaN: true }), fc.constantFrom("picard", "broyden", "gmres")),
      {
        minLength: 2,
        maxLength: 40,
      },
    );
    fc.assert(
      fc.property(steps, (drawn) => {
        const solve = makeSolve(drawn.map(([exponent, method], k) => makeStep(k, 10 ** exponent, { method })));
        expect(misplaced(section(solve), solve)).toEqual([]);
      }),
      { seed: 3, numRuns: 100 },
    );
  });
  test("that are zero stand on a tick of their own, below the others", () => {
    const { columns } = section(withResiduals([1, 1e-3, 0]));
    const zero = [...columns[0].querySelectorAll("text.tick.y")].find(({ textContent }) => textContent === "0");
    const [, , [, y]] = startsOf(columns[0], ".dots.residual");
    expect(y).toBeCloseTo(Number(zero?.getAttribute("y")) - 4, 1);
    expect(y).toBeGreaterThan(logScale(columns[0], "upper")(1e-3));
  });
  test("have a goal, which may move", () => {
    const moving = makeSolve([1, 0.1, 0.01].map((residual, k) => makeStep(k, residual, { goal: 10 ** (-4 - k) })));
    const { columns } = section(moving);
    const at = logScale(columns[0], "upper");
    const d = columns[0].querySelector(".goal")?.getAttribute("d") ?? "";
    const heights = [...d.matchAll(/(?:M[\d.]+ |V)([\d.]+)/g)].map(([, y]) => Number(y));
    expect(heights.length).toBe(3);
    heights.forEach((y, k) => {
      expect(Math.abs(y - at(10 ** (-4 - k)))).toBeLessThan(0.35);
    });
    expect(textsOf(columns[0], "text").some((text) => text.startsWith("goal 1e"))).toBe(true);
  });
});

describe("the iterates", () => {
  const few = recordTanh(1, 3, 12, 4, 3);
  test("of small states are lines through the values of the entries", () => {
    const { columns } = section(few);
    const [x, y] = [stepScale(columns[1]), valueScale(columns[1], "upper", plainNumber)];
    [0, 1, 2].forEach((entry) => {
      const points = startsOf(columns[1], `.dots.e${entry}`);
      expect(points.length).toBe(13);
      points.forEach(([u, v], k) => {
        expect(Math.abs(u - x(k))).toBeLessThan(0.35);
        expect(Math.abs(v - y(few.steps[k].state[entry]))).toBeLessThan(0.5);
      });
    });
    expect(textsOf(columns[1], "text.tick").filter((text) => /^z\[\d\]$/.test(text))).toEqual(["z[0]", "z[1]", "z[2]"]);
  });
  test("have names that neither overlap nor leave the panel where the lines end together", () => {
    // Together in the middle, at the top and at the bottom.
    for (const end of [0, 1, -1]) {
      const state = (k: number): Float64Array =>
        Float64Array.of(1, 2, 3, -1, -2, -3).map((x) => (k === 0 && end !== 0 ? -end * Math.abs(x) : x / 1e4 ** k));
      const { columns } = section(makeSolve([0, 1, 2].map((k) => makeStep(k, 1, { state: state(k) }))));
      const heights = [...columns[1].querySelectorAll("text")]
        .filter((name) => /e\d/.test(name.getAttribute("class") ?? ""))
        .map((name) => Number(name.getAttribute("y")) - 4)
        .sort((a, b) => a - b);
      expect(heights.length).toBe(6);
      heights.slice(1).forEach((y, i) => {
        expect(y - heights[i]).toBeGreaterThanOrEqual(11.9);
      });
      expect(heights[0]).toBeGreaterThanOrEqual(36);
      expect(heights[5]).toBeLessThanOrEqual(376);
    }
  });
  test("of larger states are tiles with the sign of the distance, the larger the darker", () => {
    const solve = recordTanh(2, 5, 20, 20, 1);
    const { columns } = section(solve);
    const x = stepScale(columns[1]);
    const end = solve.steps[20].state;
    const { top, height } = { top: 36, height: 340 / 10 };
    const sizes = new Map<number, number[]>();
    const untold = new Set(solve.steps.flatMap(({ step }) => Array.from(end, (_, entry) => `${step} ${entry}`)));
    for (const path of columns[1].querySelectorAll(".tiles path")) {
      const [, sign, level] = /^([np]) s(\d)$/.exec(path.getAttribute("class") ?? "") ?? [];
      for (const [, from, y, to] of (path.getAttribute("d") ?? "").matchAll(/M([\d.]+) ([\d.]+)H([\d.]+)/g)) {
        const entry = Math.round((Number(y) - top) / height - 0.5);
        solve.steps.forEach(({ state, step }) => {
          if (x(step) < Number(from) || x(step) > Number(to)) return;
          const distance = state[entry] - end[entry];
          expect(distance < 0 ? "n" : "p").toBe(sign);
          sizes.set(Number(level), [...(sizes.get(Number(level)) ?? []), Math.abs(distance)]);
          untold.delete(`${step} ${entry}`);
        });
      }
    }
    const blank = [...untold]
      .map((key) => key.split(" ").map(Number))
      .map(([k, i]) => solve.steps[k].state[i] - end[i]);
    sizes.set(0, blank.map(Math.abs));
    expect(blank.length).toBeLessThan(50);
    const levels = [...sizes.keys()].sort();
    expect(levels.length).toBeGreaterThan(4);
    levels.slice(1).forEach((level, i) => {
      expect(Math.min(...(sizes.get(level) ?? []))).toBeGreaterThanOrEqual(Math.max(...(sizes.get(levels[i]) ?? [])));
    });
  });
  test("are those that move most, and the picture says how many there are", () => {
    const state = (k: number): Float64Array =>
      Float64Array.from({ length: 1000 }, (_, i) => (i === 500 || i === 7 ? k : k / (i + 2)));
    const { columns } = section(makeSolve([0, 1, 2].map((k) => makeStep(k, 1, { state: state(k) }))), 2);
    expect(textsOf(columns[1], "text.tick").filter((text) => text.startsWith("z["))).toEqual(["z[7]", "z[500]"]);
    expect(textsOf(columns[1], "text")).toContain("2 of 1,000 entries");
  });
});

test("the weights are bars whose squares are as the weights", () => {
  const weights = [1.44, -0.36, 0, -0.08];
  const steps = [makeStep(0, 1), makeStep(1, 0.1, { method: "anderson", weights })];
  const { columns, element } = section(makeSolve(steps));
  const lengths = ["p", "n"].map((sign) =>
    [...(columns[1].querySelector(`.bars .${sign}`)?.getAttribute("d") ?? "").matchAll(/v(-?[\d.]+)/g)].map(([, v]) =>
      Number(v),
    ),
  );
  expect(lengths.map((list) => list.length)).toEqual([1, 2]);
  expect(lengths[0][0]).toBeLessThan(0);
  expect(lengths[1][0] / -lengths[0][0]).toBeCloseTo(0.5, 1);
  expect(lengths[1][1] / -lengths[0][0]).toBeCloseTo(Math.sqrt(0.08 / 1.44), 1);
  expect(textsOf(element, "dd")).toContain("1.440  −0.360  0.000  −0.080");
  expect(section(makeSolve([makeStep(0, 1)])).columns[1].querySelector(".bars")).toBeNull();
});

describe("long and large solves", () => {
  const long = makeSolve(
    Array.from({ length: 10_000 }, (_, k) =>
      makeStep(k, k === 4321 ? 50 : Math.exp(-k / 900), { method: k < 2345 ? "picard" : "anderson" }),
    ),
  );
  test("are thinned, which the picture says; the first, the last, the peak and the switch stay", () => {
    const html = drawSolves([long]);
    const { sections, document } = readPage(html);
    const points = startsOf(sections[0].columns[0], ".dots.residual").sort((a, b) => a[0] - b[0]);
    expect(points.length).toBeLessThanOrEqual(150);
    expect(points.length).toBeGreaterThan(100);
    const [x, y] = [stepScale(sections[0].columns[0]), logScale(sections[0].columns[0], "upper")];
    for (const k of [0, 2345, 4321, 9999]) {
      const isThere = points.some(
        ([u, v]) => Math.abs(u - x(k)) < 0.2 && Math.abs(v - y(long.steps[k].residual)) < 0.4,
      );
      expect(isThere, `step ${k}`).toBe(true);
    }
    expect(textsOf(sections[0].columns[0], "text")).toContain(`${points.length} of 10,000 steps drawn`);
    expect(document.getElementById("time")?.getAttribute("max")).toBe(String(points.length - 1));
    expect(bytesOf(html)).toBeLessThan(60_000);
  });
  test("with very many switches mark the first ones, and say so", () => {
    const restless = makeSolve(long.steps.map((step, k) => ({ ...step, method: k % 2 === 0 ? "picard" : "gmres" })));
    const { columns } = section(restless);
    expect(textsOf(columns[0], "text")).toContain("and 9,959 more switches");
    expect(startsOf(columns[0], ".dots.residual").length).toBeLessThanOrEqual(150);
  });
  test("embed what is drawn and no more: 100,000 entries take no more bytes than 4,096", () => {
    const state = (k: number): Float64Array => Float64Array.from({ length: 100_000 }, (_, i) => 0.5 ** k * Math.sin(i));
    const large = makeSolve(Array.from({ length: 30 }, (_, k) => makeStep(k, 0.5 ** k, { state: state(k) })));
    expect(bytesOf(drawSolves([large]))).toBeLessThan(40_000);
  });
  test("a solve of 30 steps with 4,096 entries and its derivative take less than 60 kB, and the page says how much", () => {
    console.log(`a typical page: ${bytesOf(page)} bytes`);
    expect(bytesOf(page)).toBeLessThan(60_000);
    const [, kilobytes] = /A page of (\d+) kB/.exec(page) ?? [];
    expect(Math.abs(Number(kilobytes) - bytesOf(page) / 1000)).toBeLessThanOrEqual(1);
  });
});

describe("short and failed solves", () => {
  test("one step is one point; no step is told in words", () => {
    const { sections } = readPage(drawSolves([withResiduals([0.5]), makeSolve([], { failure: "it never began" })]));
    expect(startsOf(sections[0].columns[0], ".dots.residual").length).toBe(1);
    expect(sections[1].element.textContent).toContain("No step was recorded.");
    expect(sections[1].element.textContent).toContain("it never began");
    expect(readPage(drawSolves([makeSolve([])])).document.querySelectorAll("section.solve").length).toBe(1);
  });
  for (const [name, value] of [
    ["NaN", NaN],
    ["∞", Infinity],
  ] as const) {
    test(`a residual of ${name} is a cross with its name, and the failure is told`, () => {
      const steps = [1, 1e9, value].map((residual, k) =>
        makeStep(k, residual, { state: Float64Array.of(residual, 1, 2, 3, 4, 5, 6) }),
      );
      const failed = makeSolve(steps, { failure: "fixedPoint: f gave it at step 2" });
      for (const entries of [2, 7]) {
        const { document, sections } = readPage(drawSolves([failed], { entries }));
        expect(sections[0].element.querySelector(".failure")?.textContent).toBe("fixedPoint: f gave it at step 2");
        expect(sections[0].element.querySelector(".outcome")).toBeNull();
        expect(sections[0].columns[0].querySelectorAll(".cross").length).toBe(1);
        expect(textsOf(sections[0].columns[0], "text.alarm")).toEqual([name]);
        expect(startsOf(sections[0].columns[0], ".dots.residual").length).toBe(2);
        expect(oddAttributes(document)).toEqual([]);
      }
    });
  }
  test("whatever the numbers are, the pictures have finite places", () => {
    const number = fc.double({ noDefaultInfinity: false });
    const step = fc.tuple(
      number.map(Math.abs),
      number.map(Math.abs),
      fc.array(number, { minLength: 7, maxLength: 7 }),
      fc.array(number, { maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 6 }), fc.integer({ min: 1, max: 7 }), (drawn, entries) => {
        const solve = makeSolve(
          drawn.map(([residual, goal, state, weights], k) =>
            makeStep(k, residual, { goal, weights, state: Float64Array.from(state) }),
          ),
        );
        const html = drawSolves([solve], { entries });
        expect(malformed(html)).toEqual([]);
        expect(oddAttributes(readPage(html).document)).toEqual([]);
      }),
      { seed: 11, numRuns: 300 },
    );
  });
});

describe("the page", () => {
  test("is well-formed; its names are unique, and the labels lead somewhere", () => {
    expect(malformed(page)).toEqual([]);
    const { document } = readPage(page);
    expect(oddAttributes(document)).toEqual([]);
    const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const element of document.querySelectorAll("[aria-labelledby]")) {
      expect(ids).toContain(element.getAttribute("aria-labelledby"));
    }
    expect([...document.querySelectorAll("figure svg")].every((svg) => svg.getAttribute("aria-label"))).toBe(true);
    expect(document.querySelector("input[type=range]")?.getAttribute("aria-label")).toBe("step");
  });
  test("ill-formed pages are seen", () => {
    expect(malformed("<p><b>x</p></b>")).not.toEqual([]);
    expect(malformed("<p>")).not.toEqual([]);
    expect(malformed('<p title="a"b">x</p>')).not.toEqual([]);
    expect(oddAttributes(readPage('<svg><path d="M1 NaN"/></svg>').document)).toEqual(['path d="M1 NaN"']);
  });
  test("names its axes", () => {
    const [{ columns }] = readPage(page).sections;
    expect(textsOf(columns[0], "text")).toContain("residual ‖f(z) − z‖");
    for (const column of columns) expect(textsOf(column, "text")).toContain("step");
  });
  test("tells forward solves first", () => {
    const { sections } = readPage(drawSolves([typical[1], typical[0]]));
    expect(sections.map(({ element }) => element.querySelector("h2")?.textContent)).toEqual([
      "fixedPoint",
      "fixedPoint: the linear equation of its derivative",
    ]);
  });
  test("loads nothing", () => {
    const loads = /\bsrc\s*=|href|https?:|\/\/\w|@import|url\(|<link|<iframe|fetch\(|import\(/i;
    expect(page).not.toMatch(loads);
    expect('<img src="a.png">').toMatch(loads);
  });
  test("is the same every time, and leaves the record as it was", () => {
    const before = JSON.stringify(typical);
    expect(drawSolves(typical)).toBe(page);
    expect(JSON.stringify(typical)).toBe(before);
  });
  test("escapes every text", () => {
    const evil = `</script><b>&"'<!--\u2028]]>`;
    const steps = [makeStep(0, 1), makeStep(1, 0.5, { method: evil })];
    const html = drawSolves([makeSolve(steps, { operation: evil, solver: evil, failure: evil })], { title: evil });
    expect(html).not.toMatch(/<b>|<!--/);
    expect(malformed(html)).toEqual([]);
    const { document } = readPage(html);
    for (const selector of ["title", "h1", "h2", ".failure"]) {
      expect(document.querySelector(selector)?.textContent, selector).toBe(evil);
    }
    expect(document.querySelectorAll("script").length).toBe(2);
    const [{ name, texts }] = JSON.parse(document.getElementById("record")?.textContent ?? "");
    expect(name).toBe(`${evil} (forward)`);
    expect(texts[1][1]).toBe(evil);
  });
});

describe("drawSolves refuses", () => {
  const step = makeStep(0, 1);
  const cases: readonly (readonly [what: string, solves: unknown, message: RegExp])[] = [
    ["an empty list", [], /^drawSolves: expected a list of recorded solves, received an empty one/],
    ["what is no list", { steps: [] }, /expected a list of recorded solves, received object/],
    ["a solve that is none", [3], /expected solves\[0\] to be a record, received 3/],
    [
      "another role",
      [{ ...makeSolve([]), role: "adjoint" }],
      /solves\[0\].role to be "forward" or "derivative", received "adjoint"/,
    ],
    ["no solver", [{ ...makeSolve([]), solver: undefined }], /solves\[0\].solver to be a string, received undefined/],
    [
      "a failure that is no text",
      [{ ...makeSolve([]), failure: new Error("x") }],
      /failure to be a string, received object/,
    ],
    ["steps that are no list", [{ ...makeSolve([]), steps: 4 }], /steps to be an array, received 4/],
    ["a step that is none", [makeSolve([null as never])], /steps\[0\] to be a record, received null/],
    ["steps out of order", [makeSolve([step, step])], /steps\[1\].step to be an integer ≥ 1, received 0/],
    [
      "a negative residual",
      [makeSolve([makeStep(0, -1)])],
      /steps\[0\].residual to be a number that is not negative, received -1/,
    ],
    ["a goal that is no number", [makeSolve([{ ...step, goal: "1" as never }])], /goal to be a number.*received "1"/],
    ["no method", [makeSolve([{ ...step, method: undefined as never }])], /method to be a string, received undefined/],
    ["weights that are none", [makeSolve([{ ...step, weights: ["1"] as never }])], /weights to be an array of numbers/],
    [
      "a state of another kind",
      [makeSolve([{ ...step, state: [1] as never }])],
      /state to be a Float64Array, received an array/,
    ],
    [
      "states of two sizes",
      [makeSolve([step, makeStep(1, 1, { state: new Float64Array(2) })])],
      /steps\[1\].state of 1 entries|of 1 entries, as the step before, received 2/,
    ],
  ];
  for (const [what, solves, message] of cases) {
    test(what, () => {
      expect(() => drawSolves(solves as never)).toThrow(DomainError);
      expect(() => drawSolves(solves as never)).toThrow(message);
    });
  }
  test("options that it does not have, or of another kind", () => {
    expect(() => drawSolves(typical, { entry: 3 } as never)).toThrow(/unknown option "entry": did you mean entries/);
    expect(() => drawSolves(typical, { entries: 0 })).toThrow(/entries to be an integer ≥ 1/);
    expect(() => drawSolves(typical, { title: 3 as never })).toThrow(/expected a title, received 3/);
  });
});
