// Which is better for lynx and hare, a learned order or order 1, by the numbers measured in this run?

import { median, significant } from "../shared/numbers.js";
import type { OrderKind } from "./lynx-hare-fit.js";
import type { LynxHare, ScoredFit } from "./lynx-hare-scores.js";

type Measure = (fit: ScoredFit) => number;

const nameOf = { learned: "the learned order", fixed: "order 1" } as const;

const ofKind = ({ fits }: LynxHare, kind: OrderKind): readonly ScoredFit[] => fits.filter((fit) => fit.kind === kind);

const range = (xs: readonly number[]): number => Math.max(...xs) - Math.min(...xs);

interface Comparison {
  readonly text: string;
  /** Absent where nothing is decided. */
  readonly winner?: OrderKind;
}

/** Which kind is better by a measure, in how many seeds; decided only if seeds alone make less of a difference. */
function compareKinds(result: LynxHare, what: string, measure: Measure): Comparison {
  const learned = ofKind(result, "learned").map(measure);
  const fixed = ofKind(result, "fixed").map(measure);
  const [a, b] = [median(learned), median(fixed)];
  const medians = `median ${significant(a)} with the learned order, ${significant(b)} with order 1`;
  if (a === b) return { text: `${what}: no difference (${medians}).` };
  const better: OrderKind = a < b ? "learned" : "fixed";
  const wins = learned.filter((x, i) => (better === "learned" ? x < fixed[i] : x > fixed[i])).length;
  const gap = Math.abs(a - b);
  const among = Math.max(range(learned), range(fixed));
  const decided = gap > among;
  const share = significant((100 * gap) / Math.max(a, b), 2);
  const text =
    `${what}: ${nameOf[better]} is better by ${share} % (${medians}), in ${wins} of ${learned.length} seeds; seeds alone ` +
    `differ by up to ${significant(among, 2)}, ` +
    (decided ? "less than the medians do." : "more than the medians do, so this decides nothing.");
  return decided ? { text, winner: better } : { text };
}

/** The comparisons in one sentence. */
function conclude(comparisons: readonly Comparison[]): string {
  const count = (kind: OrderKind): number => comparisons.filter(({ winner }) => winner === kind).length;
  const [learned, fixed, all] = [count("learned"), count("fixed"), comparisons.length];
  if (learned + fixed === 0) return `In short: neither kind of equation is better, by any of the ${all} measures.`;
  if (learned === fixed) return `In short: each kind of equation is better by ${learned} of the ${all} measures.`;
  const [better, more, less] =
    learned > fixed ? (["learned", learned, fixed] as const) : (["fixed", fixed, learned] as const);
  const undecided = all - more - less;
  return (
    `In short: ${nameOf[better]} is better by ${more} of the ${all} measures` +
    `${less > 0 ? `, worse by ${less}` : ""}${undecided > 0 ? `; ${undecided} decide nothing` : ""}.`
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
  const learnedOrders = `Learned order: ${significant(median(orders))} (median; ${low} to ${high} over the seeds), begun at ${same.firstOrder}.`;
  if (otherStart.firstOrder === same.firstOrder) return learnedOrders;
  return (
    `${learnedOrders} Begun at ${otherStart.firstOrder}, seed ${otherStart.seed} ends at ${significant(otherStart.order)} with fit error ` +
    `${significant(otherStart.fit.log)} against ${significant(same.fit.log)}: ` +
    (apart
      ? "where it ends depends on where it begins, so the agreement of the seeds is not precision."
      : "where it ends hardly depends on where it begins.")
  );
}

export function verdict(result: LynxHare): readonly string[] {
  const comparisons = [
    compareKinds(result, "Fit 1900–1916, error of logarithms", (fit) => fit.fit.log),
    compareKinds(result, "Forecast 1917–1920, error of logarithms", (fit) => fit.forecast.log),
    compareKinds(result, "Forecast 1917–1920, error in thousand pelts", (fit) => fit.forecast.pelts),
  ];
  return [conclude(comparisons), ...comparisons.map(({ text }) => text), compareSimple(result), describeOrders(result)];
}
