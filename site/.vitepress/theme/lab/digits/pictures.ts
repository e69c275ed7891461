// How are the residuals and the answers of a reading drawn?
import { type Draw, decades, tenTo } from "../shared/chart.js";
import type { Step } from "./model.js";

const least = 1e-17;

/** Residuals of the steps, the tolerance, and the step that is shown; dashed, those of the gradient's equation. */
export function drawResiduals(
  steps: readonly Step[],
  adjoint: readonly number[],
  tolerance: number,
  shown: number,
): Draw {
  const points = steps.map(({ residual }, step) => ({ step, residual: Math.max(least, residual) }));
  const dual = adjoint.map((residual, step) => ({ step, residual: Math.max(least, residual) }));
  const all = [...points, ...dual].map(({ residual }) => residual);
  const [low, high] = [Math.min(tolerance, ...all) / 3, Math.max(1, ...all) * 3];
  return (plot, width) =>
    plot.plot({
      width,
      height: 250,
      marginLeft: 46,
      marginBottom: 38,
      x: { label: "step of the solver", domain: [0, Math.max(5, points.length - 1, dual.length - 1)], ticks: 6 },
      y: {
        type: "log",
        domain: [low, high],
        label: "residual, max |f(z) − z|",
        ticks: decades(low, high),
        tickFormat: tenTo,
        grid: true,
      },
      marks: [
        plot.ruleY([tolerance], { stroke: "var(--lab-3)", strokeDasharray: "2,3" }),
        plot.text([tolerance], {
          y: (x: number) => x,
          text: () => "tolerance",
          frameAnchor: "left",
          textAnchor: "start",
          dx: 6,
          dy: -8,
          fill: "var(--lab-3)",
        }),
        plot.line(dual, { x: "step", y: "residual", stroke: "var(--lab-4)", strokeDasharray: "5,3" }),
        plot.line(points, { x: "step", y: "residual", stroke: "var(--lab-1)", strokeWidth: 2 }),
        plot.dot(points.slice(shown, shown + 1), { x: "step", y: "residual", r: 5, fill: "var(--lab-1)" }),
      ],
    });
}

/** Each class a line, the winner a strong one. */
export function drawProbabilities(steps: readonly Step[], winner: number, shown: number): Draw {
  const points = steps.flatMap(({ probabilities }, step) =>
    probabilities.map((probability, digit) => ({ step, percent: 100 * probability, digit })),
  );
  const last = steps.length - 1;
  return (plot, width) =>
    plot.plot({
      width,
      height: 250,
      marginLeft: 46,
      marginRight: 24,
      marginBottom: 38,
      x: { label: "step of the solver", domain: [0, Math.max(5, last)], ticks: 6 },
      y: { label: "probability, %", domain: [0, 100], ticks: 5, grid: true },
      marks: [
        plot.ruleX([shown], { stroke: "var(--lab-quiet)", strokeDasharray: "2,3" }),
        plot.line(points, {
          x: "step",
          y: "percent",
          z: "digit",
          stroke: (d: { digit: number }) => (d.digit === winner ? "var(--lab-2)" : "var(--lab-quiet)"),
          strokeWidth: (d: { digit: number }) => (d.digit === winner ? 2.5 : 1),
        }),
        plot.text(
          points.filter(({ step, percent }) => step === last && percent > 6),
          { x: "step", y: "percent", text: "digit", dx: 10, fontWeight: 600, fill: "currentColor" },
        ),
      ],
    });
}
