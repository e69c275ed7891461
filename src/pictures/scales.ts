// Where does a number stand on an axis, and how is it written beside it?
import { log } from "../typed-array-ops/index.js";

/** An axis: places of numbers, and the numbers that get a tick. */
export interface Axis {
  readonly at: (x: number) => number;
  readonly ticks: readonly Tick[];
}

export interface Tick {
  readonly place: number;
  readonly label: string;
}

/** A place on the picture, to a tenth of its unit. */
export const round = (x: number): number => Math.round(10 * x) / 10;

/** The decimal logarithm by the library's own log, the same in every engine; exact for powers of ten. */
export function decades(x: number): number {
  const exponent = log(x) / log(10);
  const nearest = Math.round(exponent);
  return Number(`1e${nearest}`) === x ? nearest : exponent;
}

const withMinus = (text: string): string => text.replaceAll("-", "−").replace("e+", "e");

/** Few digits and no more than needed: 1e−10, 0.4003, 31. */
export function short(x: number, digits = 4): string {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "NaN" : x > 0 ? "∞" : "−∞";
  const rounded = Number(x.toPrecision(digits));
  const size = Math.abs(rounded);
  return withMinus(size === 0 || (size >= 1e-3 && size < 1e6) ? String(rounded) : rounded.toExponential());
}

/** Always three digits, so that columns of them stand still: 3.10e−5. */
export const scientific = (x: number): string =>
  Number.isFinite(x) && x !== 0 ? withMinus(x.toExponential(2)) : short(x);

/** Always three decimals, unless it is large. */
export const threeDecimals = (x: number): string =>
  Math.abs(x) < 1e3 ? withMinus(x.toFixed(3)).replace(/^−(?=0\.000$)/, "") : scientific(x);

/** Thousands apart: 10,001. */
export const count = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ",");

/** 10⁻¹² */
export const powerOfTen = (exponent: number): string =>
  exponent === 0 ? "1" : `10${[...String(exponent)].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)])).join("")}`;

/** The least of 1, 2, 5, 10, 20, … that is at least x. */
function roundStep(x: number): number {
  const exponent = Math.floor(decades(x));
  const step = [1, 2, 5, 10].map((c) => Number(`${c}e${exponent}`)).find((c) => c >= x);
  return step ?? Number(`1e${exponent + 1}`);
}

/**
 * A logarithmic axis for what is positive and finite among the numbers. Its ends are powers of ten; zero has a place
 * below all powers if it occurs, and everything beyond the largest number, NaN too, stands at the upper end.
 */
export function logAxis(numbers: readonly number[], bottom: number, top: number, most: number): Axis {
  const exponents = numbers.filter((x) => x > 0 && x < Infinity).map(decades);
  const hasZero = numbers.includes(0);
  const least = exponents.reduce((a, b) => Math.min(a, b), Infinity);
  const low = Math.floor(exponents.length === 0 ? -1 : least) - (hasZero ? 1 : 0);
  const high = Math.max(low + 1, Math.ceil(exponents.reduce((a, b) => Math.max(a, b), -Infinity)));
  const place = (exponent: number): number => bottom + ((exponent - low) / (high - low)) * (top - bottom);
  const step = Math.max(1, roundStep((high - low) / most));
  const ticks: Tick[] = hasZero ? [{ place: round(bottom), label: "0" }] : [];
  for (let e = Math.ceil(low / step) * step; e <= high; e += step) {
    if (!(hasZero && e === low)) ticks.push({ place: round(place(e)), label: powerOfTen(e) });
  }
  return { at: (x) => round(x === 0 ? bottom : x > 0 && x < Infinity ? place(decades(x)) : top), ticks };
}

/** A linear axis for what is finite among the numbers, a little wider than they reach. */
export function linearAxis(numbers: readonly number[], bottom: number, top: number, most: number): Axis {
  const finite = numbers.filter(Number.isFinite);
  let low = finite.reduce((a, b) => Math.min(a, b), finite[0] ?? 0);
  let high = finite.reduce((a, b) => Math.max(a, b), finite[0] ?? 0);
  // Halves, because the difference of two large numbers overflows.
  if (!(high / 2 - low / 2 > 1e-290)) {
    const room = Math.max(Math.abs(low) / 2, 1e-280);
    low = Math.max(low - (low === 0 ? 1 : room), -Number.MAX_VALUE);
    high = Math.min(high + (high === 0 ? 1 : room), Number.MAX_VALUE);
  }
  const half = high / 2 - low / 2;
  const place = (x: number): number => bottom + (0.05 + (0.9 * (x / 2 - low / 2)) / half) * (top - bottom);
  const step = roundStep((half / most) * 2);
  const ticks: Tick[] = [];
  for (let k = Math.ceil(low / step); k <= Math.floor(high / step); k++) {
    ticks.push({ place: round(place(k * step)), label: short(k * step, 8) });
  }
  return { at: (x) => round(place(x)), ticks };
}

/** Ticks at whole numbers from `first` to `last`. */
export function wholeTicks(first: number, last: number, most: number): number[] {
  const step = last > first ? Math.max(1, roundStep((last - first) / most)) : 1;
  const ticks: number[] = [];
  for (let k = Math.ceil(first / step) * step; k <= last; k += step) ticks.push(k);
  return ticks;
}
