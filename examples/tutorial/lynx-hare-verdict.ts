// Which is better for lynx and hare, a learned order or order 1, by the numbers measured in this run?
import type { OrderKind } from "./lynx-hare-fit.js";
import { type LynxHare, median, type ScoredFit } from "./lynx-hare-scores.js";
import { significant } from "./numbers.js";

type Measure = (fit: ScoredFit) => number;

const nameOf = { learned: "the learned order", fixed: "order 1" } as const;

const ofKind = ({ fits }: LynxHare, kind: OrderKind): readonly ScoredFit[] => fits.filter((fit) => fit.kind === kind);

const range = (xs: readonly number[]): number => Math.max(...xs) - Math.min(...xs);

/** One sentence that says which kind is better by a measure, in how many seeds, and whether seeds differ by more. */
export function compareKinds(result: LynxHare, what: string, measure: Measure): string {
  const learned = ofKind(result, "learned").map(measure);
  const fixed = ofKind(result, "fixed").map(measure);
  const [a, b] = [median(learned), median(fixed)];
  const medians = `median ${significant(a)} with the learned order, ${significant(b)} with order 1`;
  if (a === b) return `${what}: ${medians}: no difference.`;
  const better: OrderKind = a < b ? "learned" : "fixed";
  const wins = learned.filter((x, i) => (better === "learned" ? x < fixed[i] : x > fixed[i])).length;
  const gap = Math.abs(a - b);
  const share = (100 * gap) / Math.max(a, b);
  const among = Math.max(range(learned), range(fixed));
  return (
    `${what}: ${nameOf[better]} is better by ${significant(share, 2)} % (${medians}), in ${wins} of ${learned.length} seeds; ` +
    (gap < among
      ? `seeds alone differ by up to ${significant(among, 2)}, more than the medians do, so this decides nothing.`
      : `seeds alone differ by at most ${significant(among, 2)}, less than the medians do.`)
  );
}

/** Whether the equations forecast better than not having one. */
function compareSimple(result: LynxHare): string {
  const rivals = [
    { name: "the last value", score: result.lastValue },
    { name: "the mean of the fitted years", score: result.meanValue },
  ];
  const sentences = (["log", "pelts"] as const).map((unit) => {
    const best = rivals.reduce((p, q) => (q.score.forecast[unit] < p.score.forecast[unit] ? q : p));
    const goal = best.score.forecast[unit];
    const beaten = (kind: OrderKind): boolean => median(ofKind(result, kind).map((fit) => fit.forecast[unit])) < goal;
    const winners = (["learned", "fixed"] as const).filter(beaten).map((kind) => nameOf[kind]);
    const verdict =
      winners.length === 2
        ? "both equations do"
        : winners.length === 1
          ? `only ${winners[0]} does`
          : "neither equation does";
    const scale = unit === "log" ? "in logarithms" : "in thousand pelts";
    return `${scale}, the better one is ${best.name} (${significant(goal)}): ${verdict}`;
  });
  return `Forecasting better than the better simple predictor: ${sentences.join("; ")}.`;
}

/** Where the learned order ended, and whether it was the data that took it there. */
function describeOrders(result: LynxHare): string {
  const learned = ofKind(result, "learned");
  const orders = learned.map((fit) => fit.order);
  const [low, high] = [Math.min(...orders), Math.max(...orders)].map((x) => significant(x));
  const { otherStart } = result;
  const same = learned.find((fit) => fit.seed === otherStart.seed) ?? learned[0];
  const apart = Math.abs(otherStart.order - same.order) > 0.2 * Math.abs(otherStart.firstOrder - same.firstOrder);
  return (
    `Learned order: ${significant(median(orders))} (median; ${low} to ${high} over the seeds), begun at ${same.firstOrder}. ` +
    `Begun at ${otherStart.firstOrder}, seed ${otherStart.seed} ends at ${significant(otherStart.order)} with fit error ` +
    `${significant(otherStart.fit.log)} against ${significant(same.fit.log)}: ` +
    (apart
      ? "where it ends depends on where it begins, so the agreement of the seeds is not precision."
      : "where it ends hardly depends on where it begins.")
  );
}

export const verdict = (result: LynxHare): readonly string[] => [
  describeOrders(result),
  compareKinds(result, "Fit 1900–1916, error of logarithms", (fit) => fit.fit.log),
  compareKinds(result, "Forecast 1917–1920, error of logarithms", (fit) => fit.forecast.log),
  compareKinds(result, "Forecast 1917–1920, error in thousand pelts", (fit) => fit.forecast.pelts),
  compareSimple(result),
];
