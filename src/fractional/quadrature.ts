// Which quadratures are there?
import { checkCount, checkNumber, checkOptions, DomainError } from "../tensor/index.js";
import type { CausalWeights } from "../typed-array-ops/index.js";
import { makeBlocks } from "../typed-array-ops/index.js";
import { backwardDifferences, convolutionWeights } from "./convolution-weights.js";
import { lobattoPoints } from "./lobatto.js";
import { gradedMesh, type Mesh, meshOfTimes } from "./mesh.js";
import { type CellRule, causalWeights, rectangleCells, trapezoidCells } from "./product-weights.js";
import { type Panels, panelNodes, panelSizes, spectralWeights } from "./spectral-weights.js";

/** A quadrature on its nodes: all that a solve, its derivatives and its dense output need to know of it. */
export interface Rule {
  readonly name: string;
  readonly mesh: Mesh;
  /** The weights of one order: k-th derivative in α. */
  weights(alpha: number, k: number): CausalWeights;
  /**
   * What stands for f between the nodes: a polynomial on each panel, or on each cell a line or the value at its left; nothing for
   * convolution quadrature, whose solution is interpolated linearly itself.
   */
  readonly between: Panels | "line" | "left" | "samples";
  /** Whether no node has a weight on itself, so that each solution is known from those before it; each node is a block then. */
  readonly explicit?: boolean;
}

/** What solveCaputo was told of its grid; the orders are unknown while a function is traced. */
export interface GridRequest {
  readonly operation: string;
  readonly steps: number | undefined;
  readonly times: readonly number[] | Float64Array | undefined;
  readonly orders: Float64Array | undefined;
  /** Finds panels that meet an accuracy, by solving the equation. */
  refine(accuracy: number, exponent: number): Panels;
}

/** A quadrature before it knows its grid. */
export interface Quadrature {
  readonly name: string;
  /** The rule on the grid that is asked for, and the duration if the grid says it. @throws DomainError */
  lay(request: GridRequest): { readonly rule: Rule; readonly duration: number | undefined };
}

/**
 * A product rule on a mesh.
 *
 * @example productRule("line", gradedMesh(4)).name // → "productTrapezoid"
 */
export function productRule(between: "line" | "left", mesh: Mesh): Rule {
  const [name, cells]: [string, CellRule] =
    between === "line" ? ["productTrapezoid", trapezoidCells] : ["productRectangle", rectangleCells];
  const weights = (alpha: number, k: number): CausalWeights => causalWeights(cells, mesh, alpha, k);
  return { name, mesh, between, weights, explicit: between === "left" };
}

/** Rules that were laid lately, newest first, whose weights serve again; those of many numbers are not kept. */
const lately: {
  readonly between: "line" | "left";
  readonly steps: number;
  readonly grading: number;
  readonly rule: Rule;
}[] = [];
const [REMEMBERED, MANY] = [4, 2 ** 18];

function layGraded(between: "line" | "left", steps: number, grading: number, operation: string): Rule {
  const known = lately.find((one) => one.between === between && one.steps === steps && one.grading === grading);
  if (known) return known.rule;
  const rule = productRule(between, gradedMesh(steps, grading, operation));
  if ((rule.mesh.uniform ? 8 * steps : (steps * steps) / 2) <= MANY) {
    lately.unshift({ between, steps, grading, rule });
    lately.length = Math.min(lately.length, REMEMBERED);
  }
  return rule;
}

function productQuadrature(name: string, between: "line" | "left", options: { readonly grading?: number }): Quadrature {
  checkOptions(name, options, ["grading"]);
  const grading = checkNumber(name, "grading", options.grading ?? 1, "a number ≥ 1", (r) => r >= 1);
  return {
    name,
    lay({ operation, steps, times }) {
      if (times === undefined) {
        if (steps === undefined)
          throw new DomainError(`${operation}: expected duration and steps, or times, received neither in full`);
        return { rule: layGraded(between, steps, grading, operation), duration: undefined };
      }
      if (steps !== undefined || grading !== 1) {
        throw new DomainError(
          `${operation}: expected either times or duration and steps (and a grading), received both`,
        );
      }
      const { mesh, duration } = meshOfTimes(operation, times);
      return { rule: productRule(between, mesh), duration };
    },
  };
}

/**
 * The product trapezoidal rule: f is interpolated linearly on each cell and integrated against the kernel exactly.
 * Nodes are t_j = duration·(j/steps)^grading. The order of convergence is 2 where f(t, u(t)) is smooth; where u ~ t^α it is
 * 1 + α at the end point, and 2 again with grading 2/α.
 *
 * @throws DomainError unless grading is a number ≥ 1.
 * @source Diethelm, Ford and Freed (2004), equation 1.11
 * @example productTrapezoid({ grading: 2 }).name // → "productTrapezoid"
 */
export const productTrapezoid = (options: { readonly grading?: number } = {}): Quadrature =>
  productQuadrature("productTrapezoid", "line", options);

/**
 * The product rectangle rule, explicit: f is taken from the left end of each cell and integrated against the kernel exactly.
 * Nodes are t_j = duration·(j/steps)^grading. First order.
 *
 * @throws DomainError unless grading is a number ≥ 1.
 * @source Diethelm, Ford and Freed (2004), equation 1.16
 * @example productRectangle().name // → "productRectangle"
 */
export const productRectangle = (options: { readonly grading?: number } = {}): Quadrature =>
  productQuadrature("productRectangle", "left", options);

/**
 * Convolution quadrature by a backward difference formula, of order 1 (Grünwald and Letnikov) or 2, on equidistant nodes: there to
 * be compared with. Without starting weights, as here, the error near t = 0 is of order α only, whatever the formula's.
 *
 * @throws DomainError unless the formula is 1 or 2, and from a solve on nodes that are not equidistant.
 * @source Lubich (1986), "Discretized fractional calculus", equation 1.12
 * @example convolutionQuadrature({ formula: 2 }).name // → "convolutionQuadrature"
 */
export function convolutionQuadrature(options: { readonly formula?: 1 | 2 } = {}): Quadrature {
  checkOptions("convolutionQuadrature", options, ["formula"]);
  const formula = options.formula ?? 1;
  checkNumber("convolutionQuadrature", "formula", formula, "1 or 2", (n) => n === 1 || n === 2);
  const delta = backwardDifferences[formula];
  return {
    name: "convolutionQuadrature",
    lay(request) {
      const { rule, duration } = productTrapezoid().lay(request);
      const { mesh } = rule;
      if (!mesh.uniform) {
        throw new DomainError(
          `${request.operation}: expected equidistant times for convolutionQuadrature, received others`,
        );
      }
      const weights = (alpha: number, k: number): CausalWeights => convolutionWeights(delta, mesh, alpha, k);
      return { rule: { name: "convolutionQuadrature", mesh, between: "samples", weights }, duration };
    },
  };
}

export interface SpectralOptions {
  /** Nodes of each panel, both of its ends among them. */
  readonly nodes?: number;
  /**
   * In place of nodes and panels: an error, relative to the largest |u| after an initial layer, that nodes and panels are chosen for;
   * the tolerances of the solve then follow from it.
   */
  readonly accuracy?: number;
  /** How many panels of equal length, or where they begin and end as shares of the duration: 0, …, 1. Default: 1. */
  readonly panels?: number | readonly number[];
  /** The r of t = x^r on the first panel; default: 2/order, and 4 for orders in (1, 2], 6 for several orders. */
  readonly exponent?: number;
}

/**
 * Spectral collocation: on the first panel f is interpolated by a polynomial in x, t = duration·x^exponent, and on later ones by a
 * polynomial in t, at the points of Gauss–Lobatto. For smooth fields the error falls exponentially with the nodes.
 *
 * With an accuracy the equation is solved on trial panels first, which are cut where the last coefficients of u or f are too large,
 * until two solutions agree to it; the derivative is that of the equation on the panels so found.
 *
 * The exponent is a constant: where the order is learned it keeps the value of the first order it met, so give it then.
 *
 * @throws DomainError unless nodes is an integer ≥ 2, panels a number of them or increasing from 0 to 1, exponent ≥ 1, and the
 * accuracy, which excludes nodes and panels, in [1e-13, 0.1].
 * @source Hou, Lin and Xu (2019), "A fractional spectral method based on Müntz polynomials", for powers of t as variables
 * @example spectral({ nodes: 16 }).name // → "spectral"
 */
export function spectral(options: SpectralOptions): Quadrature {
  checkOptions("spectral", options ?? {}, ["nodes", "panels", "exponent", "accuracy"]);
  const { exponent, accuracy } = options ?? {};
  if (exponent !== undefined) checkNumber("spectral", "exponent", exponent, "a number ≥ 1", (r) => r >= 1);
  const fixed = accuracy === undefined ? readFixed(options ?? {}) : undefined;
  if (accuracy !== undefined) {
    checkNumber("spectral", "accuracy", accuracy, "in [1e-13, 0.1]", (x) => x >= 1e-13 && x <= 0.1);
    if (options.nodes !== undefined || options.panels !== undefined) {
      throw new DomainError("spectral: expected either an accuracy or nodes and panels, received both");
    }
  }
  return {
    name: "spectral",
    lay({ operation, steps, times, orders, refine }) {
      if (steps !== undefined || times !== undefined) {
        throw new DomainError(
          `${operation}: expected no steps or times with spectral, which has nodes and panels of its own`,
        );
      }
      const r = exponent ?? defaultExponent(operation, orders);
      const panels = fixed ? { ...fixed, exponent: r } : refine(accuracy as number, r);
      return { rule: spectralRule(panels), duration: undefined };
    },
  };
}

function readFixed({ nodes, panels = 1 }: SpectralOptions): Pick<Panels, "edges" | "points"> {
  const whole = (n: number): boolean => Number.isInteger(n) && n >= 2;
  const count = checkNumber("spectral", "nodes", nodes as number, "an integer ≥ 2", whole);
  return { edges: readPanels(panels), points: lobattoPoints(count) };
}

export function spectralRule(panels: Panels): Rule {
  const mesh = { nodes: panelNodes(panels), uniform: false, blocks: makeBlocks(panelSizes(panels)) };
  const weights = (alpha: number, k: number): CausalWeights => spectralWeights(panels, alpha, k);
  return { name: "spectral", mesh, weights, between: panels };
}

function readPanels(panels: number | readonly number[]): Float64Array {
  if (typeof panels === "number") {
    const count = checkCount("spectral", "panels", panels);
    return Float64Array.from({ length: count + 1 }, (_, p) => p / count);
  }
  const increasing =
    Array.isArray(panels) && panels.every((edge: number, p) => (p === 0 ? edge === 0 : edge > panels[p - 1]));
  if (!increasing || panels[panels.length - 1] !== 1) {
    throw new DomainError(`spectral: expected panels to increase from 0 to 1, received ${JSON.stringify(panels)}`);
  }
  return Float64Array.from(panels);
}

/** Where solutions of the order are as smooth in x as can be: t^order is x², so are all its powers. */
function defaultExponent(operation: string, orders: Float64Array | undefined): number {
  if (orders === undefined) {
    throw new DomainError(
      `${operation}: expected spectral({ exponent }), received none with an order that is not known while a function is ` +
        "traced: 2/order for an order up to 1, 4 above, 6 for several orders",
    );
  }
  if (orders.some((alpha) => alpha !== orders[0])) return 6;
  return orders[0] > 1 ? 4 : 2 / orders[0];
}
