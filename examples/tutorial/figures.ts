// What do the results look like?
import * as Plot from "@observablehq/plot";
import { colours, draw, type Figure, isNarrow, powerOfTen, series } from "../shared/drawing.js";
import { median } from "../shared/numbers.js";
import { species } from "./lynx-hare-data.js";
import { fitting, type OrderKind } from "./lynx-hare-fit.js";
import { kinds, type LynxHare } from "./lynx-hare-scores.js";
import type { RepairedExperiment, SamplePath } from "./repaired-experiment.js";
import { example, type ResidualHistory } from "./residual-histories.js";
import { kindNames } from "./tables.js";

export const residualFigure =
  (histories: readonly ResidualHistory[]): Figure =>
  (width) => {
    const points = histories.flatMap(({ solver, residuals }) =>
      residuals.map((residual, iteration) => ({ solver, residual, iteration })),
    );
    return draw(width, {
      height: 300,
      ariaLabel: "Residual against iteration for Picard iteration and Anderson acceleration, on a logarithmic axis",
      x: { label: "iterations", ticks: 8 },
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
        Plot.ruleY([example.tolerance], { stroke: "currentColor", strokeDasharray: "4,3" }),
        Plot.text([`tolerance ${powerOfTen(example.tolerance)}`], {
          y: [example.tolerance],
          frameAnchor: "left",
          textAnchor: "start",
          dx: 4,
          dy: -7,
        }),
        Plot.line(points, { x: "iteration", y: "residual", stroke: "solver", strokeWidth: 2, marker: "dot" }),
      ],
    });
  };

export const lossSeries = ["training", "validation", "u(t) = u(0), validation"] as const;

const lossTicks = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];

export const lossFigure =
  ({ losses, variance, constant }: RepairedExperiment): Figure =>
  (width) => {
    const points = losses.flatMap(({ epoch, training, validation }) => [
      { epoch, name: lossSeries[0], loss: training / variance },
      { epoch, name: lossSeries[1], loss: validation / variance },
    ]);
    return draw(width, {
      height: 300,
      ariaLabel: "Training and validation loss divided by the variance of the data, against the epoch",
      x: { label: "epoch", ticks: 6 },
      y: {
        type: "log",
        label: "mean squared error / variance",
        domain: [0.5 * Math.min(...points.map(({ loss }) => loss)), 1],
        axis: null,
      },
      color: colours(lossSeries),
      marks: [
        Plot.gridY(lossTicks),
        Plot.axisY(lossTicks, { text: String }),
        Plot.ruleY([constant.validation / variance], { stroke: series(2), strokeWidth: 2, strokeDasharray: "6,4" }),
        Plot.line(points, { x: "epoch", y: "loss", stroke: "name", strokeWidth: 2 }),
      ],
    });
  };

/** The same name for a component in legend and figure. */
export const componentNames = (path: SamplePath): readonly string[] => path.truth[0].map((_, i) => `u${"₁₂₃₄₅"[i]}`);

export const trajectoryFigure =
  ({ best, worst, times }: RepairedExperiment): Figure =>
  (width) => {
    const names = componentNames(best);
    const points = [
      { sample: "best", path: best },
      { sample: "worst", path: worst },
    ].flatMap(({ sample, path }) =>
      times.flatMap((t, n) =>
        names.map((name, i) => ({ sample, t, name, truth: path.truth[n][i], learned: path.learned[n][i] })),
      ),
    );
    const facet = isNarrow(width) ? { fy: "sample" } : { fx: "sample" };
    return draw(width, {
      height: isNarrow(width) ? 560 : 320,
      ariaLabel: "The best and the worst learned trajectory of the validation samples against the truth",
      facet: { label: null },
      fx: { label: null },
      fy: { label: null },
      x: { label: "time t", ticks: 5 },
      y: { label: "components of u(t)", grid: true, nice: true },
      color: colours(names),
      marks: [
        Plot.line(points, {
          ...facet,
          x: "t",
          y: "truth",
          stroke: "name",
          strokeWidth: 4,
          strokeOpacity: 0.5,
          strokeDasharray: "2,4",
        }),
        Plot.line(points, { ...facet, x: "t", y: "learned", stroke: "name", strokeWidth: 1.5 }),
      ],
    });
  };

export const lynxHareFigure =
  ({ observations, fits }: LynxHare): Figure =>
  (width) => {
    const { years, pelts, fitted } = observations;
    const curves = kinds.flatMap((kind) => {
      const own = fits.filter((fit) => fit.kind === kind);
      const middle = median(own.map((fit) => fit.forecast.log));
      return own.flatMap((fit) =>
        fit.pelts.flatMap((row, i) =>
          species.map((animal, s) => ({
            animal,
            year: years[0] + i / fitting.stepsPerYear,
            pelts: row[s],
            kind: kindNames[kind],
            curve: `${kind} ${fit.seed}`,
            shown: fit.forecast.log === middle ? "median" : "other",
          })),
        ),
      );
    });
    const dots = years.flatMap((year, i) => species.map((animal, s) => ({ animal, year, pelts: pelts[i][s] })));
    const line = (kind: OrderKind, shown: string, strokeWidth: number, strokeOpacity: number): Plot.Markish =>
      Plot.line(
        curves.filter((point) => point.kind === kindNames[kind] && point.shown === shown),
        {
          x: "year",
          y: "pelts",
          fy: "animal",
          stroke: "kind",
          z: "curve",
          strokeWidth,
          strokeOpacity,
          ...(kind === "fixed" ? { strokeDasharray: "5,3" } : {}),
        },
      );
    return draw(width, {
      height: 480,
      marginRight: 40,
      ariaLabel: "Pelts of lynx and hare, 1900 to 1920: observations, two fitted equations and their forecasts",
      x: { label: "year", tickFormat: "d", ticks: isNarrow(width) ? 5 : 10 },
      y: { label: "thousand pelts", grid: true, domain: [0, 1.2 * Math.max(...pelts.flat())], clamp: true },
      fy: { label: null, domain: [...species] },
      color: colours(kinds.map((kind) => kindNames[kind])),
      marks: [
        Plot.rectX([{ from: years[fitted - 1] + 0.5, to: years[years.length - 1] + 0.5 }], {
          x1: "from",
          x2: "to",
          fill: "currentColor",
          fillOpacity: 0.08,
        }),
        ...kinds.map((kind) => line(kind, "other", 1, 0.4)),
        ...kinds.map((kind) => line(kind, "median", 2.25, 1)),
        Plot.dot(dots, { x: "year", y: "pelts", fy: "animal", r: 3.5, fill: "currentColor" }),
      ],
    });
  };
