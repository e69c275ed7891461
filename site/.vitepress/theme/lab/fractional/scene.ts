// How well is a fractional equation solved, and its solution differentiated in the order?
import { ConvergenceError, jvp, linspace, mul, square, type Tensor, tensor } from "stillpoint";
import {
  type CaputoOptions,
  convolutionQuadrature,
  type GridRequest,
  productRectangle,
  productTrapezoid,
  type Quadrature,
  solveCaputo,
  solveCaputoWithReport,
  spectral,
} from "stillpoint/fractional";
import { gamma } from "stillpoint/special";
import { type Problem, problemNamed } from "./problems.js";

export interface Settings {
  readonly problem: string;
  readonly order: number;
  readonly rate: number;
  readonly duration: number;
  /** As it was typed. */
  readonly u0: string;
  readonly quadrature: string;
  /** 2^power steps. */
  readonly power: number;
}

/** At most so many nodes beyond the first on a panel. */
const PANEL = 16;
const COARSEST = 2;

interface Choice {
  readonly says: string;
  /** The largest power of 2 that is still quick. */
  readonly most: number;
  readonly quadrature: (order: number, steps: number) => Quadrature;
  /** The order of the error at the end that theory gives where u starts like t^α; none where it falls exponentially. */
  readonly expected: (order: number) => number | undefined;
}

const grading = (order: number): number => Math.max(1, Math.min(8, 2 / order));

export const quadratures: Readonly<Record<string, Choice>> = {
  rectangle: {
    says: "product rectangle, explicit",
    most: 9,
    quadrature: () => productRectangle(),
    expected: () => 1,
  },
  trapezoid: {
    says: "product trapezoid",
    most: 9,
    quadrature: () => productTrapezoid(),
    expected: (order) => Math.min(2, 1 + order),
  },
  graded: {
    says: "product trapezoid, graded",
    most: 8,
    quadrature: (order) => productTrapezoid({ grading: grading(order) }),
    expected: (order) => (2 / order <= 8 ? 2 : undefined),
  },
  spectral: {
    says: "spectral, up to 17 nodes a panel",
    most: 7,
    quadrature: (order, steps) =>
      spectral({
        nodes: Math.min(steps, PANEL) + 1,
        panels: Math.max(1, steps / PANEL),
        exponent: order > 1 ? 4 : 2 / order,
      }),
    expected: () => undefined,
  },
  convolution: {
    says: "convolution, Grünwald–Letnikov",
    most: 9,
    quadrature: () => convolutionQuadrature({ formula: 1 }),
    expected: () => 1,
  },
  convolution2: {
    says: "convolution, second order formula",
    most: 9,
    quadrature: () => convolutionQuadrature({ formula: 2 }),
    expected: () => 1,
  },
};
export const quadratureNamed = (name: string): Choice =>
  Object.hasOwn(quadratures, name) ? quadratures[name] : quadratures.trapezoid;

/** The settings with no more steps than the quadrature can take. */
export const stepsOf = ({ quadrature, power }: Settings): number =>
  2 ** Math.min(power, quadratureNamed(quadrature).most);

export interface Point {
  readonly t: number;
  readonly y: number;
}

export interface Scene {
  readonly steps: number;
  readonly values: readonly Point[];
  /** du/dα by forward mode, the derivative of the discrete equation. */
  readonly slopes: readonly Point[];
  readonly exact: readonly Point[];
  readonly exactSlopes: readonly Point[];
  /** |u − exact| and |du/dα − exact| at the nodes. */
  readonly errors: readonly Point[];
  readonly slopeErrors: readonly Point[];
  /** The error at the end for this and smaller numbers of steps. */
  readonly study: readonly { readonly steps: number; readonly error: number }[];
  /** (t − s)^(α−1)/Γ(α) over the age t − s, and the weights of the last node divided by the time that each stands for. */
  readonly kernel: readonly Point[];
  readonly weights: readonly (Point & { readonly negative: boolean })[];
  /** Who solved it, by how many evaluations. */
  readonly report: { readonly solver: string; readonly evaluations: number; readonly steps: number };
  readonly reference: string;
}

/** What belongs to settings: the equation and how it is solved with some steps. */
function equationOf(settings: Settings) {
  const { order, rate, duration } = settings;
  const problem = problemNamed(settings.problem);
  const u0 = settings.u0.trim() === "" ? Number.NaN : Number(settings.u0);
  const choice = quadratureNamed(settings.quadrature);
  const optionsFor = (steps: number, alpha: number | Tensor): CaputoOptions => ({
    order: alpha,
    duration,
    quadrature: choice.quadrature(order, steps),
    tolerance: 1e-13,
    ...(settings.quadrature === "spectral" ? {} : { steps }),
  });
  return { problem, choice, u0, order, rate, duration, field: problem.field(rate), optionsFor };
}

type Equation = ReturnType<typeof equationOf>;

/**
 * d/dα of a function that is known to rounding, from five values; backwards where more than 2 is no order.
 *
 * @source Fornberg (1988), "Generation of finite difference formulas on arbitrarily spaced grids", tables 1 and 3
 */
export function slopeInOrder(f: (order: number) => number, order: number): number {
  const h = Math.min(1e-3, order / 20);
  if (order + 2 * h <= 2) return (8 * (f(order + h) - f(order - h)) - (f(order + 2 * h) - f(order - 2 * h))) / (12 * h);
  const [f0, f1, f2, f3, f4] = [0, 1, 2, 3, 4].map((k) => f(order - k * h));
  return ((25 / 12) * f0 - 4 * f1 + 3 * f2 - (4 / 3) * f3 + f4 / 4) / h;
}

/** u and du/dα at some times: in closed form, or by panels that meet 1e-11. */
function referenceAt(
  equation: Equation,
  times: Float64Array,
): { values: ArrayLike<number>; slopes: ArrayLike<number> } {
  const { problem, order, rate, duration, u0, field } = equation;
  const { exact } = problem as Problem;
  if (exact) {
    return {
      values: Array.from(times, (t) => exact(order, rate, u0, t)),
      slopes: Array.from(times, (t) => (t === 0 ? 0 : slopeInOrder((alpha) => exact(alpha, rate, u0, t), order))),
    };
  }
  const quadrature = spectral({ accuracy: 1e-11, exponent: order > 1 ? 4 : 2 / order });
  const at = (alpha: Tensor): Tensor => solveCaputo(field, u0, { order: alpha, duration, quadrature }).at([...times]);
  const { value, tangent } = jvp(at, [tensor(order)], [tensor(1)]);
  return { values: value.data, slopes: tangent.data };
}

const points = (times: ArrayLike<number>, ys: ArrayLike<number>): Point[] =>
  Array.from(times, (t, i) => ({ t, y: ys[i] }));

/** |a − b| at all times but the first, where both are u₀. */
const differences = (times: ArrayLike<number>, a: ArrayLike<number>, b: ArrayLike<number>): Point[] =>
  Array.from(times, (t, i) => ({ t, y: Math.abs(a[i] - b[i]) })).slice(1);

/** Not every node of many needs an exact value beside it. */
function someOf(count: number, most: number): number[] {
  const step = Math.ceil((count - 1) / most);
  return Array.from({ length: count }, (_, i) => i).filter((i) => i % step === 0 || i === count - 1);
}

/**
 * All that the page shows.
 *
 * @throws DomainError if u₀ is no number, and ConvergenceError if the discrete equation is not solved.
 */
export function sceneOf(settings: Settings): Scene {
  const equation = equationOf(settings);
  const { u0, order, duration, field, problem, optionsFor } = equation;
  const steps = stepsOf(settings);
  const { report } = solveCaputoWithReport(field, u0, optionsFor(steps, order));
  const trajectory = (alpha: Tensor): Tensor => solveCaputo(field, u0, optionsFor(steps, alpha)).values;
  const { value, tangent } = jvp(trajectory, [tensor(order)], [tensor(1)]);
  const times = solveCaputo(field, u0, optionsFor(steps, order)).times.data;

  const compared = someOf(times.length, 160);
  const pick = (data: Float64Array): Float64Array => Float64Array.from(compared, (i) => data[i]);
  const dense = mul(duration, square(linspace(0, 1, 161))).data;
  const known = referenceAt(equation, Float64Array.from([...dense, ...pick(times), duration]));
  const values = Array.from(known.values);
  const slopes = Array.from(known.slopes);
  const [m, n] = [dense.length, dense.length + compared.length];
  const end = values[n];

  const study: { steps: number; error: number }[] = [];
  for (let count = 2 ** COARSEST; count <= steps; count *= 2) {
    const data = count === steps ? value.data : coarserValues(equation, count);
    if (data) study.push({ steps: count, error: Math.abs(data[data.length - 1] - end) });
  }
  return {
    steps,
    values: points(times, value.data),
    slopes: points(times, tangent.data),
    exact: points(dense, values.slice(0, m)),
    exactSlopes: points(dense, slopes.slice(0, m)),
    errors: differences(pick(times), pick(value.data), values.slice(m, n)),
    slopeErrors: differences(pick(times), pick(tangent.data), slopes.slice(m, n)),
    study,
    ...memoryOf(equation, steps),
    report: { solver: report.solver, evaluations: report.evaluations, steps: report.steps },
    reference: problem.exact ? "the Mittag-Leffler function" : "spectral panels of accuracy 1e-11",
  };
}

/** With few steps the discrete equation may have no solution; then there is no error of it either. */
function coarserValues({ field, u0, order, optionsFor }: Equation, steps: number): Float64Array | undefined {
  try {
    return solveCaputo(field, u0, optionsFor(steps, order)).values.data;
  } catch (error) {
    if (error instanceof ConvergenceError) return undefined;
    throw error;
  }
}

/** What is left of an error below this is rounding, which has no order. */
const ROUNDING = 1e-13;

/** How many times the error falls with the last doubling of the steps, as a power of 2. */
export function observedOrder({ study }: Pick<Scene, "study">): number | undefined {
  const [before, last] = study.slice(-2);
  return before && last && last.error > ROUNDING ? Math.log2(before.error / last.error) : undefined;
}

/** The weights of the last node, T^α·A[N, j], and the times of all nodes. */
export function lastWeights(settings: Settings): { times: Float64Array; weights: Float64Array } {
  const equation = equationOf(settings);
  return weightsOf(equation, stepsOf(settings));
}

function weightsOf({ order, duration, optionsFor }: Equation, steps: number) {
  const options = optionsFor(steps, order);
  const request: GridRequest = {
    ...{ operation: "lab", steps: options.steps, times: undefined, orders: Float64Array.of(order) },
    refine: () => {
      throw new Error("the lab's panels are fixed");
    },
  };
  const { rule } = (options.quadrature as Quadrature).lay(request);
  const { nodes, blocks } = rule.mesh;
  const last = nodes.length - 1;
  /** The last row of the operator of some order. */
  const rowOf = (alpha: number): Float64Array => {
    const { uniform, lags, first, rows, blocks: own = blocks } = rule.weights(alpha, 0);
    const weightOf = (j: number): number =>
      uniform ? (j === 0 ? first[last] : lags[last - j]) : rows[own.row[last] + j];
    return Float64Array.from(nodes, (_, j) => duration ** alpha * weightOf(j));
  };
  return {
    times: nodes.map((node) => duration * node),
    weights: rowOf(order),
    /** What a node weighs in a plain integral: the time that it stands for. */
    shares: rowOf(1),
    between: rule.between,
  };
}

function memoryOf(equation: Equation, steps: number): Pick<Scene, "kernel" | "weights"> {
  const { order, duration } = equation;
  const { times, weights, shares, between } = weightsOf(equation, steps);
  const last = times.length - 1;
  /** How long ago it was for what a node stands for, which the last one is for itself. */
  const ageOf = (j: number): number => {
    if (between === "left") return duration - (times[j] + times[Math.min(j + 1, last)]) / 2;
    return j === last ? shares[j] / 2 : duration - times[j];
  };
  const dots = Array.from(weights, (weight, j) => {
    const density = weight / shares[j];
    return { t: ageOf(j), y: Math.abs(density), negative: density < 0 };
  }).filter(({ t, y }) => t > 0 && y > 0 && Number.isFinite(y));
  const youngest = dots.reduce((least, { t }) => Math.min(least, t), duration) / 2;
  const ages = Array.from({ length: 101 }, (_, i) => youngest * (duration / youngest) ** (i / 100));
  const kernel = ages.map((t) => ({ t, y: t ** (order - 1) / gamma(order) }));
  return { kernel, weights: dots };
}
