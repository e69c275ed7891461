// How does the best equation for lynx and hare become a page that its reader can play with?
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { random, type Tensor, tanh } from "stillpoint";
import { exportHtml } from "stillpoint/export";
import { mlp } from "stillpoint/nn";
import { significant } from "../shared/numbers.js";
import { scaleOf, species } from "./lynx-hare-data.js";
import { fitting } from "./lynx-hare-fit.js";
import type { LynxHare } from "./lynx-hare-scores.js";

/** Standard deviations of the logarithm of pelts over the fitted years. */
const unit = "sd";

/** Writes the page of the learned order that is nearest to the fitted years, chosen without a look at the others; tells where. */
export function writeModel(folder: string, { fits, observations }: LynxHare): string {
  const learned = fits.filter(({ kind }) => kind === "learned");
  const best = learned.reduce((a, b) => (b.fit.log < a.fit.log ? b : a));
  const { years, pelts } = observations;
  const span = years[years.length - 1] - years[0];
  const { apply } = mlp(fitting.sizes, { activation: tanh, random: random(0) });
  const page = exportHtml(
    {
      kind: "fractional",
      field: (_t: Tensor, u: Tensor) => apply(best.layers, u),
      order: { from: 0.5, to: 1, value: best.order },
      duration: { from: 5, to: 2 * span, value: span },
      initial: best.path[0].map((value) => ({ from: -3, to: 3, value })),
      steps: span * fitting.stepsPerYear,
      time: { label: `time since ${years[0]}`, unit: "years" },
    },
    {
      title: "Lynx and hare, an equation of learned order",
      description:
        `D^α u = f(u) with a network f of ${fitting.sizes[1]} hidden units. It, α = ${significant(best.order)} and u(0) were fitted to ` +
        `${years[0]}–${years[observations.fitted - 1]} (seed ${best.seed}); later dots are years that the fit did not see. u is the logarithm of ` +
        "pelts, less its mean and in standard deviations (sd) over the fitted years.",
      outputs: species.map((label) => ({ label, unit })),
      data: { at: years.map((year) => year - years[0]), values: scaleOf(observations).toUnits(pelts) },
    },
  );
  const file = join(folder, "model.html");
  writeFileSync(file, page);
  return file;
}
