// What is a trained equation as one page that computes by itself?
import { exportHtml } from "stillpoint/export";
import { orderAt, restoreFit } from "./fit.js";
import { spacingOf } from "./observations.js";

/** What an exported page can take. */
const mostSteps = 319;

/** A range of a slider that a value is in. */
const around = (value: number, from: number, to: number) => ({
  from: Math.min(from, value),
  to: Math.max(to, value),
  value,
});

/**
 * The page of a checkpoint: its equation with sliders for the order, the time and the first values, in the scale of the fit, and
 * the samples as dots.
 *
 * @throws DomainError if the bytes are no training of the lab.
 */
export function pageOf(bytes: Uint8Array): string {
  const { observations, fit, state } = restoreFit(bytes);
  const { time, names, times } = observations;
  const { settings, step } = state;
  const { mean } = spacingOf(times);
  const gaps = times.length - 1;
  const order = orderAt(state);
  return exportHtml(
    {
      kind: "fractional",
      field: (_t, u) => fit.field(state, u),
      order: around(order, 0.1, 1),
      duration: around(gaps, 1, 2 * gaps),
      initial: [...state.params.start.data].map((value) => around(value, -3, 3)),
      steps: Math.min(mostSteps, gaps * settings.stepsPerSample),
      time: {
        label: `${time} since ${times[0]}`,
        ...(mean === 1 ? {} : { unit: `gaps of ${Number(mean.toPrecision(4))}` }),
      },
    },
    {
      title: `A fractional equation for ${names.join(" and ")}`,
      description:
        `D^α u = f(u) with a network f of ${settings.width} hidden units, after ${step} of ${settings.updates} updates with seed ` +
        `${settings.seed}. u is each value, or its logarithm, less its mean and in spreads over the ${fit.fitted} samples that were fitted.` +
        (settings.heldBack > 0 ? ` No update saw the last ${settings.heldBack}.` : ""),
      outputs: names.map((label, c) => ({ label: fit.logarithms[c] ? `log ${label}` : label, unit: "spreads" })),
      data: { at: fit.samples.times, values: fit.samples.values },
    },
  );
}
