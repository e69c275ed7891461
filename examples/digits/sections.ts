// What does the report say?
import { median, significant } from "../shared/numbers.js";
import { type LegendEntry, lines, type Section } from "../shared/report.js";
import { countOf, type Split } from "./data.js";
import { evaluationFigure, lossFigure, mistakeFigure, passes, residualFigure, validationFigure } from "./figures.js";
import { explicitLayers, type ModelName, modelNames, toleranceInUse, width } from "./models.js";
import type { Run } from "./runs.js";
import { batchShown, type Study, type ToleranceCost } from "./study.js";
import { accuracyTable, costTable, ofModel, percent, timeTable, titles } from "./tables.js";
import { settings } from "./training.js";

export const title = "Handwritten digits, read by an equilibrium";

export const introduction =
  `A picture x of 8×8 pixels drives z = tanh(z W + x U + b) to its still point z, a vector of ${width} numbers, and z V + c are ` +
  "the logits of the ten classes. The spectral norm of W is kept at or below " +
  `${settings.bound}, so that there is exactly one such z, and its gradient is that of the equation, not of the iteration. ` +
  "The data: 1,797 digits of the UCI Machine Learning Repository (E. Alpaydin and C. Kaynak, Optical Recognition of " +
  "Handwritten Digits, 1998, CC BY 4.0).";

export const protocol = ({ training, validation, test }: Split): string => {
  const { epochs, batchSize, firstRate, lastRate, weightDecay, shiftedShare } = settings;
  return (
    `Five seeded splits: ${countOf(test)} digits for the test, ${countOf(validation)} for validation, ${countOf(training)} to learn from. ` +
    `All models alike: ${epochs} epochs, batches of ${batchSize}, AdamW with weight decay ${weightDecay}, learning rate ` +
    `${firstRate} falling to ${lastRate} as a cosine does, cross entropy; ${100 * shiftedShare} % of each batch are moved by up to ` +
    "one pixel along each axis. The settings were chosen by five-fold validation within the first split without its test " +
    "digits; in the five trainings validation shows the way and decides nothing. The parameters after the last epoch count. " +
    "The digits that are one split's test are partly learned from in others, so the five accuracies are not independent."
  );
};

const medianOf = (runs: readonly Run[], model: ModelName, value: (run: Run) => number): number =>
  median(ofModel(runs, model).map(value));

/** The equilibrium beside one explicit model, in a sentence of measured numbers. */
function compare(runs: readonly Run[], model: ModelName): string {
  const ours = ofModel(runs, "equilibrium");
  const theirs = ofModel(runs, model);
  const [a, b] = [ours, theirs].map((own) => median(own.map(({ accuracy }) => accuracy)));
  const more = ours.filter((run, i) => run.accuracy > theirs[i].accuracy).length;
  const less = ours.filter((run, i) => run.accuracy < theirs[i].accuracy).length;
  const digits = Math.round((a - b) * countOf(ours[0].test));
  const difference =
    digits === 0
      ? "the medians are the same"
      : `the median of the ${digits > 0 ? "equilibrium" : "explicit model"} is higher by ${Math.abs(digits)} of ${countOf(ours[0].test)} test digits`;
  const time =
    medianOf(runs, "equilibrium", ({ seconds }) => seconds) / medianOf(runs, model, ({ seconds }) => seconds);
  return (
    `Beside ${titles[model].replace("explicit,", "the explicit model with")}: ${percent(a)} against ${percent(b)} %, ${difference}; the equilibrium is better in ` +
    `${more} and worse in ${less} of ${ours.length} splits, and training it takes ${significant(time, 2)} times as long.`
  );
}

export const verdict = (runs: readonly Run[]): readonly string[] =>
  modelNames.filter((model) => model !== "equilibrium").map((model) => compare(runs, model));

const accuracySection = (runs: readonly Run[], split: Split): Section => ({
  heading: "How many digits are recognised",
  paragraphs: [
    protocol(split),
    `The explicit models are multilayer perceptrons with tanh and as many parameters, within 1 %: hidden layers ` +
      `${explicitLayers["two layers"].join(" and ")}, or one of ${explicitLayers["one layer"][0]}.`,
  ],
  points: verdict(runs),
  tables: [accuracyTable(runs), timeTable(runs)],
});

const modelLegend = modelNames.map((model, i): LegendEntry => ({ name: titles[model], series: i, mark: "line" }));

const learningSections = (runs: readonly Run[], { validation }: Split): readonly Section[] => [
  {
    heading: "How they learn",
    paragraphs: [
      "The loss is the mean over the batches of an epoch, each before its update and with its shifted digits.",
    ],
    figure: {
      draw: lossFigure(runs),
      legend: modelLegend,
      caption:
        "Cross entropy in training; the axis is logarithmic. Strong lines: mean of the five splits; thin lines: each.",
    },
  },
  {
    heading: "What they recognise meanwhile",
    paragraphs: [
      `Validation has ${countOf(validation)} digits in each split, so that one digit is ${percent(1 / countOf(validation))} %.`,
    ],
    figure: {
      draw: validationFigure(runs),
      legend: modelLegend,
      caption: "Accuracy on the validation digits of each split, which nothing is learned from; strong lines: means.",
    },
  },
];

const evaluationSection = (runs: readonly Run[]): Section => {
  const own = ofModel(runs, "equilibrium");
  const lastOf = (pass: (typeof passes)[number]): string =>
    median(own.map(({ history }) => history[history.length - 1][pass])).toFixed(1);
  return {
    heading: "What the solves cost",
    paragraphs: [
      `A batch is solved as one equation, to a residual of ${significant(settings.tolerance, 1)}. In the last epoch that takes ` +
        `${lastOf("forward")} evaluations of f, and the linear equation of the gradient ${lastOf("backward")} of its own (medians ` +
        "of the splits).",
    ],
    figure: {
      draw: evaluationFigure(own),
      legend: lines(passes),
      caption: "Mean number of evaluations for a batch, forward and backward. Strong lines: mean of the five splits.",
    },
  };
};

const costSection = (study: Study): Section => {
  const at = (tolerance: number): ToleranceCost =>
    study.costs.find((cost) => cost.tolerance === tolerance) as ToleranceCost;
  const [loose, used] = [at(1e-2), at(settings.tolerance)];
  return {
    heading: "Why not a loose tolerance",
    paragraphs: [
      "The formula of the gradient holds at a solution. At a point that is none it gives a number all the same, and nothing " +
        `tells. For ${batchShown} test digits of the first split and its trained model, a tolerance of 1e-2 leaves a relative error ` +
        `of ${significant(loose.error, 2)} in the gradient, and ${significant(used.tolerance, 1)}, which is used in training, one of ` +
        `${significant(used.error, 2)}: the optimiser then sees the gradient of the loss that is printed, for ` +
        `${significant(used.evaluations / loose.evaluations, 2)} times the evaluations.`,
    ],
    tables: [costTable(study)],
  };
};

const mistakeSection = ({ mistakes }: Study): Section => ({
  heading: "What it is surest of and wrong",
  paragraphs: [
    "Of all test digits that the equilibrium takes for another class, in any of the five splits, these are the ones with the " +
      "highest probability of the wrong class.",
  ],
  figure: {
    draw: mistakeFigure(mistakes),
    legend: [],
    caption:
      "8×8 pixels each: the true class, what it was taken for, how probable that was called, and in which split.",
  },
});

const residualSection = ({ histories }: Study): Section => ({
  heading: "How one digit is solved",
  paragraphs: [
    `The first test digit of the first split, from z = 0: ${histories
      .map(({ solver, residuals }) => `${residuals.length} evaluations with ${solver}`)
      .join(", ")}. Anderson combines the last ten of them, so each is dearer.`,
  ],
  figure: {
    draw: residualFigure(histories),
    legend: lines(histories.map(({ solver }) => solver)),
    caption: `Residual at each evaluation, down to the tolerance in use, ${significant(toleranceInUse, 1)}; the axis is logarithmic.`,
  },
});

export const sections = (runs: readonly Run[], study: Study, split: Split): readonly Section[] => [
  accuracySection(runs, split),
  ...learningSections(runs, split),
  evaluationSection(runs),
  costSection(study),
  mistakeSection(study),
  residualSection(study),
];
