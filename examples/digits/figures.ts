// What do the trainings, the solves and the mistakes look like?
import * as Plot from "@observablehq/plot";
import { colours, draw, type Figure, isNarrow, powerOfTen } from "../shared/drawing.js";
import { side } from "./data.js";
import { modelNames, toleranceInUse } from "./models.js";
import type { Run } from "./runs.js";
import type { Mistake, ResidualHistory } from "./study.js";
import { type EpochFacts, settings } from "./training.js";

interface Point {
  readonly epoch: number;
  readonly value: number;
  readonly name: string;
  readonly seed: number;
}

const pointsOf = (runs: readonly Run[], name: (run: Run) => string, value: (facts: EpochFacts) => number): Point[] =>
  runs.flatMap((run) =>
    run.history.map((facts, i) => ({ epoch: i + 1, value: value(facts), name: name(run), seed: run.seed })),
  );

/** A thin line for each split, and a strong one for their mean. */
const bundle = (points: readonly Point[]): Plot.Markish[] => [
  Plot.line(points, {
    x: "epoch",
    y: "value",
    stroke: "name",
    z: (d: Point) => `${d.name} ${d.seed}`,
    strokeWidth: 1,
    strokeOpacity: 0.25,
  }),
  Plot.line(points, Plot.groupX({ y: "mean" }, { x: "epoch", y: "value", stroke: "name", strokeWidth: 2 })),
];

export const lossFigure =
  (runs: readonly Run[]): Figure =>
  (width) => {
    const ticks = [0.1, 0.2, 0.5, 1, 2];
    return draw(width, {
      height: 300,
      ariaLabel: "Training loss against the epoch for the three models, on a logarithmic axis",
      x: { label: "epoch", ticks: 6 },
      y: { type: "log", label: "training loss", axis: null },
      color: colours(modelNames),
      marks: [
        Plot.gridY(ticks),
        Plot.axisY(ticks, { text: String }),
        ...bundle(
          pointsOf(
            runs,
            ({ model }) => model,
            ({ loss }) => loss,
          ),
        ),
      ],
    });
  };

/** What lies below is cut off: the first epochs. */
const leastShown = 85;

export const validationFigure =
  (runs: readonly Run[]): Figure =>
  (width) => {
    const points = pointsOf(
      runs,
      ({ model }) => model,
      ({ validation }) => 100 * validation,
    );
    return draw(width, {
      height: 300,
      ariaLabel: "Accuracy on the validation digits against the epoch for the three models",
      clip: true,
      x: { label: "epoch", ticks: 6 },
      y: { label: "validation digits recognised, %", grid: true, domain: [leastShown, 100], ticks: 6 },
      color: colours(modelNames),
      marks: bundle(points),
    });
  };

export const passes = ["forward", "backward"] as const;

export const evaluationFigure =
  (runs: readonly Run[]): Figure =>
  (width) => {
    const points = passes.flatMap((pass) =>
      pointsOf(
        runs,
        () => pass,
        (facts) => facts[pass],
      ),
    );
    return draw(width, {
      height: 300,
      ariaLabel: "Mean number of evaluations of a solve against the epoch, forward and backward",
      x: { label: "epoch", ticks: 6 },
      y: { label: "evaluations for a batch", grid: true, zero: true, nice: true },
      color: colours(passes),
      marks: bundle(points),
    });
  };

export const residualFigure =
  (histories: readonly ResidualHistory[]): Figure =>
  (width) => {
    const tolerances = { training: settings.tolerance, test: toleranceInUse };
    const points = histories.flatMap(({ solver, residuals }) =>
      residuals.map((residual, evaluation) => ({ solver, residual, evaluation: evaluation + 1 })),
    );
    return draw(width, {
      height: 300,
      ariaLabel: "Residual of one digit against the evaluations, for two solvers, on a logarithmic axis",
      x: { label: "evaluations of f", ticks: 8 },
      y: {
        type: "log",
        label: "residual, max |f(z) − z|",
        grid: true,
        nice: true,
        ticks: [0, -2, -4, -6, -8, -10, -12].map((exponent) => 10 ** exponent),
        tickFormat: powerOfTen,
      },
      color: colours(histories.map(({ solver }) => solver)),
      marks: [
        Plot.ruleY(Object.values(tolerances), { stroke: "currentColor", strokeDasharray: "4,3" }),
        Plot.text(Object.entries(tolerances), {
          y: ([, tolerance]) => tolerance,
          text: ([use, tolerance]) => `tolerance in ${use}, ${powerOfTen(tolerance)}`,
          frameAnchor: "left",
          textAnchor: "start",
          dx: 4,
          dy: -7,
        }),
        Plot.line(points, { x: "evaluation", y: "residual", stroke: "solver", strokeWidth: 2, marker: "dot" }),
      ],
    });
  };

export const mistakeFigure =
  (mistakes: readonly Mistake[]): Figure =>
  (width) => {
    const [inRow, fontSize] = isNarrow(width) ? [3, 12] : [5, 13];
    const rows = Math.ceil(mistakes.length / inRow);
    /** Between the pictures: for air, and for two lines of text. */
    const gap = { across: 20, down: 60 };
    const size = (width - (inRow - 1) * gap.across) / inRow;
    const placed = mistakes.map((mistake, n) => ({ ...mistake, column: n % inRow, row: Math.floor(n / inRow) }));
    const dots = placed.flatMap(({ picture, column, row }) =>
      picture.map((ink, i) => ({ column, row, ink, x: i % side, y: Math.floor(i / side) })),
    );
    const facet = { fx: "column", fy: "row" } as const;
    const label = (text: (m: Mistake) => string, fontWeight: number, dy: number): Plot.Markish =>
      Plot.text(placed, { ...facet, text, fontWeight, dy, frameAnchor: "top", lineAnchor: "bottom", fontSize });
    return draw(width, {
      height: rows * (size + gap.down),
      marginLeft: 0,
      marginRight: 0,
      marginTop: gap.down,
      marginBottom: 0,
      ariaLabel: "The most confidently mistaken test digits, with their true and their predicted class",
      fx: { axis: null, paddingInner: gap.across / (size + gap.across), paddingOuter: 0, round: false },
      fy: { axis: null, paddingInner: gap.down / (size + gap.down), paddingOuter: 0, round: false },
      x: { axis: null, domain: [0, side], inset: 0 },
      y: { axis: null, domain: [0, side], reverse: true, inset: 0 },
      opacity: { domain: [0, 1], range: [0, 1] },
      marks: [
        Plot.frame({ stroke: "currentColor", strokeOpacity: 0.25 }),
        Plot.rect(dots, {
          ...facet,
          x1: "x",
          x2: (d: { x: number }) => d.x + 1,
          y1: "y",
          y2: (d: { y: number }) => d.y + 1,
          fill: "currentColor",
          fillOpacity: "ink",
          shapeRendering: "crispEdges",
        }),
        label(({ truth, predicted }) => `${truth}, taken for ${predicted}`, 600, -22),
        label(({ confidence, seed }) => `${(100 * confidence).toFixed(0)} %, split ${seed}`, 400, -6),
      ],
    });
  };
