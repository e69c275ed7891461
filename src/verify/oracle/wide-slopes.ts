// What is the slope of a function that can be evaluated to 31 digits?
//
// A central difference with a step h is wrong by about h² and by 2⁻¹⁰⁴/h. With 106 bits there is room between the two: for
// h = 2⁻²⁶ one extrapolation leaves some 20 digits, and the step may be a share of x, so that no edge at 0 is crossed.
import { add, type DoubleDouble, div, fromNumber, sub } from "../double-double/index.js";
import { at, type WideTensor } from "./wide-tensor.js";

/** The derivative of one entry. */
export interface WideSlope {
  readonly value: DoubleDouble;
  /** How far the value may be from the truth: what extrapolation changed, and what rounding can do. */
  readonly error: number;
  /** The slopes on both sides differ as near as float64 can tell: float64 may stand on either side. */
  readonly nearKink: boolean;
  /** They differ however near: there is no derivative. */
  readonly kink: boolean;
}

type Line = (s: number) => WideTensor;

/** Exponents of steps relative to x. */
const exponents = [-26, -34, -42, -18];
/** Where x = 0 says nothing about its size. */
const exponentsAtZero = [...exponents, -60, -100, -300, -800];

/** Rounding of a value of size 1. */
const ROUNDING = 2 ** -104;

const between = (x: DoubleDouble, y: DoubleDouble, width: number): DoubleDouble => div(sub(x, y), fromNumber(width));

const powerOfTwo = (x: number): number => 2 ** Math.floor(Math.log2(Math.abs(x)));

/**
 * d/ds φ(s) at s = 0 for each entry of φ, where s moves a coordinate whose value is x; `noise` is what the rounding of all
 * that leads to an entry does to it. The first step is taken whose error is
 * below 10⁻¹³ of the slope or 10⁻²³ of `scale`, the size of the slopes beside it; else the one with the smallest error.
 */
export function wideSlopes(
  phi: Line,
  x: number,
  middle: WideTensor,
  noise: Float64Array,
  scaleOf: (entry: number) => number,
): WideSlope[] {
  const unit = x === 0 ? 1 : powerOfTwo(x);
  const entries = Array.from(middle.high, (_, e) => e);
  const best = entries.map(() => ({ value: fromNumber(Number.NaN), error: Infinity }));
  const settled = (e: number): boolean => {
    const { value, error } = best[e];
    return error <= 1e-13 * Math.abs(value.high) || error <= 1e-23 * scaleOf(e);
  };
  for (const exponent of x === 0 ? exponentsAtZero : exponents) {
    const h = unit * 2 ** exponent;
    if (h === 0) continue;
    const [up, down, upper, lower] = [phi(h), phi(-h), phi(h / 2), phi(-h / 2)];
    for (const e of entries) {
      const wide = between(at(up, e), at(down, e), 2 * h);
      const narrow = between(at(upper, e), at(lower, e), h);
      const change = div(sub(narrow, wide), fromNumber(3));
      const size = Math.max(Math.abs(up.high[e]), Math.abs(down.high[e]));
      const error = Math.abs(change.high) + (ROUNDING * size + 2 * noise[e]) / h;
      if (error < best[e].error) best[e] = { value: add(narrow, change), error };
    }
    if (entries.every(settled)) break;
  }
  const kinks = kinksOf(phi, unit, middle, noise);
  return best.map((slope, e) => ({ ...slope, ...kinks[e] }));
}

/** How much the slopes to the right and to the left may differ, relative to the larger, if there is no kink. */
const SMOOTH = 1e-7;
/** Exponents of the steps, relative to x, with which the two slopes are compared; the first look is at what float64 can tell. */
const LOOK = -46;
const levels = [-26, -36, -46, -56, -66, -76];

/** The slopes on both sides with one step: how far they are apart, and how far rounding could bring them apart. */
interface Gap {
  readonly gap: number;
  readonly rounding: number;
  readonly size: number;
}

function gapsAt(phi: Line, delta: number, middle: WideTensor, noise: Float64Array): Gap[] {
  const [up, down] = [phi(delta), phi(-delta)];
  return Array.from(middle.high, (value, e) => {
    const [right, left] = [between(at(up, e), at(middle, e), delta), between(at(middle, e), at(down, e), delta)];
    return {
      gap: Math.abs(sub(right, left).high),
      rounding: (8 * (ROUNDING * Math.abs(value) + noise[e])) / delta,
      size: Math.max(Math.abs(right.high), Math.abs(left.high)),
    };
  });
}

function kinksOf(
  phi: Line,
  unit: number,
  middle: WideTensor,
  noise: Float64Array,
): { nearKink: boolean; kink: boolean }[] {
  const look = gapsAt(phi, unit * 2 ** LOOK, middle, noise);
  const isSmooth = ({ gap, rounding, size }: Gap): boolean =>
    gap <= SMOOTH * size + rounding && rounding <= 1e-3 * size;
  if (look.every((gap) => isSmooth(gap) || gap.size === 0)) return look.map(() => ({ nearKink: false, kink: false }));
  const all = levels.map((level) => gapsAt(phi, unit * 2 ** level, middle, noise));
  return look.map((first, e) => {
    // Where the slope only changes fast, the gap shrinks with the step.
    const [last, before] = all
      .map((gaps) => gaps[e])
      .filter(({ gap, rounding, size }) => gap > 4 * rounding && gap > SMOOTH * size)
      .reverse();
    const kink = last !== undefined && before !== undefined && last.gap > before.gap / 16;
    return { nearKink: kink || first.gap > SMOOTH * first.size + first.rounding, kink };
  });
}
