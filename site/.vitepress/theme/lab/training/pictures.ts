// How are a fit, its loss and its order drawn?
import { type Draw, decades, tenTo } from "../shared/chart.js";
import type { Trajectory } from "./fit.js";
import type { Observations } from "./observations.js";

export interface Curves {
  /** Before the first update. */
  readonly begin: Trajectory | undefined;
  /** As learned so far. */
  readonly now: Trajectory | undefined;
}

/** One column of the observations and the curves; what lies beyond the fitted samples is forecast. */
export function drawFit(
  observations: Observations,
  column: number,
  heldBack: number,
  curves: Curves,
  unit: string,
): Draw {
  const { time, names, times, values } = observations;
  const fitted = times.length - heldBack;
  const seen = times.map((t, i) => ({ t, value: values[i][column], held: i >= fitted }));
  const pointsOf = (curve: Trajectory | undefined) =>
    curve?.times.map((t, i) => ({ t, value: curve.values[i][column] })) ?? [];
  const all = seen.map(({ value }) => value);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const room = high - low || 1;
  const colour = `var(--lab-${(column % 5) + 1})`;
  const edge = heldBack > 0 ? [(times[fitted - 1] + times[fitted]) / 2] : [];
  const plain = (t: number) => String(t);
  return (plot, width) =>
    plot.plot({
      width,
      height: 230,
      marginLeft: 50,
      marginBottom: 38,
      x: { label: time, ticks: Math.max(3, Math.min(10, Math.floor(width / 70))), tickFormat: plain },
      y: { label: `${names[column]}${unit}`, domain: [low - 0.12 * room, high + 0.3 * room], ticks: 5, grid: true },
      marks: [
        plot.ruleX(edge, { stroke: "var(--lab-quiet)", strokeDasharray: "3,3" }),
        plot.text(edge, {
          x: (t: number) => t,
          text: () => "held back",
          frameAnchor: "top",
          textAnchor: "start",
          dx: 5,
          dy: 2,
          fill: "var(--lab-quiet)",
        }),
        plot.line(pointsOf(curves.begin), {
          x: "t",
          y: "value",
          stroke: "var(--lab-quiet)",
          strokeDasharray: "4,4",
          clip: true,
        }),
        plot.line(pointsOf(curves.now), { x: "t", y: "value", stroke: colour, strokeWidth: 2, clip: true }),
        plot.dot(seen, {
          x: "t",
          y: "value",
          r: 3.5,
          stroke: colour,
          fill: (d: { held: boolean }) => (d.held ? "var(--vp-c-bg)" : colour),
        }),
      ],
    });
}

const mostPoints = 500;

/** Every n-th point, and the last, so that no more are drawn than can be seen. */
function some(values: readonly number[]): { update: number; value: number }[] {
  const stride = Math.ceil(values.length / mostPoints);
  return values
    .map((value, i) => ({ update: i + 1, value }))
    .filter((_, i) => i % stride === 0 || i === values.length - 1);
}

/** What both curves over the updates have in common. */
const overUpdates = (width: number, updates: number) => ({
  width,
  height: 230,
  marginLeft: 50,
  marginBottom: 38,
  x: { label: "update", domain: [0, updates], ticks: width < 400 ? 3 : 6 },
});

export function drawLosses(losses: readonly number[], updates: number): Draw {
  const points = some(losses).filter(({ value }) => value > 0);
  const all = points.map(({ value }) => value);
  const [low, high] = all.length > 0 ? [Math.min(...all) / 2, Math.max(...all) * 2] : [1e-3, 3];
  return (plot, width) =>
    plot.plot({
      ...overUpdates(width, updates),
      y: {
        type: "log",
        label: "mean squared error, in squared spreads",
        domain: [low, high],
        ticks: decades(low, high),
        tickFormat: tenTo,
        grid: true,
      },
      marks: [plot.line(points, { x: "update", y: "value", stroke: "var(--lab-1)", strokeWidth: 1.5 })],
    });
}

export function drawOrders(first: number, orders: readonly number[], updates: number): Draw {
  const points = [{ update: 0, value: first }, ...some(orders)];
  return (plot, width) =>
    plot.plot({
      ...overUpdates(width, updates),
      y: { label: "order α", domain: [0, 1.05], ticks: [0, 0.25, 0.5, 0.75, 1], tickFormat: String, grid: true },
      marks: [
        plot.ruleY([1], { stroke: "var(--lab-quiet)", strokeDasharray: "3,3" }),
        plot.line(points, { x: "update", y: "value", stroke: "var(--lab-4)", strokeWidth: 2 }),
        plot.dot(points.slice(-1), { x: "update", y: "value", r: 4, fill: "var(--lab-4)" }),
      ],
    });
}
