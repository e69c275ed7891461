// How were the settings chosen? By five-fold validation within the training part of the first split alone.
//
//   node build/examples/digits/choose.js [the name of one line, such as "bound 0.8"]
import { crossEntropy } from "stillpoint/nn";
import { significant, tableText } from "../shared/numbers.js";
import { countOf, foldsOf, readDigits, splitDigits } from "./data.js";
import { seeds, streamsOf, trainerOf } from "./experiment.js";
import { type ModelName, modelNames } from "./models.js";
import { accuracyOf, type Settings, settings } from "./training.js";

const folds = 5;

/** Each differs from the chosen settings in one way. */
const lines: readonly (Partial<Settings> & { readonly name: string })[] = [
  { name: "as chosen" },
  { name: "first rate 0.005", firstRate: 5e-3, lastRate: 5e-5 },
  { name: "first rate 0.01", firstRate: 1e-2, lastRate: 1e-4 },
  { name: "first rate 0.03", firstRate: 3e-2, lastRate: 3e-4 },
  { name: "weight decay 0.01", weightDecay: 1e-2 },
  { name: "weight decay 0.3", weightDecay: 0.3 },
  { name: "nothing shifted", shiftedShare: 0 },
  { name: "all shifted", shiftedShare: 1 },
  { name: "40 epochs", epochs: 40 },
  { name: "bound 0.8", bound: 0.8 },
  { name: "bound 0.95", bound: 0.95 },
  { name: "tolerance 0.01", tolerance: 1e-2 },
];

const [, , only] = process.argv;
const tried = lines.filter(({ name }) => only === undefined || name === only);
const data = foldsOf(splitDigits(readDigits(), streamsOf(seeds[0]).split), folds);

/** Accuracy in per cent and cross entropy, over the validation parts of all folds. */
function score(model: ModelName, changed: Settings): readonly [number, number] {
  let [right, entropy, all] = [0, 0, 0];
  for (const { training, validation } of data) {
    const trainer = trainerOf(model, { training, validation }, seeds[0], changed);
    let state = trainer.begin;
    while (state.epoch < changed.epochs) state = trainer.next(state);
    const logits = trainer.use(state.params, validation.pictures);
    const count = countOf(validation);
    right += count * accuracyOf(logits, validation);
    entropy += count * crossEntropy(logits, validation.classes).item();
    all += count;
  }
  return [(100 * right) / all, entropy / all];
}

const rows = tried.map(({ name, ...changes }, i) => {
  const changed = { ...settings, ...changes };
  // The bound and the tolerance mean nothing to the explicit models.
  const forAll = !("bound" in changes || "tolerance" in changes);
  const scores = modelNames.map((model) => (forAll || model === "equilibrium" ? score(model, changed) : undefined));
  const cells = scores.flatMap((both) =>
    both === undefined ? ["–", "–"] : [both[0].toFixed(2), significant(both[1])],
  );
  console.log(`${i + 1} of ${tried.length}: ${name}, ${cells.join(" ")}`);
  return { cells: [name, ...cells] };
});
console.log(
  tableText({
    caption: `\nAccuracy (%) and cross entropy on the validation parts, ${folds} folds`,
    columns: ["settings", ...modelNames.flatMap((name) => [`${name}, %`, "entropy"])],
    rows,
  }),
);
