// What do the trajectories look like?
import * as Plot from "@observablehq/plot";
import { colours, draw, type Figure, isNarrow, powerOfTen, series } from "../shared/drawing.js";
import type { Swing } from "./bagley-torvik.js";
import { times as swingTimes } from "./bagley-torvik.js";
import type { Reaction } from "./brusselator.js";
import { type Circuit, times as circuitTimes } from "./chua.js";
import type { Curve } from "./comparison.js";
import { type Chaos, times as chaosTimes, share } from "./lorenz.js";
import { a, b, c, d, type Hunt, start as huntStart } from "./lotka-volterra.js";
import { type Relaxation, times as relaxationTimes } from "./relaxation.js";

interface Place {
  readonly x: number;
  readonly y: number;
  readonly name: string;
}

const placesOf = (x: ArrayLike<number>, y: ArrayLike<number>, name = ""): Place[] =>
  Array.from(x, (value, k) => ({ x: value, y: y[k], name }));

const path = (places: readonly Place[], strokeWidth: number): Plot.Line =>
  Plot.line(places, { x: "x", y: "y", stroke: "name", z: "name", strokeWidth, strokeLinejoin: "round" });

export const relaxationFigure =
  (measured: readonly Relaxation[]): Figure =>
  (width) =>
    draw(width, {
      height: 320,
      ariaLabel: "Solutions of D^α u = −u against time for six orders, from slow relaxation to undamped oscillation",
      x: { label: "t", ticks: 7 },
      y: { label: "u", grid: true, ticks: 5 },
      color: colours(measured.map(({ order }) => String(order))),
      marks: [
        Plot.ruleY([0]),
        path(
          measured.flatMap(({ order, curve }) => placesOf(relaxationTimes, curve[0], String(order))),
          2,
        ),
      ],
    });

export const swingFigure =
  ({ pulse, exactPulse }: Swing): Figure =>
  (width) =>
    draw(width, {
      height: 300,
      ariaLabel: "The displacement of the plate against time: a swing that fades, and the exact solution as dots on it",
      x: { label: "t", ticks: 7 },
      y: { label: "u", grid: true, ticks: 6 },
      marks: [
        Plot.rectY([0], { x1: 0, x2: 1, y1: -5, y2: 8, fill: series(3), fillOpacity: 0.14 }),
        Plot.ruleY([0]),
        Plot.line(placesOf(swingTimes, pulse[0]), { x: "x", y: "y", stroke: series(0), strokeWidth: 2 }),
        Plot.dot(
          placesOf(swingTimes, exactPulse[0]).filter((_, k) => k % 10 === 0),
          { x: "x", y: "y", fill: series(1), r: 2.5 },
        ),
      ],
    });

/** Two states against each other. */
const orbit = (
  width: number,
  height: number,
  curve: Curve,
  [i, j]: readonly [number, number],
  labels: readonly [string, string],
): string =>
  draw(width, {
    height,
    ariaLabel: `The trajectory in the plane of ${labels[0]} and ${labels[1]}`,
    x: { label: labels[0], ticks: 7 },
    y: { label: labels[1], grid: true, ticks: 6 },
    marks: [Plot.line(placesOf(curve[i], curve[j]), { x: "x", y: "y", stroke: series(0), strokeWidth: 1 })],
  });

export const chaosFigure =
  ({ curve, runs }: Chaos): Figure =>
  (width) => {
    const apart = runs.flatMap(({ name, apart }) =>
      placesOf(
        chaosTimes,
        apart.map((difference) => (difference > 0 ? difference : NaN)),
        name,
      ).filter((_, k) => k % 10 === 0),
    );
    const growth = draw(width, {
      height: 280,
      ariaLabel: "The largest difference of coarser trajectories from the finest against time, on a logarithmic axis",
      x: { label: "t", ticks: 7 },
      y: { type: "log", label: "largest difference", grid: true, ticks: 6, tickFormat: powerOfTen },
      color: { domain: runs.map(({ name }) => name), range: runs.map((_, i) => series(i + 1)) },
      marks: [
        Plot.ruleY([share * Math.max(...curve.map((values) => Math.max(...values.map(Math.abs))))], {
          stroke: "currentColor",
          strokeDasharray: "4,3",
        }),
        path(apart, 1.5),
      ],
    });
    return orbit(width, isNarrow(width) ? 320 : 440, curve, [0, 2], ["x", "z"]) + growth;
  };

export const circuitFigure =
  ({ curve }: Circuit): Figure =>
  (width) => {
    const inTime = draw(width, {
      height: 220,
      ariaLabel: "The first state of the circuit against time",
      x: { label: "t", ticks: 7 },
      y: { label: "x", grid: true, ticks: 5 },
      marks: [Plot.line(placesOf(circuitTimes, curve[0]), { x: "x", y: "y", stroke: series(0), strokeWidth: 1.5 })],
    });
    return orbit(width, isNarrow(width) ? 300 : 400, curve, [0, 2], ["x", "z"]) + inTime;
  };

const orbits = (
  width: number,
  runs: readonly { readonly order: number; readonly curve: Curve }[],
  labels: readonly [string, string],
  ariaLabel: string,
  rest: readonly [number, number],
  start: readonly [number, number],
): string =>
  draw(width, {
    ...{ height: isNarrow(width) ? 320 : 420, ariaLabel },
    x: { label: labels[0], ticks: 6 },
    y: { label: labels[1], grid: true, ticks: 6 },
    color: colours(runs.map(({ order }) => String(order))),
    marks: [
      path(
        runs.flatMap(({ order, curve }) => placesOf(curve[0], curve[1], String(order))),
        1.5,
      ),
      Plot.dot([rest], { fill: "currentColor", r: 3.5 }),
      Plot.dot([start], { stroke: "currentColor", r: 4, strokeWidth: 1.5 }),
    ],
  });

export const reactionFigure =
  ({ runs }: Reaction, rest: readonly [number, number], start: readonly [number, number]): Figure =>
  (width) =>
    orbits(width, runs, ["x", "y"], "Concentrations against each other: three limit cycles", rest, start);

export const huntFigure =
  ({ runs }: Hunt): Figure =>
  (width) =>
    orbits(
      width,
      runs,
      ["prey", "predators"],
      "Predators against prey: a closed orbit at order 1, and two spirals into the resting point",
      [c / d, a / b],
      huntStart,
    );
