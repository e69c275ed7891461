// Which ways are there to the gradient, and how often does each evaluate the network?
import { vjp } from "stillpoint";
import {
  type CaputoOptions,
  continuousAdjoint,
  productRectangle,
  productTrapezoid,
  type Quadrature,
  type SteppingOptions,
  sampledRectangle,
  spectral,
  stepThroughTime,
  type TrajectoryReport,
} from "stillpoint/fractional";
import { duration, implicitLoss, lastOf, loss, network, start, tolerance, type Weights, weights } from "./equation.js";
import { adjointWithoutPole } from "./without-pole.js";

export const methodNames = [
  "implicit, spectral",
  "implicit, graded trapezoid",
  "implicit, trapezoid",
  "through the steps, trapezoid",
  "through the steps, rectangle",
  "continuous adjoint, graded",
  "continuous adjoint",
  "continuous adjoint, no pole",
  "implicit, notebook's rule",
  "implicit, notebook as written",
] as const;
export type MethodName = (typeof methodNames)[number];

/** Evaluations of the network, and products of a vector with its Jacobian or the transpose, each at one node. */
export interface Counts {
  readonly evaluations: number;
  readonly products: number;
  /** Products in the backward pass. */
  readonly backward: number;
}

/** What is left after the forward pass: the gradient can be asked for. */
export interface Forward {
  pull(): Weights;
}

export interface Method {
  readonly name: MethodName;
  forward(order: number, nodes: number): Forward;
  count(order: number, nodes: number): Counts;
  /** The discrete equation whose loss it differentiates, or means to. */
  discrete(order: number, nodes: number): CaputoOptions;
}

const d = start.shape[0];

/** The grading that restores second order; none for an order of 1. */
const grading = (order: number): number => (order === 1 ? 1 : 2 / order);

const stepsOf = (nodes: number): number => nodes - 1;

/** Nodes of the windows into which the library cuts a trajectory that converges. */
const windowOf = (nodes: number): number => Math.min(nodes, 32);

/** A rule without a weight on the node itself is swept one node at a time. */
const isSwept = ({ solver }: TrajectoryReport): boolean => solver === "explicit sweep";

/** Evaluations at single nodes, where all windows are full. */
function nodesEvaluated(report: TrajectoryReport, nodes: number) {
  const { windows, evaluations, products } = report;
  if (isSwept(report)) return { evaluations, products };
  const size = windowOf(nodes);
  if (windows * size !== nodes)
    throw new Error(`${windows} windows on ${nodes} nodes: one was cut, and cannot be counted`);
  return { evaluations: evaluations * size, products: products * size };
}

/** The first node of a spectral panel is solved alone, by one evaluation. */
function spectralNodes({ evaluations, products }: TrajectoryReport, nodes: number) {
  return { evaluations: (evaluations - 1) * (nodes - 1) + 1, products: products * (nodes - 1) };
}

function implicit(
  name: MethodName,
  quadratureOf: (order: number, nodes: number) => Quadrature,
  counted: typeof nodesEvaluated = nodesEvaluated,
): Method {
  const discrete = (order: number, nodes: number): CaputoOptions => {
    const quadrature = quadratureOf(order, nodes);
    return { order, duration, quadrature, ...(quadrature.name === "spectral" ? {} : { steps: stepsOf(nodes) }) };
  };
  const forward = (options: CaputoOptions): Forward => {
    const { pull } = vjp(implicitLoss(options), weights);
    return { pull: () => pull(1)[0] as Weights };
  };
  return {
    name,
    discrete,
    forward: (order, nodes) => forward(discrete(order, nodes)),
    count(order, nodes) {
      const [ahead, back]: TrajectoryReport[][] = [[], []];
      const listeners = {
        onSolve: (report: TrajectoryReport) => ahead.push(report),
        onAdjoint: (report: TrajectoryReport) => back.push(report),
      };
      forward({ ...discrete(order, nodes), ...listeners }).pull();
      const { evaluations, products } = counted(ahead[0], nodes);
      const adjoint = counted(back[0], nodes);
      // With the sweep solved, ∂f/∂θ is applied at all nodes, and before it Jᵀ once more where the sweep was not exact.
      const after = isSwept(back[0]) ? nodes : 2 * nodes;
      return { evaluations, products, backward: adjoint.evaluations + adjoint.products + after };
    },
  };
}

function throughSteps(name: MethodName, quadrature: Quadrature): Method {
  const options = (order: number, nodes: number): SteppingOptions => ({
    ...{ order, duration, steps: stepsOf(nodes), quadrature, tolerance },
  });
  return {
    name,
    discrete: (order, nodes) => ({ order, duration, steps: stepsOf(nodes), quadrature }),
    forward(order, nodes) {
      const run = (theta: Weights) =>
        loss(lastOf(stepThroughTime((t, u) => network(theta, t, u), start, options(order, nodes)).values));
      const { pull } = vjp(run, weights);
      return { pull: () => pull(1)[0] as Weights };
    },
    count(order, nodes) {
      let evaluations = 0;
      stepThroughTime(
        (t, u) => {
          evaluations++;
          return network(weights, t, u);
        },
        start,
        options(order, nodes),
      );
      // One evaluation at each node but the last is for later nodes; each of the others belongs to a correction with d products.
      const products = quadrature.name === "productTrapezoid" ? d * (evaluations - stepsOf(nodes)) : 0;
      return { evaluations, products, backward: evaluations + products };
    },
  };
}

function continuous(name: MethodName, gradingOf: (order: number) => number): Method {
  const quadrature = (order: number): Quadrature => productTrapezoid({ grading: gradingOf(order) });
  const forwardOnly = implicit(name, quadrature);
  return {
    ...forwardOnly,
    forward(order, nodes) {
      const solved = continuousAdjoint(network, weights, start, {
        ...{ order, duration, steps: stepsOf(nodes), grading: gradingOf(order), tolerance },
      });
      return { pull: () => solved.pull(solved.value).theta };
    },
    count(order, nodes) {
      const { evaluations, products } = forwardOnly.count(order, nodes);
      return { evaluations, products, backward: (d + 1) * nodes };
    },
  };
}

const withoutPole: Method = {
  name: "continuous adjoint, no pole",
  discrete: (order, nodes) => ({ order, duration, steps: stepsOf(nodes), quadrature: productRectangle() }),
  forward(order, nodes) {
    const { value, pull } = adjointWithoutPole(network, { ...weights }, start, {
      order,
      duration,
      steps: stepsOf(nodes),
    });
    return { pull: () => pull(value) };
  },
  count: (_, nodes) => ({ evaluations: stepsOf(nodes), products: 0, backward: stepsOf(nodes) }),
};

export const methods: readonly Method[] = [
  implicit("implicit, spectral", (_, nodes) => spectral({ nodes }), spectralNodes),
  implicit("implicit, graded trapezoid", (order) => productTrapezoid({ grading: grading(order) })),
  implicit("implicit, trapezoid", () => productTrapezoid()),
  throughSteps("through the steps, trapezoid", productTrapezoid()),
  throughSteps("through the steps, rectangle", productRectangle()),
  continuous("continuous adjoint, graded", grading),
  continuous("continuous adjoint", () => 1),
  withoutPole,
  implicit("implicit, notebook's rule", () => sampledRectangle()),
  implicit("implicit, notebook as written", () => sampledRectangle({ leavesOutLast: true })),
];

/** How many nodes each method is given. */
export const nodeCounts = [32, 64, 128, 256, 512] as const;
export const spectralCounts = [8, 16, 24, 32, 48] as const;
export const countsFor = ({ name }: Method): readonly number[] =>
  name === "implicit, spectral" ? spectralCounts : nodeCounts;
