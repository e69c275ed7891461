// Are the gradients of a function of our operations right, in its rules and in its float64 numbers?
//
// All is replayed in 106 bits: the function, whose differences know no rule; the program of its cotangents and the one of its
// tangents, which are nothing but the rules. There is no rounding in the way, so the three must agree to many more digits
// than float64 has. What float64 makes of it, the solvers' tolerances included, is then compared with that, and may differ by
// what rounding can do: by the scatter of the replay when the inputs of its operations are disturbed in their last place.
//
// Source for the scatter: Parker (1997), "Monte Carlo arithmetic", section 4.
import { jvp, vjp } from "../calculus/index.js";
import { type TracedProgram, traceAs } from "../tape/index.js";
import { DomainError, random, Tensor } from "../tensor/index.js";
import { columnOf, rowsOf } from "./by-differences.js";
import { add, fromNumber, sub } from "./double-double/index.js";
import { evaluateTwice, openLedger } from "./ledger.js";
import { makeOracle } from "./oracle/oracle.js";
import { wideSlopes } from "./oracle/wide-slopes.js";
import { at, fill, put, type WideTensor, widen } from "./oracle/wide-tensor.js";
import type { GradientReport, Method } from "./report.js";
import { basis, type Subject } from "./subject.js";

/** Rules are judged to this share of the tolerance: nothing is rounded there. */
const RULES = 1e-3;
/** How much more than the scatter of a few replays rounding may do. */
const SCATTER = 16;
const REPLAYS = 4;
/** Near the smallest numbers float64 has no relative accuracy to offer. */
const UNDERFLOW = 1e-300;

/** The values of a program of tensors in a list, closed-over ones among them, to 31 digits. */
function evaluatorOf(f: (...xs: never[]) => unknown, args: readonly unknown[]) {
  const program: TracedProgram = traceAs("oracle", f, args);
  const made = program.closure.map(widen);
  const oracle = makeOracle(program);
  return (inputs: readonly WideTensor[], disturb?: (x: WideTensor) => WideTensor): readonly WideTensor[] =>
    oracle([...inputs, ...made], disturb);
}

/** Every entry changed by at most a relative `size`, up or down. */
export function disturber(seed: number, size: number): (x: WideTensor) => WideTensor {
  const draw = random(seed);
  return (x) => {
    const shift = draw.uniform(x.shape, -size, size).data;
    return fill(x.shape, (i) => add(at(x, i), fromNumber(shift[i] * x.high[i])));
  };
}

/** The largest distance from the middle among some disturbed replays, for each entry of each output. */
function scatterOf(
  middle: readonly WideTensor[],
  size: number,
  replay: (disturb: (x: WideTensor) => WideTensor) => readonly WideTensor[],
) {
  const scatter = middle.map((x) => new Float64Array(x.high.length));
  for (let k = 0; k < REPLAYS; k++) {
    replay(disturber(k, size)).forEach((x, i) => {
      for (let e = 0; e < x.high.length; e++) {
        const distance = Math.abs(sub(at(x, e), at(middle[i], e)).high);
        // NaN says that rounding decides whether there is a value at all.
        if (!(distance <= scatter[i][e])) scatter[i][e] = Number.isNaN(distance) ? Infinity : distance;
      }
    });
  }
  return scatter;
}

/** The value of f to 31 digits. */
export const replayValue = ({ f, xs }: Pick<Subject, "f" | "xs">): WideTensor =>
  evaluatorOf(((ys: readonly Tensor[]) => f(ys)) as (...xs: never[]) => unknown, [xs])(xs.map(widen))[0];

/** The derivative as the rules have it: replayed cotangents, with their scatter, and replayed tangents. */
export function replayRules({ f, xs }: Pick<Subject, "f" | "xs">, value: Tensor) {
  const pull = (ys: readonly Tensor[], g: Tensor): unknown => vjp((zs: readonly Tensor[]) => f(zs), ys).pull(g);
  const push = (ys: readonly Tensor[], dys: readonly Tensor[]): unknown =>
    jvp((zs: readonly Tensor[]) => f(zs), [ys], [dys]).tangent;
  const wide = xs.map(widen);
  const cotangents = evaluatorOf(pull as (...xs: never[]) => unknown, [xs, value]);
  const rows = Array.from(value.data, (_, output) => {
    const g = widen(basis(value.shape, output));
    const row = cotangents([...wide, g]);
    return { row, scatter: scatterOf(row, 2 ** -52, (disturb) => cotangents([...wide, g], disturb)) };
  });
  const tangents = evaluatorOf(push as (...xs: never[]) => unknown, [xs, xs]);
  const column = (input: number, entry: number): WideTensor =>
    tangents([
      ...wide,
      ...xs.map((x, i) => widen(i === input ? basis(x.shape, entry) : { ...x, data: new Float64Array(x.data.length) })),
    ])[0];
  return { rows, column };
}

/** Whether forward mode has its rules: a function with a vjp rule of its own may lack the other. */
function hasTangents({ f, xs }: Subject): boolean {
  try {
    traceAs("oracle", ((ys: readonly Tensor[]) => jvp((zs: readonly Tensor[]) => f(zs), [ys], [ys]).tangent) as never, [
      xs,
    ]);
    return true;
  } catch (error) {
    if (error instanceof DomainError && /expected a jvp rule/.test(error.message)) return false;
    throw error;
  }
}

/** The tensors with one entry moved by s. */
const movedBy = (wide: readonly WideTensor[], input: number, entry: number, s: number): WideTensor[] =>
  wide.map((x, i) => {
    if (i !== input) return x;
    const moved = { shape: x.shape, high: x.high.slice(), low: x.low.slice() };
    put(moved, entry, add(at(x, entry), fromNumber(s)));
    return moved;
  });

/**
 * Compares rules, differences and float64 numbers for every entry of the derivative.
 *
 * @throws ConvergenceError where the oracle cannot solve an equation of f.
 */
export function checkByOracle(subject: Subject, tolerance: number): GradientReport {
  const { f, xs, given } = subject;
  const forward = given === undefined && hasTangents(subject);
  const methods: Method[] = ["determinism", ...(forward ? (["forward mode"] as const) : []), "differences", "replay"];
  const value = evaluateTwice(subject, methods);
  if (!(value instanceof Tensor)) return value;
  const ledger = openLedger(subject, value.shape);
  const wide = xs.map(widen);
  const values = evaluatorOf(((ys: readonly Tensor[]) => f(ys)) as (...xs: never[]) => unknown, [xs]);
  const [middle] = values(wide);
  const [noise] = scatterOf([middle], 2 ** -103, (disturb) => values(wide, disturb));
  const rules = replayRules(subject, value);
  const received = given === undefined ? rowsOf(f, xs, value.shape) : [given];
  const sizes = rules.rows.map(({ row }) =>
    Math.max(0, ...row.map((x) => x.high.reduce((a, b) => Math.max(a, Math.abs(b)), 0))),
  );

  xs.forEach((x, input) => {
    x.data.forEach((at0, entry) => {
      const phi = (s: number): WideTensor => values(movedBy(wide, input, entry, s))[0];
      const slopes = wideSlopes(phi, at0, middle, noise, (output) => sizes[output]);
      const push = forward ? rules.column(input, entry) : undefined;
      const column = forward ? columnOf(f, xs, input, entry) : undefined;
      slopes.forEach((slope, output) => {
        const place = { input, entry, output };
        const { row, scatter } = rules.rows[output];
        const rule = at(row[input], entry);
        const size = Math.abs(rule.high);
        if (push !== undefined) {
          const other = at(push, output);
          const apart = Math.abs(sub(rule, other).high);
          const allowed = RULES * tolerance * Math.max(size, Math.abs(other.high)) + 1e-20 * sizes[output] + UNDERFLOW;
          ledger.judge(place, "forward mode", other.high, apart <= allowed ? other.high : rule.high, allowed);
        }
        if (slope.kink) {
          ledger.counts.skipped++;
          return;
        }
        const known = Math.max(Math.abs(slope.value.high), 1e-12 * sizes[output], UNDERFLOW);
        if (!(slope.error <= RULES * tolerance * known) && !(slope.value.high === 0 && size === 0)) {
          ledger.counts.inconclusive++;
          return;
        }
        ledger.counts.checked++;
        const apart = Math.abs(sub(rule, slope.value).high);
        const right =
          apart <= RULES * tolerance * Math.max(size, Math.abs(slope.value.high)) + 4 * slope.error + UNDERFLOW;
        if (!right && given === undefined) {
          ledger.judge(place, "differences", slope.value.high, rule.high, 0);
          return;
        }
        const allowed =
          tolerance * Math.abs(slope.value.high) + 4 * slope.error + SCATTER * scatter[input][entry] + UNDERFLOW;
        const judge = (number: number): void => {
          if (slope.nearKink && !(Math.abs(number - slope.value.high) <= allowed)) return;
          ledger.judge(place, "replay", slope.value.high, number, allowed);
        };
        judge(received[output][input].data[entry]);
        if (column !== undefined) judge(column[output]);
      });
    });
  });
  return ledger.report(methods);
}
