// Which numbers of the two experiments are shown, on the terminal and on the page alike?

import { median, significant, type Table, type TableRow } from "../shared/numbers.js";
import { fitting } from "./lynx-hare-fit.js";
import { type Errors, firstOrder, kinds, type LynxHare, type Score } from "./lynx-hare-scores.js";
import type { RepairedExperiment } from "./repaired-experiment.js";
import { example, type ResidualHistory } from "./residual-histories.js";

export function lossTable({ losses, variance, constant, hiddenSeed }: RepairedExperiment): Table {
  const cells = (name: string, training: number, validation: number): readonly string[] => [
    name,
    significant(training, 4),
    significant(validation, 4),
    significant(training / variance),
    significant(validation / variance),
  ];
  const shown = losses.filter(({ epoch }) => epoch === 1 || epoch % 10 === 0 || epoch === losses.length);
  return {
    caption: `Mean squared errors, hidden seed ${hiddenSeed}; the variance of the data is ${significant(variance, 4)}`,
    columns: ["epoch", "training", "validation", "training / var", "validation / var"],
    rows: [
      ...shown.map(({ epoch, training, validation }) => ({ cells: cells(String(epoch), training, validation) })),
      { cells: cells("u(t) = u(0)", constant.training, constant.validation), group: true },
    ],
  };
}

export const residualTable = (histories: readonly ResidualHistory[]): Table => ({
  caption: `Iterations to a residual of ${example.tolerance}`,
  columns: ["solver", "iterations", "first residual", "last residual"],
  rows: histories.map(({ solver, residuals }) => ({
    cells: [
      solver,
      String(residuals.length - 1),
      significant(residuals[0]),
      significant(residuals[residuals.length - 1]),
    ],
  })),
});

export const kindNames = { learned: "learned order", fixed: "order 1" } as const;

const errorCells = (errors: Errors | undefined): readonly string[] =>
  errors === undefined ? ["–", "–"] : [significant(errors.log), significant(errors.pelts)];

const scoreCells = ({ fit, forecast }: Score): readonly string[] => [...errorCells(fit), ...errorCells(forecast)];

export function lynxHareTable({ fits, otherStart, lastValue, meanValue }: LynxHare): Table {
  const single = fits.map(
    (fit, i): TableRow => ({
      cells: [`${kindNames[fit.kind]}, seed ${fit.seed}`, significant(fit.order), ...scoreCells(fit)],
      group: i > 0 && i % kinds.length === 0,
    }),
  );
  const medians = kinds.map((kind, i): TableRow => {
    const own = fits.filter((fit) => fit.kind === kind);
    const middle = (of: (fit: (typeof fits)[number]) => Errors): Errors => ({
      log: median(own.map((fit) => of(fit).log)),
      pelts: median(own.map((fit) => of(fit).pelts)),
    });
    const score = { fit: middle((fit) => fit.fit), forecast: middle((fit) => fit.forecast) };
    return {
      cells: [`${kindNames[kind]}, median`, significant(median(own.map((fit) => fit.order))), ...scoreCells(score)],
      group: i === 0,
    };
  });
  return {
    caption: "Root mean squared errors over both species: of natural logarithms, and in thousand pelts",
    columns: ["equation", "order", "fit, log", "fit, pelts", "forecast, log", "forecast, pelts"],
    rows: [
      ...single,
      ...medians,
      {
        cells: [
          `learned order from ${otherStart.firstOrder}, seed ${otherStart.seed}`,
          significant(otherStart.order),
          ...scoreCells(otherStart),
        ],
        group: true,
      },
      { cells: ["last value (1916)", "", ...scoreCells(lastValue)], group: true },
      { cells: ["mean of 1900–1916", "", ...scoreCells(meanValue)] },
    ],
  };
}

/** How the equations were fitted, in words with the numbers that were used. */
export const fittingText = (updates: number): string => {
  const { sizes, stepsPerYear, firstRate, lastRate, firstYears, growingShare } = fitting;
  return (
    `f is a tanh network ${sizes.join("-")}, u(0) is learned from the first observation on, ${stepsPerYear} steps a year, ` +
    `${updates} updates by Adam (${firstRate} falling to ${lastRate}); the fit begins with ${firstYears} years and takes in ` +
    `the others during the first ${100 * growingShare} % of the updates. A learned order is (1 + tanh ρ)/2, which stays ` +
    `between 0 and 1, and begins at ${firstOrder}.`
  );
};
