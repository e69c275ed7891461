// What is told of each equation?
import { significant, type Table } from "../shared/numbers.js";
import { lines, type Section } from "../shared/report.js";
import type { Keep } from "../shared/work.js";
import { measureSwing, plate } from "./bagley-torvik.js";
import {
  measureBrusselator,
  a as reactionA,
  b as reactionB,
  duration as reactionDuration,
  start as reactionStart,
} from "./brusselator.js";
import { measureChua } from "./chua.js";
import type { Comparison } from "./comparison.js";
import { chaosFigure, circuitFigure, huntFigure, reactionFigure, relaxationFigure, swingFigure } from "./figures.js";
import { compared, order as lorenzOrder, measureLorenz, share } from "./lorenz.js";
import { duration as huntDuration, measureHunt } from "./lotka-volterra.js";
import { measureRelaxation } from "./relaxation.js";

/** A section, and its table once more, for the terminal. */
export interface Told {
  readonly section: Section;
  readonly table: Table;
}

const tableOf = (comparisons: readonly Comparison[]): Table => ({
  caption: "Largest difference, in units of the reference's largest entry; spectral, p × n: p panels of n nodes",
  columns: ["order", "T", "error", "quadrature", "compared with"],
  rows: comparisons.map(({ order, duration, quadrature, against, error }) => ({
    cells: [order, String(duration), significant(error, 2), quadrature, against],
  })),
});

const tell = (section: Section, comparisons: readonly Comparison[]): Told => {
  const table = tableOf(comparisons);
  return { section: { ...section, tables: [table] }, table };
};

async function tellRelaxation(keep: Keep): Promise<Told> {
  const measured = await measureRelaxation(keep);
  return tell(
    {
      heading: "From relaxation to oscillation: D^α u = −u",
      paragraphs: [
        "u(0) = 1, and u′(0) = 0 for orders above 1. The solution is E_α(−t^α), the Mittag-Leffler function. Below order 1 it only " +
          "falls: first steeply, then slower than any exponential. Between 1 and 2 it swings a few times and then creeps to 0, " +
          "and at 2 it is the cosine.",
      ],
      figure: {
        draw: relaxationFigure(measured),
        caption: "u against t.",
        legend: lines(measured.map(({ order }) => `α = ${order}`)),
      },
    },
    measured.map(({ comparison }) => comparison),
  );
}

async function tellSwing(keep: Keep): Promise<Told> {
  const swing = await keep("plate", measureSwing, 4);
  return tell(
    {
      heading: "A plate in a viscous fluid: u″ + b D^(3/2) u + c u = f(t)",
      paragraphs: [
        "The equation of Bagley and Torvik, as four equations of order ½. With b = c = 1 and f = 1 + t the solution is 1 + t, and " +
          `its half derivative, the second state, 2√(t/π). Below, b = c = ${plate}, and a load of 8 is put on the plate at rest ` +
          "from t = 0 to 1. The equation is linear: this is the answer to a load for ever less the same a unit of time later, so " +
          "that nothing jumps inside a panel.",
      ],
      figure: {
        draw: swingFigure(swing),
        caption: "Displacement u against t; shaded: while the load acts.",
        legend: [
          { name: "solveCaputo", series: 0, mark: "line" },
          { name: "exact", series: 1, mark: "dot" },
          { name: "load", series: 3, mark: "area" },
        ],
      },
    },
    swing.comparisons,
  );
}

async function tellLorenz(keep: Keep): Promise<Told> {
  const chaos = await measureLorenz(keep);
  const [spectral, trapezoid] = chaos.runs;
  const last = (horizon: number): string => significant(horizon, 3);
  return tell(
    {
      heading: "Lorenz's equations of fractional order",
      paragraphs: [
        `D^α x = 10 (y − x), D^α y = x (28 − z) − y, D^α z = x y − (8/3) z, α = ${lorenzOrder}, from (1, 1, 1). Below order 0.9941 ` +
          "the resting points in the two wings attract, and at 0.99 this trajectory settles in one of them. Here it leaves it in ever wider " +
          "circles, and changes sides first after t = 25.",
        "There is no exact solution to compare with, and no trajectory of a chaotic equation can be trusted for long: a difference in the last digit " +
          `grows exponentially, whatever the method. Two resolutions agree to ${100 * share} % of the largest entry until t = ${last(spectral.horizon)}, ` +
          `and the trapezoidal rule with the finer of them until ${last(trapezoid.horizon)}. What is drawn after that is a trajectory of the ` +
          `attractor, but not the one from (1, 1, 1). The table's errors are those up to t = ${compared}.`,
      ],
      figure: {
        draw: chaosFigure(chaos),
        caption:
          `Above: z against x. Below: the largest difference from the finest trajectory against t; dashed: ${100 * share} % of ` +
          "the largest entry.",
        legend: chaos.runs.map(({ name }, i) => ({ name, series: i + 1, mark: "line" })),
      },
    },
    chaos.comparisons,
  );
}

async function tellChua(keep: Keep): Promise<Told> {
  const circuit = await measureChua(keep);
  return tell(
    {
      heading: "Chua's circuit, with an order for each state",
      paragraphs: [
        "D^0.93 x = 12.75 (y + (x − 2x³)/7), D^0.99 y = x − y + z, D^0.92 z = −(100/7) y, from (0.2, −0.1, 0.1). Its power series is known for " +
          "short times only. Two resolutions still agree at the end, where a chaotic trajectory would have lost all digits: with these " +
          "orders the circuit settles on a cycle around its three resting points.",
      ],
      figure: {
        draw: circuitFigure(circuit),
        caption: "Above: z against x. Below: x against t.",
        legend: [{ name: "orders 0.93, 0.99, 0.92", series: 0, mark: "line" }],
      },
    },
    circuit.comparisons,
  );
}

async function tellBrusselator(keep: Keep): Promise<Told> {
  const reaction = await measureBrusselator(keep);
  const rest = [reactionA, reactionB / reactionA] as const;
  return tell(
    {
      heading: "The Brusselator",
      paragraphs: [
        `D^α x = A − (B + 1) x + x² y, D^α y = B x − x² y, drawn for A = ${reactionA}, B = ${reactionB} from (${reactionStart.join(", ")}). Around the resting ` +
          "point (A, B/A) there is a limit cycle; of these orders, the lowest has the smallest.",
        "The first rows compare with power series in t^α and with a reference of 15 digits, which have A, B and initial values of " +
          "their own; the others compare two resolutions of what is drawn.",
      ],
      figure: {
        draw: reactionFigure(reaction, rest, reactionStart),
        caption: `y against x up to t = ${reactionDuration}; the ring is the start, the dot the resting point.`,
        legend: lines(reaction.runs.map(({ order }) => `α = ${order}`)),
      },
    },
    reaction.comparisons,
  );
}

async function tellHunt(keep: Keep): Promise<Told> {
  const hunt = await keep("hunt", measureHunt, 8);
  return tell(
    {
      heading: "Predators and prey: Lotka and Volterra",
      paragraphs: [
        "D^α x = x (2/3 − 4/3 y), D^α y = y (x − 1), from (1.8, 0.9). At order 1 the orbit is closed, because x − ln x + (4/3) y − (2/3) ln y " +
          "stays the same: a check that needs no reference. Memory destroys it: at lower orders the orbit spirals into the resting point (1, ½).",
      ],
      figure: {
        draw: huntFigure(hunt),
        caption: `Predators against prey up to t = ${huntDuration}; the ring is the start, the dot the resting point.`,
        legend: lines(hunt.runs.map(({ order }) => `α = ${order}`)),
      },
    },
    hunt.comparisons,
  );
}

/** How many parts a chapter keeps, what they weigh (about a tenth of a second each), and how it is told. */
export interface Chapter {
  readonly parts: number;
  readonly weight: number;
  readonly tell: (keep: Keep) => Promise<Told>;
}

export const chapters: readonly Chapter[] = [
  { parts: 6, weight: 12, tell: tellRelaxation },
  { parts: 1, weight: 4, tell: tellSwing },
  { parts: 3, weight: 78, tell: tellLorenz },
  { parts: 2, weight: 38, tell: tellChua },
  { parts: 3, weight: 30, tell: tellBrusselator },
  { parts: 1, weight: 8, tell: tellHunt },
];
