// What does the report say, and what of it stands in the chapter?
import { cpus } from "node:os";
import { significant } from "../shared/numbers.js";
import type { Section } from "../shared/report.js";
import { checkNodes, orders, referenceNodes } from "./equation.js";
import { costLines, errorFigure, errorLines, memoryFigure, memoryLines, workFigure } from "./figures.js";
import type { Cost } from "./measure.js";
import { type MethodName, spectralCounts } from "./methods.js";
import { type Block, tableBlock, textBlock } from "./page.js";
import { compiledCounts, mismatchNodes, type Results, shownNodes, shownOrder } from "./results.js";
import {
  compiledTable,
  costTable,
  countTable,
  errorAt,
  errorsByNodes,
  errorsByOrder,
  errorsOfCollocation,
  limitTable,
  mismatchTable,
  percent,
} from "./tables.js";

export const title = "Gradients of neural fractional equations: one that is exact, and its rivals";

export const introduction =
  "D^α u = W₂ tanh(W₁ u + b₁) + b₂ on [0, 1] with two states and eight hidden units, loss ½|u(1)|², gradient in the 42 weights and biases. " +
  "Errors are those of the whole gradient in the 2-norm, relative to the gradient of the equation itself, which spectral collocation " +
  `gives with ${referenceNodes} nodes.`;

/** What is the same on every machine. */
export function findings({ points, mismatches, doubts }: Results): string {
  const at = (method: MethodName, nodes: number = shownNodes): string =>
    significant(errorAt(points, method, shownOrder, nodes), 2);
  const off = (method: MethodName): string =>
    significant(mismatches.find((m) => m.method === method && m.order === shownOrder)?.value ?? NaN, 2);
  const most = Math.max(...spectralCounts);
  const stays = orders
    .filter((order) => order < 1)
    .map((order) => `${percent(errorAt(points, "continuous adjoint, no pole", order, shownNodes))} at α = ${order}`);
  return (
    `At α = ${shownOrder} and ${shownNodes} nodes the implicit gradient of the product trapezoid is off the gradient of the equation by ` +
    `${at("implicit, trapezoid")} on equal steps and ${at("implicit, graded trapezoid")} on graded ones; spectral collocation needs ` +
    `${most} nodes for ${at("implicit, spectral", most)}. The continuous adjoint with its pole reaches ${at("continuous adjoint")} and ` +
    `${at("continuous adjoint, graded")}; and from the gradient of the loss that is computed with ${mismatchNodes} nodes it differs by ` +
    `${off("continuous adjoint")} and ${off("continuous adjoint, graded")}, where the implicit gradient differs by rounding. Without the ` +
    `pole the error stays at ${stays.join(", ")}, however small the steps. The notebook's rule is off by ` +
    `${at("implicit, notebook's rule")}, and by ${at("implicit, notebook as written")} as it was written. The reference differs from one ` +
    `of ${checkNodes} nodes by at most ${significant(Math.max(...doubts), 1)}.`
  );
}

/** What this machine measured. */
export function costFindings({ costs, compiled }: Results): string {
  const at = (method: MethodName, nodes: number = shownNodes): Cost =>
    costs.find((cost) => cost.method === method && cost.nodes === nodes) as Cost;
  const [implicit, steps] = [at("implicit, trapezoid"), at("through the steps, trapezoid")];
  const traced = Math.max(...compiledCounts);
  const planned = (name: MethodName): string =>
    significant(compiled.find((c) => c.name === name && c.nodes === traced)?.milliseconds ?? NaN, 2);
  return (
    `Processor time with Node ${process.versions.node} on ${cpus().length} × ${cpus()[0]?.model.trim() ?? "an unknown processor"}, which other work shared: ` +
    `with ${shownNodes} nodes of the product trapezoid, loss and gradient take ${significant(implicit.milliseconds, 2)} ms implicitly and ` +
    `${significant(steps.milliseconds, 2)} ms through the steps; as plans of ${traced} nodes, traced once, ${planned("implicit, trapezoid")} and ` +
    `${planned("through the steps, trapezoid")} ms. Between the passes ${significant(implicit.bytes / 1e6, 1)} and ` +
    `${significant(steps.bytes / 1e6, 2)} MB are held.`
  );
}

export const blocks = (results: Results): readonly Block[] => [
  textBlock("findings", findings(results)),
  tableBlock("errors by order", errorsByOrder(results.points)),
  tableBlock("errors by nodes", errorsByNodes(results.points, shownOrder)),
  tableBlock("collocation", errorsOfCollocation(results.points)),
  tableBlock("mismatch", mismatchTable(results.mismatches)),
  tableBlock("limit", limitTable(results.limits)),
  tableBlock("counts", countTable(results.counts)),
  textBlock("cost findings", costFindings(results), false),
  tableBlock("costs", costTable(results), false),
  tableBlock("compiled", compiledTable(results), false),
];

export const pictures = (results: Results) => [
  {
    file: "gradient-errors.svg",
    draw: errorFigure(results),
    legend: errorLines,
    caption: "Error against nodes, both logarithmic. Only the dashed line has a limit other than 0.",
  },
  {
    file: "gradient-work.svg",
    draw: workFigure(results),
    legend: costLines,
    caption: `Error against the processor time for loss and gradient at α = ${shownOrder}; both axes are logarithmic. Lower and further left is better.`,
  },
  {
    file: "gradient-memory.svg",
    draw: memoryFigure(results),
    legend: memoryLines,
    caption:
      "Memory on the heap and in buffers that is alive after the forward pass because of it; below 0.05 MB it is not told from noise of the engine.",
  },
];

export function sections(results: Results): readonly Section[] {
  const [errors, work, memory] = pictures(results);
  const { points } = results;
  return [
    {
      heading: "How wrong each gradient is",
      paragraphs: [findings(results)],
      figure: errors,
      tables: [
        errorsByOrder(points),
        ...orders.map((order) => errorsByNodes(points, order)),
        errorsOfCollocation(points),
      ],
    },
    {
      heading: "Whether it is the gradient of the loss that is computed",
      paragraphs: [],
      tables: [mismatchTable(results.mismatches)],
    },
    { heading: "The limit without the pole", paragraphs: [], tables: [limitTable(results.limits)] },
    {
      heading: "What an error costs",
      paragraphs: [costFindings(results)],
      figure: work,
      tables: [costTable(results), compiledTable(results), countTable(results.counts)],
    },
    { heading: "What has to be held", paragraphs: [], figure: memory },
  ];
}
