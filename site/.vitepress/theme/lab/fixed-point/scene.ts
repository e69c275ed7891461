// What happens when z = f(z) is solved, and when its gradient is?
import {
  add,
  anderson,
  auto,
  broyden,
  ConvergenceError,
  type FixedPointOptions,
  fixedPoint,
  grad,
  linspace,
  mul,
  newton,
  newtonKrylov,
  picard,
  random,
  type Solver,
  type StepInfo,
  slice,
  sum,
  type Tensor,
  tensor,
} from "stillpoint";
import { spectralRadius } from "stillpoint/nn";
import { type MapChoice, mapNamed } from "./maps.js";

export interface Settings {
  readonly map: string;
  readonly a: number;
  readonly b: number;
  readonly start: number;
  readonly solver: string;
  readonly damping: number;
  readonly memory: number;
  /** As it was typed. */
  readonly tolerance: string;
}

export const solverNames = ["picard", "anderson", "broyden", "newton", "newtonKrylov", "auto"] as const;

/** In it a turn of the plane shortens a residual by the same factor in every step. */
const norm = "euclidean";

/** After so many steps a solve is given up. */
export const MOST_STEPS = 500;

export function solverOf({ solver, damping, memory }: Pick<Settings, "solver" | "damping" | "memory">): Solver {
  if (solver === "anderson") return anderson({ memory });
  if (solver === "broyden") return broyden({ memory });
  if (solver === "newton") return newton();
  if (solver === "newtonKrylov") return newtonKrylov();
  if (solver === "auto") return auto();
  return picard({ damping });
}

/** One iterate, and what it had cost by then. */
export interface Mark {
  readonly state: readonly number[];
  readonly residual: number;
  readonly evaluations: number;
  readonly products: number;
}

export interface Record {
  readonly marks: readonly Mark[];
  /** What the library said if it failed. */
  readonly failure: string;
}

/** A solver whose requests are counted, and what to call after every step. */
function counted(inner: Solver): { solver: Solver; marks: Mark[]; onStep: (info: StepInfo) => void } {
  const marks: Mark[] = [];
  let [evaluations, products] = [0, 0];
  const solver: Solver = {
    name: inner.name,
    prepare: (exchange) => {
      const begin = inner.prepare(exchange);
      return function* () {
        const asking = begin();
        for (;;) {
          const { done, value } = asking.next();
          if (done) return value;
          if (value === "product") products++;
          else if (value !== "accept") evaluations++;
          yield value;
        }
      };
    },
  };
  const onStep = ({ state, residual }: StepInfo): void => {
    marks.push({ state: [...state], residual, evaluations, products });
  };
  return { solver, marks, onStep };
}

type Equation = (options: FixedPointOptions) => Tensor;

const firstOf = (z: Tensor): Tensor => (z.shape.length === 0 ? z : sum(slice(z, [0], [1])));

/** What fails to converge is shown, not thrown. */
function attempt<T>(run: () => T): { result: T | undefined; failure: string } {
  try {
    return { result: run(), failure: "" };
  } catch (error) {
    if (!(error instanceof ConvergenceError)) throw error;
    return { result: undefined, failure: error.message };
  }
}

function solveWith(equation: Equation, inner: Solver, tolerance: number): Record & { solution: Tensor | undefined } {
  const { solver, marks, onStep } = counted(inner);
  const { result, failure } = attempt(() => equation({ solver, tolerance, norm, maxSteps: MOST_STEPS, onStep }));
  return { solution: result, marks, failure };
}

/** u = g + Jᵀu at a solution, solved by a given solver, with the gradient of the first entry of z in a and b. */
function adjointWith(
  choice: MapChoice,
  at: Tensor,
  [a, b]: readonly [number, number],
  inner: Solver,
  tolerance: number,
): Record & { gradient: { a: number; b: number } | undefined } {
  const { solver, marks, onStep } = counted(inner);
  const options: FixedPointOptions = {
    solver: newton(),
    tolerance,
    norm,
    adjoint: { solver, tolerance, norm, maxSteps: MOST_STEPS, onStep },
  };
  const { result, failure } = attempt(() =>
    grad((p: { a: Tensor; b: Tensor }) => firstOf(fixedPoint((z: Tensor) => choice.f(z, p.a, p.b), at, options)))({
      a: tensor(a),
      b: tensor(b),
    }),
  );
  return { marks, failure, gradient: result && { a: result.a.item(), b: result.b.item() } };
}

export interface Scene {
  readonly chosen: Record;
  readonly picard: Record;
  readonly adjoint: Record;
  readonly adjointPicard: Record;
  /** z*, by the solver that was chosen, or by Newton's method from the same start. */
  readonly solution: { readonly z: readonly number[]; readonly by: "chosen" | "newton" } | undefined;
  /** ρ(∂f/∂z) at z*, and that of the damped step. */
  readonly radius: number | undefined;
  readonly dampedRadius: number | undefined;
  readonly gradient: { readonly a: number; readonly b: number } | undefined;
  readonly exact: { readonly a: number; readonly b: number } | undefined;
  /** The curve y = f(z) over the view; of a map of the line only. */
  readonly curve: readonly { readonly z: number; readonly y: number }[];
}

export const startOf = (choice: MapChoice, start: number): Tensor => tensor(choice.plane ? [start, 0] : start);

/** f at a number, by the library. */
export const valueAt = ({ map, a, b }: Settings, z: number): number =>
  mapNamed(map).f(tensor(z), tensor(a), tensor(b)).item();

/**
 * All that the page shows.
 *
 * @throws DomainError if the tolerance is none.
 */
export function sceneOf(settings: Settings): Scene {
  const { a, b, start } = settings;
  const choice = mapNamed(settings.map);
  const tolerance = settings.tolerance.trim() === "" ? Number.NaN : Number(settings.tolerance);
  const f = (z: Tensor): Tensor => choice.f(z, tensor(a), tensor(b));
  const equation: Equation = (options) => fixedPoint(f, startOf(choice, start), options);
  const chosen = solveWith(equation, solverOf(settings), tolerance);
  const plain = solveWith(equation, picard(), tolerance);
  const byNewton = chosen.solution ? undefined : solveWith(equation, newton(), tolerance).solution;
  const at = chosen.solution ?? byNewton;
  const nothing: Record = { marks: [], failure: "" };
  const known = { chosen, picard: plain, curve: choice.plane ? [] : curveOf(choice, f) };
  if (!at) {
    const none = { adjoint: nothing, adjointPicard: nothing, gradient: undefined, exact: undefined };
    return { ...known, ...none, solution: undefined, radius: undefined, dampedRadius: undefined };
  }
  const adjoint = adjointWith(choice, at, [a, b], solverOf(settings), tolerance);
  const radiusOf = (damping: number): number =>
    spectralRadius((z: Tensor) => add(mul(damping, f(z)), mul(1 - damping, z)), at, { random: random(0) }).radius;
  return {
    ...known,
    adjoint,
    adjointPicard: adjointWith(choice, at, [a, b], picard(), tolerance),
    solution: { z: [...at.data], by: chosen.solution ? "chosen" : "newton" },
    radius: radiusOf(1),
    dampedRadius: radiusOf(settings.solver === "picard" ? settings.damping : 1),
    gradient: adjoint.gradient ?? adjointWith(choice, at, [a, b], newton(), tolerance).gradient,
    exact: choice.exact(at.data[0], a, b),
  };
}

function curveOf({ view: [low, high] }: MapChoice, f: (z: Tensor) => Tensor): Scene["curve"] {
  const places = linspace(low, high, 241);
  const values = f(places).data;
  return Array.from(places.data, (z, i) => ({ z, y: values[i] }));
}

/** By which factor the residual changes per step at the end; of a solve that took too few steps nothing can be said. */
export function lastFactor({ marks }: Record): number | undefined {
  const last = marks.filter(({ residual }) => residual > 1e-13 && Number.isFinite(residual)).slice(-6);
  if (last.length < 4) return undefined;
  return (last[last.length - 1].residual / last[0].residual) ** (1 / (last.length - 1));
}

export interface Corner {
  readonly x: number;
  readonly y: number;
}

/**
 * The cobweb of some iterates: from the diagonal up to the curve, and along a line to the next iterate on the diagonal,
 * which is level for Picard, the tangent for Newton and a secant for what learns from steps.
 */
export function cobweb(settings: Settings, { marks }: Record, steps: number): Corner[] {
  return marks.slice(0, steps + 1).flatMap(({ state: [z] }, k, all) => {
    const here = { x: z, y: z };
    return k === all.length - 1 ? [here] : [here, { x: z, y: valueAt(settings, z) }];
  });
}
