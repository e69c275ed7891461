// What does the report say, figure by figure?

import { significant } from "../shared/numbers.js";
import { type LegendEntry, lines, type Section } from "../shared/report.js";
import { componentNames, lossFigure, lossSeries, lynxHareFigure, residualFigure, trajectoryFigure } from "./figures.js";
import { kinds, type LynxHare } from "./lynx-hare-scores.js";
import { verdict } from "./lynx-hare-verdict.js";
import { protocol, type RepairedExperiment } from "./repaired-experiment.js";
import { example, type ResidualHistory } from "./residual-histories.js";
import { fittingText, kindNames, lossTable, lynxHareTable, residualTable } from "./tables.js";

export const comparison =
  "The notebook that this experiment repeats printed 0.1249 (training) and 0.1332 (validation) at epoch 41. Its data came " +
  "from another hidden network, and the variance of the data differs from network to network, by a factor of several. Only " +
  "losses divided by that variance could be compared, and the notebook's is not known.";

const residualSection = (histories: readonly ResidualHistory[]): Section => {
  const { order, duration, steps, states, samples, seed } = example;
  return {
    heading: "How a whole trajectory is solved",
    paragraphs: [
      "A fractional equation remembers all of its past. Written down on a grid, it is one equation z = f(z) for the whole " +
        "trajectory, and it is solved when putting z into f gives z back. The residual is the largest difference that is " +
        `left. Here: order ${order}, ${steps} steps to time ${duration}, ${states} states, ${samples} samples, seed ${seed}. ` +
        "Picard iteration puts in what came out; Anderson acceleration combines the last ten results.",
    ],
    figure: {
      draw: residualFigure(histories),
      legend: lines(histories.map(({ solver }) => solver)),
      caption: "Residual (in the units of u) after each iteration; the axis is logarithmic.",
    },
    tables: [residualTable(histories)],
  };
};

const lossSection = (result: RepairedExperiment): Section => {
  const { samples, states, spread, sizes, order, duration, steps, batchSize, tolerance } = protocol;
  const last = result.losses[result.losses.length - 1];
  return {
    heading: "Learning a hidden equation",
    paragraphs: [
      `A hidden network made ${samples} trajectories from random initial values (${states} states, normal with spread ` +
        `${spread}; order ${order}, ${steps} steps to time ${duration}). Another network of the same shape ` +
        `(${sizes.join("-")}, ReLU) learns from ${100 * protocol.trainingShare} % of them, in batches of ${batchSize}, with every ` +
        `fixed point solved to ${tolerance}. After ${last.epoch} epochs its error on the samples it never saw is ` +
        `${significant((100 * last.validation) / result.variance)} % of the variance of the data; predicting that nothing ` +
        `changes, u(t) = u(0), leaves ${significant((100 * result.constant.validation) / result.variance)} %. Errors are means ` +
        "over all time nodes, the first one, which is known, included.",
      comparison,
    ],
    figure: {
      draw: lossFigure(result),
      legend: lossSeries.map((name, i): LegendEntry => ({ name, series: i, mark: i === 2 ? "dashed" : "line" })),
      caption: "Mean squared error divided by the variance of the data (a pure number); the axis is logarithmic.",
    },
    tables: [lossTable(result)],
  };
};

const trajectorySection = (result: RepairedExperiment): Section => ({
  heading: "A good and a bad trajectory",
  paragraphs: [
    "Of the validation samples, these are the one that the learned equation follows best and the one it follows worst: " +
      `mean squared errors ${significant(result.best.error)} and ${significant(result.worst.error)}. ` +
      "Each colour is one of the five components.",
  ],
  figure: {
    draw: trajectoryFigure(result),
    legend: [
      ...lines(componentNames(result.best)),
      { name: "learned", mark: "line" },
      { name: "truth", mark: "dashed" },
    ],
    caption: "Components of the trajectory against time; both are pure numbers.",
  },
});

const lynxHareSection = (result: LynxHare): Section => ({
  heading: "Lynx and hare",
  paragraphs: [
    "Pelts that the Hudson's Bay Company bought, 1900 to 1920, are a famous record of predator and prey. An equation " +
      "Dᵅu = f(u) is fitted to the logarithms of 1900–1916, once with its order α learned and once with α = 1, an ordinary " +
      `equation, in exactly the same way; 1917–1920 is held out as a forecast. ${fittingText(result.updates)}`,
  ],
  points: verdict(result),
  figure: {
    draw: lynxHareFigure(result),
    legend: [
      ...kinds.map(
        (kind, i): LegendEntry => ({
          name: kindNames[kind],
          series: i,
          mark: kind === "fixed" ? "dashed" : "line",
        }),
      ),
      { name: "observed", mark: "dot" },
      { name: "forecast", mark: "area" },
    ],
    caption:
      "Thousand pelts against the year. Strong lines: the seed with the median forecast error of logarithms; thin lines: the other seeds.",
  },
  tables: [lynxHareTable(result)],
});

export const title = "Deep equilibria and neural fractional equations";

export const introduction =
  "Two experiments, computed by stillpoint from fixed seeds: the experiment of the notebook that the library began with, " +
  "with its numerical faults repaired, and an equation with a learned order for real data.";

export const sections = (
  histories: readonly ResidualHistory[],
  repaired: RepairedExperiment,
  lynxHare: LynxHare,
): readonly Section[] => [
  residualSection(histories),
  lossSection(repaired),
  trajectorySection(repaired),
  lynxHareSection(lynxHare),
];
