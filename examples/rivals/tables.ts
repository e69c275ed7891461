// How are the results put into tables?
import { significant, type Table } from "../shared/numbers.js";
import { orders } from "./equation.js";
import type { Count, Point } from "./measure.js";
import { countsFor, type MethodName, methods, nodeCounts, spectralCounts } from "./methods.js";
import {
  decaySteps,
  type Limit,
  type Mismatch,
  mismatchNodes,
  mostNodes,
  type Results,
  shownNodes,
  shownOrder,
} from "./results.js";

const withNodes = methods.filter(({ name }) => name !== "implicit, spectral");

export const errorAt = (points: readonly Point[], method: MethodName, order: number, nodes: number): number =>
  points.find((point) => point.method === method && point.order === order && point.nodes === nodes)?.error ?? NaN;

/** What solves to 1e-12 leave says nothing about a method. */
export const orRounding = (x: number): string => (x < 1e-12 ? "< 1e-12" : significant(x, 2));

export const percent = (x: number): string => (x < 1e-6 ? "0" : `${significant(100 * x, 2)} %`);

/** log₂ of how much the error falls from half the steps on. */
function observedOrder(points: readonly Point[], method: MethodName, order: number): string {
  const [before, last] = nodeCounts.slice(-2);
  const ratio = errorAt(points, method, order, before) / errorAt(points, method, order, last);
  return (Math.log(ratio) / Math.log((last - 1) / (before - 1))).toFixed(2);
}

export const errorsByNodes = (points: readonly Point[], order: number): Table => ({
  caption: `Relative error of the gradient against the nodes, order α = ${order}; in the last column the observed order of convergence`,
  columns: ["", ...nodeCounts.map(String), "order"],
  rows: withNodes.map(({ name }) => ({
    cells: [
      name,
      ...nodeCounts.map((nodes) => significant(errorAt(points, name, order, nodes), 2)),
      observedOrder(points, name, order),
    ],
  })),
});

export const errorsByOrder = (points: readonly Point[]): Table => ({
  caption: `Relative error of the gradient with ${shownNodes} nodes (spectral: ${Math.max(...spectralCounts)})`,
  columns: ["", ...orders.map((order) => `α = ${order}`)],
  rows: methods.map((method) => ({
    cells: [method.name, ...orders.map((order) => orRounding(errorAt(points, method.name, order, mostNodes(method))))],
  })),
});

export const errorsOfCollocation = (points: readonly Point[]): Table => ({
  caption: "Relative error of the implicit gradient by spectral collocation, against the nodes",
  columns: ["", ...spectralCounts.map(String)],
  rows: orders.map((order) => ({
    cells: [
      `α = ${order}`,
      ...spectralCounts.map((nodes) => orRounding(errorAt(points, "implicit, spectral", order, nodes))),
    ],
  })),
});

export const mismatchTable = (mismatches: readonly Mismatch[]): Table => ({
  caption: `Relative difference between the gradient and that of the discrete loss itself, ${mismatchNodes} nodes`,
  columns: ["", ...orders.map((order) => `α = ${order}`)],
  rows: withNodes.map(({ name }) => ({
    cells: [
      name,
      ...orders.map((order) =>
        orRounding(mismatches.find((m) => m.method === name && m.order === order)?.value ?? NaN),
      ),
    ],
  })),
});

export const countTable = (counts: readonly Count[]): Table => ({
  caption:
    `How often the network is evaluated at a node, and multiplied by its Jacobian or the transpose, forwards and backwards; α = ${shownOrder}, ` +
    `${shownNodes} nodes (spectral: ${Math.max(...spectralCounts)})`,
  columns: ["", "evaluations", "products", "products backwards", "nodes per call"],
  rows: counts.map(({ method, evaluations, products, backward }) => ({
    cells: [method, ...[evaluations, products, backward].map(String), atOnce(method)],
  })),
});

/** How many nodes one call of the network has. */
function atOnce(method: MethodName): string {
  if (method === "implicit, spectral") return String(Math.max(...spectralCounts) - 1);
  return /through|no pole|notebook/.test(method) ? "1" : "32";
}

export const limitTable = (limits: readonly Limit[]): Table => ({
  caption:
    "Relative error of dL/dθ for D^α u = θ u at θ = −1 by the adjoint without its pole, and that of its limit in closed form",
  columns: ["", ...decaySteps.map((steps) => `${steps} steps`), "limit"],
  rows: limits.map(({ order, errors, limit }) => ({
    cells: [`α = ${order}`, ...errors.map(percent), percent(limit)],
  })),
});

const kilobytes = (bytes: number): string => (bytes < 5e4 ? "< 0.05" : significant(bytes / 1e6, 2));

export const costTable = ({ costs }: Results): Table => {
  const rows = methods.map((method) => {
    const counts = countsFor(method);
    const some = [counts[0], counts[2], counts[counts.length - 1]];
    const at = (nodes: number) => costs.find((cost) => cost.method === method.name && cost.nodes === nodes);
    return {
      cells: [
        method.name,
        ...some.map((nodes) => significant(at(nodes)?.milliseconds ?? NaN, 2)),
        ...some.map((nodes) => kilobytes(at(nodes)?.bytes ?? NaN)),
      ],
    };
  });
  const heads = [nodeCounts[0], nodeCounts[2], nodeCounts[nodeCounts.length - 1]];
  return {
    caption:
      `Milliseconds of processor time for a loss and its gradient, and megabytes held between its passes, α = ${shownOrder}, against the nodes (spectral: ` +
      `${[spectralCounts[0], spectralCounts[2], spectralCounts[spectralCounts.length - 1]].join(", ")})`,
    columns: ["", ...heads.map((nodes) => `${nodes}: ms`), ...heads.map((nodes) => `${nodes}: MB`)],
    rows,
  };
};

export const compiledTable = ({ compiled }: Results): Table => ({
  caption: `Milliseconds of processor time to trace and compile the gradient, and for each run of the plan; α = ${shownOrder}`,
  columns: ["", "nodes", "compile, ms", "run, ms", "error"],
  rows: compiled.map(({ name, nodes, compilation, milliseconds, error }) => ({
    cells: [name, String(nodes), significant(compilation, 2), significant(milliseconds, 2), significant(error, 2)],
  })),
});
