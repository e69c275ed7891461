// How are a fractional solution, its memory, its errors and its derivative drawn?
import type * as Plot from "@observablehq/plot";
import { type Draw, decades, tenTo } from "../shared/chart.js";
import type { Point, Scene } from "./scene.js";

const [own, exact, gradient, quiet] = ["var(--lab-2)", "var(--lab-1)", "var(--lab-4)", "var(--lab-quiet)"];
const at = { x: "t", y: "y", clip: true } as const;
const sized = (width: number, height = 270) => ({ width, height, marginLeft: 48, marginBottom: 38 });
const time = { label: "time t", ticks: 5 };

/** From the least to the largest of some positive numbers, with room; nothing below the foot is told apart. */
function logDomain(values: readonly number[], foot = 1e-17): [number, number] {
  const positive = values.filter((value) => value > 0 && Number.isFinite(value)).map((value) => Math.max(value, foot));
  if (positive.length === 0) return [foot, 1];
  const [low, high] = [Math.min(...positive), Math.max(...positive)];
  return [low / 2, Math.max(high * 2, low * 10)];
}

const logAxis = ([low, high]: [number, number], label: string): Plot.ScaleOptions => ({
  ...{ type: "log", domain: [low, high], ticks: decades(low, high), label, grid: true, tickFormat: tenTo },
});

const raised = (points: readonly Point[], foot = 1e-17): Point[] =>
  points.filter(({ y }) => Number.isFinite(y)).map(({ t, y }) => ({ t, y: Math.max(y, foot) }));

/** A curve that is known, and what was computed at the nodes beside it. */
function beside(
  known: readonly Point[],
  computed: readonly Point[],
  label: string,
  color: string,
  height: number,
): Draw {
  const names = ["exact", "computed"];
  const few = computed.length <= 70;
  return (plot, width) =>
    plot.plot({
      ...sized(width, height),
      x: time,
      y: { label, grid: true, ticks: 6, nice: true },
      color: { legend: true, domain: names, range: [exact, color] },
      marks: [
        plot.ruleY([0], { stroke: "var(--lab-line)" }),
        plot.line(known, { ...at, stroke: exact, strokeWidth: 2.5 }),
        few
          ? plot.dot(computed, { ...at, r: 2.8, fill: color })
          : plot.line(computed, { ...at, stroke: color, strokeWidth: 1.3 }),
      ],
    });
}

export const drawTrajectory = ({ exact: known, values }: Scene): Draw => beside(known, values, "u", own, 330);
export const drawSlopes = ({ exactSlopes, slopes }: Scene): Draw => beside(exactSlopes, slopes, "∂u/∂α", gradient, 270);

/** Errors of the solution and of its derivative in the order, over time. */
export function drawErrors({ errors, slopeErrors }: Scene): Draw {
  const domain = logDomain([...errors, ...slopeErrors].map(({ y }) => y));
  return (plot, width) =>
    plot.plot({
      ...sized(width),
      x: time,
      y: logAxis(domain, "error"),
      color: { legend: true, domain: ["of u", "of ∂u/∂α"], range: [own, gradient] },
      marks: [
        plot.line(raised(slopeErrors), { ...at, stroke: gradient }),
        plot.line(raised(errors), { ...at, stroke: own, strokeWidth: 1.8 }),
      ],
    });
}

/** The error at the end over the number of steps, and the slope that theory gives. */
export function drawStudy({ study }: Scene, expected: number | undefined): Draw {
  const places = study.map(({ steps, error }) => ({ t: steps, y: Math.max(error, 1e-17) }));
  const last = places[places.length - 1];
  const slope =
    expected === undefined || !last ? [] : places.map(({ t }) => ({ t, y: 3 * last.y * (last.t / t) ** expected }));
  const domain = logDomain([...places, ...slope].map(({ y }) => y));
  const ticks = places.map(({ t }) => t);
  return (plot, width) =>
    plot.plot({
      ...sized(width),
      x: { type: "log", base: 2, ticks, tickFormat: "d", label: "steps N", domain: [ticks[0] / 1.2, last.t * 1.2] },
      y: logAxis(domain, "error at the end"),
      marks: [
        plot.line(slope, { ...at, stroke: quiet, strokeDasharray: "5 4", strokeWidth: 2 }),
        plot.line(places, { ...at, stroke: own, strokeWidth: 1.8 }),
        plot.dot(places, { ...at, r: 3.5, fill: own }),
      ],
    });
}

/** What the past weighs: the kernel, and what the quadrature makes of it for the last node. */
export function drawMemory({ kernel, weights }: Scene): Draw {
  const domain = logDomain([...kernel, ...weights].map(({ y }) => y));
  const ages: [number, number] = [kernel[0].t, kernel[kernel.length - 1].t];
  return (plot, width) =>
    plot.plot({
      ...sized(width),
      x: { ...logAxis(ages, "age t − s"), ticks: decades(...ages, 4), grid: false },
      y: logAxis(domain, "weight per time"),
      color: { legend: true, domain: ["kernel", "weights"], range: [exact, own] },
      marks: [
        plot.line(kernel, { ...at, stroke: exact, strokeWidth: 2.5 }),
        plot.dot(weights, { ...at, r: 2.6, fill: ({ negative }) => (negative ? "none" : own), stroke: own }),
      ],
    });
}
