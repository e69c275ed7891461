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
import { add, type DoubleDouble, fromNumber, sub } from "./double-double/index.js";
import { evaluateTwice, type Ledger, openLedger, type Place } from "./ledger.js";
import { makeOracle } from "./oracle/oracle.js";
import { type WideSlope, wideSlopes } from "./oracle/wide-slopes.js";
import { at, fill, put, type WideTensor, widen } from "./oracle/wide-tensor.js";
import type { GradientReport, Method } from "./report.js";
import { basis, type Subject } from "./subject.js";

/** Rules are judged to this share of the tolerance: nothing is rounded there. */
const RULES = 1e-3;
/** Entries below this share of the largest in their row are judged beside that share of it. */
const SMALL = 1e-10;
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

interface ReplayedRow {
  readonly row: readonly WideTensor[];
  readonly scatter: readonly Float64Array[];
}

/** The derivative as the reverse rules have it: for each entry of the value the replayed cotangents, and their scatter. */
export function replayRows({ f, xs }: Pick<Subject, "f" | "xs">, value: Tensor): ReplayedRow[] {
  const pull = (ys: readonly Tensor[], g: Tensor): unknown => vjp((zs: readonly Tensor[]) => f(zs), ys).pull(g);
  const wide = xs.map(widen);
  const cotangents = evaluatorOf(pull as (...xs: never[]) => unknown, [xs, value]);
  return Array.from(value.data, (_, output) => {
    const g = widen(basis(value.shape, output));
    const row = cotangents([...wide, g]);
    return { row, scatter: scatterOf(row, 2 ** -52, (disturb) => cotangents([...wide, g], disturb)) };
  });
}

/** A column of the derivative as the forward rules have it; nothing if a function with rules of its own lacks them. */
function replayColumns({ f, xs }: Subject): ((input: number, entry: number) => WideTensor) | undefined {
  const push = (ys: readonly Tensor[], dys: readonly Tensor[]): unknown =>
    jvp((zs: readonly Tensor[]) => f(zs), [ys], [dys]).tangent;
  try {
    const tangents = evaluatorOf(push as (...xs: never[]) => unknown, [xs, xs]);
    const wide = xs.map(widen);
    const none = xs.map((x) => ({ shape: x.shape, data: new Float64Array(x.data.length) }));
    return (input, entry) =>
      tangents([...wide, ...xs.map((x, i) => widen(i === input ? basis(x.shape, entry) : none[i]))])[0];
  } catch (error) {
    if (error instanceof DomainError && /expected a jvp rule/.test(error.message)) return undefined;
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

const largestIn = (xs: readonly WideTensor[]): number =>
  xs.reduce((most, { high }) => high.reduce((size, value) => Math.max(size, Math.abs(value)), most), 0);

/** |x − y| is at most `allowed`; two equal infinities are as near as can be, and NaN is near to nothing. */
const isNear = (x: DoubleDouble, y: DoubleDouble, allowed: number): boolean =>
  Object.is(x.high, y.high) && !Number.isFinite(x.high) ? !Number.isNaN(x.high) : Math.abs(sub(x, y).high) <= allowed;

/** Everything that is known about one entry of the derivative. */
interface Testimony {
  readonly slope: WideSlope;
  /** By the reverse and by the forward rules. */
  readonly rule: DoubleDouble;
  readonly other: DoubleDouble | undefined;
  /** In float64: by reverse mode or from elsewhere, and by forward mode. */
  readonly numbers: readonly number[];
  /** What rounding can do to them. */
  readonly scatter: number;
  /** The largest entry in the row. */
  readonly size: number;
  /** Whether the rules are on trial, not only the numbers. */
  readonly ofRules: boolean;
}

function judgeEntry(ledger: Ledger, place: Place, tolerance: number, testimony: Testimony): void {
  const { slope, rule, other, numbers, scatter, size, ofRules } = testimony;
  const { value, error } = slope;
  const sharp = RULES * tolerance;
  const known =
    error <= sharp * Math.max(Math.abs(value.high), SMALL * size, UNDERFLOW) || (value.high === 0 && rule.high === 0);
  if (other !== undefined && Number.isFinite(rule.high) && Number.isFinite(other.high)) {
    const allowed = sharp * Math.max(Math.abs(rule.high), Math.abs(other.high)) + 1e-20 * size + UNDERFLOW;
    ledger.judge(place, "forward mode", other.high, rule.high, isNear(rule, other, allowed));
  }
  if (slope.kink) {
    ledger.counts.skipped++;
    return;
  }
  if (!known) {
    ledger.counts.inconclusive++;
    return;
  }
  ledger.resolve(error, Math.max(Math.abs(value.high), size));
  const exact = sharp * Math.max(Math.abs(rule.high), Math.abs(value.high)) + 4 * error + UNDERFLOW;
  if (ofRules && !isNear(rule, value, exact)) {
    ledger.counts.checked++;
    ledger.judge(place, "differences", value.high, rule.high, false);
    return;
  }
  const allowed = tolerance * Math.abs(value.high) + 4 * error + SCATTER * scatter + UNDERFLOW;
  const near = (number: number): boolean => isNear(fromNumber(number), value, allowed);
  // float64 may stand on the other side of a kink that is nearer than rounding.
  if (slope.nearKink && !numbers.every(near)) {
    ledger.counts.skipped++;
    return;
  }
  ledger.counts.checked++;
  for (const number of numbers) ledger.judge(place, "replay", value.high, number, near(number));
}

/**
 * Compares rules, differences and float64 numbers for every entry of the derivative.
 *
 * @throws ConvergenceError where the oracle cannot solve an equation of f.
 */
export function checkByOracle(subject: Subject, tolerance: number): GradientReport {
  const { f, xs, given } = subject;
  const columns = given === undefined ? replayColumns(subject) : undefined;
  const methods: Method[] = ["determinism", ...(columns ? (["forward mode"] as const) : []), "differences", "replay"];
  const value = evaluateTwice(subject, methods);
  if (!(value instanceof Tensor)) return value;
  const ledger = openLedger(subject, value.shape);
  const wide = xs.map(widen);
  const values = evaluatorOf(((ys: readonly Tensor[]) => f(ys)) as (...xs: never[]) => unknown, [xs]);
  const [middle] = values(wide);
  const [noise] = scatterOf([middle], 2 ** -103, (disturb) => values(wide, disturb));
  const rows = replayRows(subject, value);
  const received = given === undefined ? rowsOf(f, xs, value.shape) : [given];
  const sizes = rows.map(({ row }) => largestIn(row));

  xs.forEach((x, input) => {
    x.data.forEach((coordinate, entry) => {
      const phi = (s: number): WideTensor => values(movedBy(wide, input, entry, s))[0];
      const replayed = columns?.(input, entry);
      const column = columns && columnOf(f, xs, input, entry);
      wideSlopes(phi, coordinate, middle, noise, (output) => sizes[output]).forEach((slope, output) => {
        const number = received[output][input].data[entry];
        judgeEntry(ledger, { input, entry, output }, tolerance, {
          slope,
          rule: at(rows[output].row[input], entry),
          other: replayed && at(replayed, output),
          numbers: column ? [number, column[output]] : [number],
          scatter: rows[output].scatter[input][entry],
          size: sizes[output],
          ofRules: given === undefined,
        });
      });
    });
  });
  return ledger.report(methods);
}
